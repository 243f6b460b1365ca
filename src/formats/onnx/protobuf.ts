import { invalid } from '../../errors.js';
import { ByteCursor } from '../byte-cursor.js';
import type { ByteSource } from '../byte-source.js';

/** A field of a protobuf message: a number, or a place where bytes lie. */
export interface ProtobufField {
  readonly number: number;
  /** 0 varint, 1 eight bytes, 2 bytes or a message, 5 four bytes. */
  readonly wire: number;
  /** The value of a varint. */
  readonly value: bigint;
  /** Where its bytes lie; of a varint, behind it. */
  readonly start: number;
  readonly end: number;
}

/** Walks the fields of protobuf messages where they lie, and reads only the bytes it is asked for. */
export class ProtobufReader {
  private readonly cursor: ByteCursor;

  constructor(readonly source: ByteSource) {
    this.cursor = new ByteCursor(source);
  }

  /** Gives the fields of the message at a place, in order. @throws RangeError for fields that leave it */
  *fields(start: number, end: number): Generator<ProtobufField> {
    for (let at = start; at < end;) {
      const field = this.field(at, end);
      yield field;
      at = field.end;
    }
  }

  private field(at: number, end: number): ProtobufField {
    this.cursor.at = at;
    const tag = this.varint(end);
    const number = Number(tag >> 3n);
    const wire = Number(tag & 7n);
    let value = 0n;
    let length = 0;
    if (wire === 0) value = this.varint(end);
    else if (wire === 2) length = Number(this.varint(end));
    else if (wire === 1) length = 8;
    else if (wire === 5) length = 4;
    else throw this.damaged(at, `wire type ${wire}`);
    const start = this.cursor.at;
    if (number === 0 || start + length > end) throw this.damaged(at, `field ${number} of ${length} bytes`);
    return { number, wire, value, start, end: start + length };
  }

  /** Returns the bytes of a field. */
  bytes({ start, end }: ProtobufField): Uint8Array {
    return this.source.read(start, end - start);
  }

  /** Returns the text of a field, of at most 64 kB. */
  text(field: ProtobufField): string {
    if (field.end - field.start > 2 ** 16) throw this.damaged(field.start, 'a name of over 64 kB');
    return new TextDecoder('utf-8', { ignoreBOM: true }).decode(this.bytes(field));
  }

  /** Returns a signed integer as a number. */
  integer({ value }: ProtobufField): number {
    return Number(BigInt.asIntN(64, value));
  }

  /** Returns a float32. */
  float(field: ProtobufField): number {
    if (field.wire !== 5) throw this.damaged(field.start, `a float of wire type ${field.wire}`);
    return new DataView(this.bytes(field).slice().buffer).getFloat32(0, true);
  }

  /** Adds the integers of a repeated field, packed or not, at most `max` of them. */
  integers(field: ProtobufField, into: number[], max: number): void {
    if (field.wire === 0) into.push(this.integer(field));
    if (field.wire !== 2) return;
    this.cursor.at = field.start;
    while (this.cursor.at < field.end) {
      if (into.length >= max) throw this.damaged(field.start, `more than ${max} numbers`);
      into.push(Number(BigInt.asIntN(64, this.varint(field.end))));
    }
  }

  private varint(end: number): bigint {
    let low = 0;
    let value = 0n;
    for (let i = 0; i < 10; i++) {
      if (this.cursor.at >= end) throw this.damaged(this.cursor.at, 'a number that is cut off');
      const byte = this.cursor.byte();
      if (i < 4) low += (byte & 127) * 2 ** (7 * i);
      else value |= BigInt(byte & 127) << BigInt(7 * i);
      if (byte < 128) return i < 4 ? BigInt(low) : value | BigInt(low);
    }
    throw this.damaged(this.cursor.at, 'a number of over 10 bytes');
  }

  private damaged(at: number, found: string): RangeError {
    return invalid('ONNX file', `${found} at byte ${at}`, 'a whole protobuf message; is it truncated?');
  }
}
