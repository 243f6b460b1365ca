import { createReadStream, statSync } from 'node:fs';
import { basename } from 'node:path';
import { invalid, messageOf, missing, printable, unknown } from '../errors.js';
import { reasonOf } from '../files/reason.js';
import { type ByteSource, fileSource } from './byte-source.js';
import { foreignFile } from './foreign-file.js';
import type { Format } from './format.js';
import { formats } from './formats.js';
import type { ModelFile, NamedTensor } from './model-file.js';
import { openFolder } from './open-folder.js';
import { openIndex } from './sharded.js';
import { readsOnce } from './reads-once.js';
import { spool, spoolStandardInput } from './spool.js';

/**
 * Returns the model in a file, a folder, a pipe or standard input (`-`), its tensors with lazy readers. The first bytes decide
 * the format, and where they do not the name. Nothing in the file is executed: pickles are read as data, and what loading
 * them elsewhere would have called is a note. Close it when done.
 *
 * @throws RangeError that names the file: missing, damaged, a Git LFS pointer or a web page, or of a format that is refused
 * @example
 * const model = await openModel('mobilenet.onnx');
 * for (const { name, shape, dtype } of model.tensors) console.log(name, shape, dtype);
 * model.close();
 */
export async function openModel(path: string): Promise<ModelFile> {
  if (path === '-') return openSource(await spoolStandardInput(), path, '');
  let isFolder: boolean;
  try {
    isFolder = statSync(path).isDirectory();
  } catch (cause) {
    throw Object.assign(missing('model file', path, reasonOf(cause)), { cause });
  }
  if (isFolder) return { ...(await openFolder(path, openFile)), path };
  if (readsOnce(path))
    return openSource(await spool([createReadStream(path)], path), path, basename(path).toLowerCase());
  return openFile(path);
}

async function openFile(path: string): Promise<ModelFile> {
  if (path.endsWith('.index.json')) {
    try {
      return { ...(await openIndex(path, openFile)), path };
    } catch (cause) {
      throw withName(path, cause);
    }
  }
  return openSource(fileSource(path), path, basename(path).toLowerCase());
}

async function openSource(source: ByteSource, path: string, name: string): Promise<ModelFile> {
  try {
    const model = await formatOf(source, name).open(source);
    const tensors = model.tensors.map((tensor) => {
      const read: NamedTensor['read'] = async (start, count) => {
        try {
          return await tensor.read(start, count);
        } catch (cause) {
          // no RangeError, which would mean numbers that cannot be measured: such a layer is left out
          throw new Error(messageOf(withName(source.name, cause)), { cause });
        }
      };
      return { ...tensor, read };
    });
    return { ...model, path, tensors };
  } catch (cause) {
    source.close();
    throw withName(source.name, cause);
  }
}

/** Returns an error that names the file. */
function withName(name: string, cause: unknown): unknown {
  const message = messageOf(cause);
  const shown = printable(name);
  return message.includes(shown) ? cause : Object.assign(new RangeError(`${shown}: ${message}`), { cause });
}

/** The number of first bytes of a file that decide its format. */
const LOOK_BYTES = 2 ** 16;

function formatOf(source: ByteSource, name: string): Format {
  const bytes = source.read(0, Math.min(source.size, LOOK_BYTES));
  const foreign = foreignFile(bytes);
  if (foreign !== undefined) throw invalid('model file', `${source.name}: ${foreign}`, allowed());
  const format = formats.find((one) => one.matches({ bytes, size: source.size, name }));
  if (!format) throw unknown('kind of model file', source.name, [allowed()], []);
  return format;
}

function allowed(): string {
  return formats.map(({ label }) => label).join(', ');
}
