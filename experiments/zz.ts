import { networkNamed, measureDepth, imagesNeeded, randomImages, useBackend } from 'rankscope';
async function main(){
await useBackend('auto');
const network = networkNamed(process.argv[2]!, process.argv[3]?{ resolution: +process.argv[3] }:{});
const n=imagesNeeded(network); const t=Date.now();
const rows = await measureDepth(network, await randomImages(0).select(n), {tolerances:['relative:0.001','relative:0.01']});
console.log(n, (Date.now()-t)/1000, process.memoryUsage().rss/1e6);
for (const r of rows.filter(r=>r.tolerance.endsWith('.01'))) console.log(r.layer,r.tap,r.channelsIn,r.channels,r.positions,r.rank,r.certified,r.effectiveRatio.toFixed(3), r.largest.toFixed(1), rows.find(q=>q.layer===r.layer&&q.tap===r.tap)!.rank);
}
void main();
