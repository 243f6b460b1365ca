// Compiles assembly/*.ts (AssemblyScript) to WebAssembly and writes it, as base64, to kernels.generated.ts,
// so that the engine starts in Node, in workers and in browsers without reading or fetching a file.
//
//   node src/kernels/build.mjs [--check: only compare, exit 1 when it is out of date]
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import asc from 'assemblyscript/asc';
import { buildSync } from 'esbuild';

const here = dirname(fileURLToPath(import.meta.url));
const target = join(here, 'kernels.generated.ts');
const activationValues = activationSource(await loadDefinitions());
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
      readFile: (name) => {
        if (name === 'assembly/activation-values.ts') return activationValues;
        return existsSync(join(here, name)) ? readFileSync(join(here, name), 'utf8') : null;
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
  const functions = [
    ...readFileSync(join(here, 'assembly', 'elementary.ts'), 'utf8').matchAll(/^export function (\w+)/gm),
  ];
  return [
    `import { ${functions.map(([, name]) => name).join(', ')} } from './elementary';`,
    'export function value(which: i32, x: v128): v128 {',
    '  switch (which) {',
    ...kernels.flatMap((kernel, i) => (kernel === null ? [] : [`    case ${i}: return ${kernel};`])),
    '    default: return f32x4.splat(NaN);',
    '  }',
    '}',
  ].join('\n');
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
