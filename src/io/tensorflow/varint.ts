/**
 * Variable-length integers and the wire format of protocol buffers, for reading only.
 *
 * @module
 */

/** A number of 7 bits a byte needs at most this many bytes for 64 bits. */
const LONGEST_VARINT = 10;

/**
 * Reads a variable-length integer: 7 bits a byte, low ones first, the top bit set on all
 * bytes but the last.
 *
 * @param bytes Where it stands.
 * @param offset Its first byte.
 * @param name Of the file, for errors.
 * @returns The unsigned value, modulo 2^64, and the offset after it.
 * @throws {SyntaxError} If the bytes end before the integer does.
 */
export function readVarint(
  bytes: Uint8Array,
  offset: number,
  name: string,
): { value: bigint; next: number } {
  let value = 0n;
  for (let i = 0; i < LONGEST_VARINT && offset + i < bytes.length; i++) {
    const byte = bytes[offset + i];
    value |= BigInt(byte & 127) << BigInt(7 * i);
    if (byte < 128) return { value: BigInt.asUintN(64, value), next: offset + i + 1 };
  }
  throw new SyntaxError(
    `Cannot read "${name}": a number of variable length does not end`,
  );
}

/** One field of a message: whole numbers as `number`, nested messages as bytes. */
export interface ProtobufField {
  /** Number of the field in its message. */
  field: number;
  /** Signed for 64-bit varints. */
  value: number | Uint8Array;
}

/**
 * The fields of one protocol-buffer message, in the order of the file.
 *
 * @param bytes The message.
 * @param name Of the file, for errors.
 * @throws {SyntaxError} If the message ends inside a field or has a group in it.
 */
export function* readProtobuf(bytes: Uint8Array, name: string): Generator<ProtobufField> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let at = 0; at < bytes.length;) {
    const tag = readVarint(bytes, at, name);
    const field = Number(tag.value >> 3n);
    const wireType = Number(tag.value & 7n);
    at = tag.next;
    if (wireType === 0) {
      const { value, next } = readVarint(bytes, at, name);
      at = next;
      yield { field, value: Number(BigInt.asIntN(64, value)) };
      continue;
    }
    let length = 0;
    if (wireType === 2) {
      const { value, next } = readVarint(bytes, at, name);
      [length, at] = [Number(value), next];
    } else if (wireType === 1 || wireType === 5) {
      length = wireType === 1 ? 8 : 4;
    } else {
      throw new SyntaxError(
        `Cannot read "${name}": a message has a field of wire type ${wireType}`,
      );
    }
    if (at + length > bytes.length) {
      throw new SyntaxError(
        `Cannot read "${name}": field ${field} of a message claims ${length} bytes, ${
          bytes.length - at
        } are left`,
      );
    }
    const value = wireType === 2
      ? bytes.subarray(at, at + length)
      : wireType === 5
      ? view.getUint32(at, true)
      : Number(view.getBigUint64(at, true));
    at += length;
    yield { field, value };
  }
}
