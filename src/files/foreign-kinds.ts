/** A kind of file that may hold a matrix but is not supported. */
interface ForeignKind {
  readonly extensions: readonly string[];
  /** The first bytes of such files, as Latin-1 text, if they are fixed. */
  readonly magic?: string | undefined;
  /** How to convert it to a supported file. */
  readonly remedy: string;
}

const save = (load: string) => `save the array alone: numpy.save("a.npy", ${load})`;
const pack = 'unpack it first';

const kinds: readonly ForeignKind[] = [
  { extensions: ['.npz'], remedy: save('numpy.load("a.npz")["name"]') },
  { extensions: ['.mat'], magic: 'MATLAB ', remedy: save('scipy.io.loadmat("a.mat")["name"]') },
  { extensions: ['.h5', '.hdf5', '.he5'], magic: '\x89HDF', remedy: save('h5py.File("a.h5")["name"][:]') },
  { extensions: ['.gz', '.tgz'], magic: '\x1f\x8b', remedy: `${pack}: gzip -d` },
  { extensions: ['.bz2'], magic: 'BZh', remedy: `${pack}: bzip2 -d` },
  { extensions: ['.xz'], magic: '\xfd7zXZ', remedy: `${pack}: xz -d` },
  { extensions: ['.zst'], magic: '\x28\xb5\x2f\xfd', remedy: `${pack}: zstd -d` },
  // .npz, .pt and .xlsx are zip files too; their extensions are checked first
  { extensions: ['.pt', '.pth', '.ckpt'], remedy: save('torch.load("a.pt").numpy(force=True)') },
  { extensions: ['.xlsx', '.xls', '.ods'], remedy: 'save the sheet as CSV' },
  {
    extensions: ['.zip'],
    magic: 'PK\x03\x04',
    remedy: `${pack}; of an .npz file, ${save('numpy.load("a.npz")["name"]')}`,
  },
  { extensions: ['.pkl', '.pickle'], magic: '\x80', remedy: save('pickle.load(open("a.pkl", "rb"))') },
  {
    extensions: ['.parquet', '.feather', '.arrow'],
    magic: 'PAR1',
    remedy: 'save it as CSV: to_csv("a.csv", index=False)',
  },
  { extensions: ['.safetensors'], remedy: save('safetensors.numpy.load_file("a.safetensors")["name"]') },
  { extensions: ['.rds', '.rdata', '.rda'], remedy: 'save it as CSV: write.csv(a, "a.csv")' },
];

/** Returns how to convert a file with this extension to a supported one; undefined for an unknown extension. */
export function remedyForExtension(extension: string): string | undefined {
  return kinds.find(({ extensions }) => extensions.includes(extension))?.remedy;
}

/** Returns the extension and the remedy of the kind that starts with these bytes, or undefined. */
export function foreignKindOf(bytes: Uint8Array): { extension: string; remedy: string } | undefined {
  const start = Buffer.from(bytes.subarray(0, 8)).toString('latin1');
  const kind = kinds.find(({ magic }) => magic !== undefined && start.startsWith(magic));
  return kind && { extension: kind.extensions[0]!, remedy: kind.remedy };
}
