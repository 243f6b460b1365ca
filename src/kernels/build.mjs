// Compiles assembly/**/*.ts (AssemblyScript) to WebAssembly and writes it, as base64, to kernels.generated.ts,
// so that the engine starts in Node, in workers and in browsers without reading or fetching a file. The kernels of
// training, assembly/training/*.ts, are a module of their own, training-kernels.generated.ts.
//
//   node src/kernels/build.mjs [--check: only compare, exit 1 when it is out of date]
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import asc from 'assemblyscript/asc';
import { buildSync } from 'esbuild';

const here = dirname(fileURLToPath(import.meta.url));
const definitions = await loadDefinitions();
const written = new Map([
  ['assembly/layers/activation-values.ts', activationSource(definitions)],
  ['assembly/training/activation-slopes.ts', slopeSource(definitions)],
]);
for (const [folder, target, prefix] of [
  ['assembly', 'kernels.generated.ts', ''],
  ['assembly/training', 'training-kernels.generated.ts', 'training'],
]) {
  const fused = await compile(folder, 'simd', 'relaxed-simd');
  const plain = await compile(folder, 'simd');
  writeOrCheck(join(here, target), moduleSource(folder, prefix, fused, plain));
}

function writeOrCheck(target, source) {
  if (!process.argv.includes('--check')) {
    writeFileSync(target, source);
  } else if (!existsSync(target) || readFileSync(target, 'utf8') !== source) {
    console.error(`${target} is not what assembly/*.ts compile to; run the build`);
    process.exitCode = 1;
  }
}

async function compile(folder, ...features) {
  const files = {};
  const { error, stderr } = await asc.main(
    [
      `${folder}/index.ts`,
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
      readFile: (name) => {
        if (written.has(name)) return written.get(name);
        if (!existsSync(join(here, name))) return null;
        // TypeScript knows no decorators of functions: a comment stands for the one that makes the compiler inline
        return readFileSync(join(here, name), 'utf8').replace(/^\/\/ @inline$/gm, '@inline');
      },
      writeFile: (name, contents) => {
        files[name] = contents;
      },
    },
  );
  if (error) throw new Error(`the kernels do not compile:\n${stderr.toString()}`, { cause: error });
  return files['kernels.wasm'];
}

/** The activations of the library, which are TypeScript. */
async function loadDefinitions() {
  const entry = join(here, '..', 'activations', 'definitions.ts');
  const { outputFiles } = buildSync({ entryPoints: [entry], bundle: true, format: 'esm', write: false });
  const encoded = Buffer.from(outputFiles[0].text).toString('base64');
  return (await import(`data:text/javascript;base64,${encoded}`)).activationDefinitions;
}

/** The source of `value(which, x)`: a case for each activation with a kernel, in the order of the definitions. */
function activationSource(definitions) {
  const kernels = Object.values(definitions).map(({ kernel }) => kernel);
  return [
    `import { ${elementaryFunctions().join(', ')} } from '../elementary';`,
    'export function value(which: i32, x: v128): v128 {',
    '  switch (which) {',
    ...kernels.flatMap((kernel, i) => (kernel === null ? [] : [`    case ${i}: return ${kernel};`])),
    '    default: return f32x4.splat(NaN);',
    '  }',
    '}',
  ].join('\n');
}

/**
 * Returns the source of `activateVectors`, which writes f and f' of scale y + shift for `bytes` of one position. It has
 * one loop per activation that does not just clip, in the order of the definitions.
 */
function slopeSource(definitions) {
  const loops = Object.values(definitions).flatMap(({ training }, i) =>
    typeof training !== 'string'
      ? []
      : [
          `    case ${i}: for (let k: usize = 0; k < bytes; k += 16) {`,
          '      const x = plusProductF32(v128.load(table + row + k), v128.load(from + k), v128.load(table + k));',
          `      let y: v128, d: v128; ${training}`,
          '      v128.store(values + k, y); v128.store(slopes + k, d);',
          '    } return;',
        ],
  );
  return [
    `import { ${elementaryFunctions().join(', ')} } from '../elementary';`,
    "import { plusProductF32 } from '../multiply-add';",
    'export function activateVectors(which: i32, from: usize, table: usize, row: usize, bytes: usize, values: usize, slopes: usize): void {',
    '  const zero = f32x4.splat(0), one = f32x4.splat(1);',
    '  switch (which) {',
    ...loops,
    '  }',
    '}',
  ].join('\n');
}

function elementaryFunctions() {
  const source = readFileSync(join(here, 'assembly', 'elementary.ts'), 'utf8');
  return [...source.matchAll(/^export function (\w+)/gm)].map(([, name]) => name);
}

function moduleSource(folder, prefix, fused, plain) {
  const name = (kind) => (prefix === '' ? kind : `${prefix}${kind[0].toUpperCase()}${kind.slice(1)}`);
  return [
    `// Generated from ${folder}/*.ts by build.mjs. Do not edit.`,
    '',
    '/** The compiled kernels with relaxed SIMD, base64. */',
    ...constant(name('fusedKernels'), fused),
    '/** The same without, for where there is none. */',
    ...constant(name('plainKernels'), plain),
  ].join('\n');
}

function constant(name, binary) {
  const lines = Buffer.from(binary)
    .toString('base64')
    .match(/.{1,100}/g);
  return [`export const ${name}: string =`, `${lines.map((line) => `  '${line}'`).join(' +\n')};`, ''];
}
