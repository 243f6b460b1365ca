// Compiles assembly/*.ts (AssemblyScript) to WebAssembly and writes it, as base64, to kernels.generated.ts,
// so that the engine starts in Node, in workers and in browsers without reading or fetching a file.
//
//   node src/kernels/build.mjs [--check: only compare, exit 1 when it is out of date]
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import asc from 'assemblyscript/asc';

const here = dirname(fileURLToPath(import.meta.url));
const target = join(here, 'kernels.generated.ts');
const source = moduleSource(await compile('simd', 'relaxed-simd'), await compile('simd'));
if (!process.argv.includes('--check')) {
  writeFileSync(target, source);
} else if (!existsSync(target) || readFileSync(target, 'utf8') !== source) {
  console.error(`${target} is not what assembly/*.ts compile to; run the build`);
  process.exitCode = 1;
}

async function compile(...features) {
  const files = {};
  const { error, stderr } = await asc.main(
    [
      'assembly/index.ts',
      '--outFile',
      'kernels.wasm',
      '-O3',
      '--noAssert',
      '--runtime',
      'stub',
      ...features.flatMap((feature) => ['--enable', feature]),
      '--use',
      'abort=',
    ],
    {
      readFile: (name) => (existsSync(join(here, name)) ? readFileSync(join(here, name), 'utf8') : null),
      writeFile: (name, contents) => {
        files[name] = contents;
      },
    },
  );
  if (error) throw new Error(`the kernels do not compile:\n${stderr.toString()}`, { cause: error });
  return files['kernels.wasm'];
}

function moduleSource(fused, plain) {
  return [
    '// Generated from assembly/*.ts by build.mjs. Do not edit.',
    '',
    '/** The compiled kernels with relaxed SIMD, base64. */',
    ...constant('fusedKernels', fused),
    '/** The same without, for where there is none. */',
    ...constant('plainKernels', plain),
  ].join('\n');
}

function constant(name, binary) {
  const lines = Buffer.from(binary)
    .toString('base64')
    .match(/.{1,100}/g);
  return [`export const ${name}: string =`, `${lines.map((line) => `  '${line}'`).join(' +\n')};`, ''];
}
