import { writeFileSync } from 'node:fs';

/** A tensor to write: float32 numbers, stored as such or as bfloat16, rounded to nearest even. */
export interface Written {
  readonly shape: readonly number[];
  readonly data: Float32Array;
  readonly dtype?: 'F32' | 'BF16';
}

/** Writes tensors as a safetensors file. */
export function writeSafetensors(path: string, tensors: Readonly<Record<string, Written>>): void {
  let offset = 0;
  const bodies: Buffer[] = [];
  const header: Record<string, unknown> = {};
  for (const [name, { shape, data, dtype = 'F32' }] of Object.entries(tensors)) {
    const body = dtype === 'F32' ? Buffer.from(data.slice().buffer) : Buffer.from(bfloat16(data).buffer);
    header[name] = { dtype, shape, data_offsets: [offset, offset + body.length] };
    offset += body.length;
    bodies.push(body);
  }
  const json = Buffer.from(JSON.stringify(header));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(json.length));
  writeFileSync(path, Buffer.concat([length, json, ...bodies]));
}

/** Rounds float32 to bfloat16, ties to even. */
export function bfloat16(data: Float32Array): Uint16Array {
  const bits = new Uint32Array(data.slice().buffer);
  return Uint16Array.from(bits, (word) => ((word + 0x7fff + ((word >>> 16) & 1)) >>> 16) & 0xffff);
}
