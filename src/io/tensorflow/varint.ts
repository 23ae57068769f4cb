/**
 * Reads variable-length integers and the wire format of protocol buffers.
 *
 * @module
 */

/** Bytes that 64 bits take at 7 bits per byte. */
const LONGEST_VARINT = 10;

/**
 * Reads a variable-length integer: 7 bits per byte, lowest first; the top bit is set in
 * every byte but the last.
 *
 * @param bytes The bytes that contain it.
 * @param offset Offset of its first byte.
 * @param name Name of the file, for errors.
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
    `Cannot read "${name}": a variable-length integer must end`,
  );
}

/** One field of a message: an integer as a `number`, a nested message as bytes. */
export interface ProtobufField {
  /** Number of the field in its message. */
  field: number;
  /** The value; a 64-bit varint is signed. */
  value: number | Uint8Array;
}

/**
 * Reads the fields of one protocol-buffer message in the order of the file.
 *
 * @param bytes The message.
 * @param name Name of the file, for errors.
 * @throws {SyntaxError} If the message ends inside a field or contains a group.
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
        `Cannot read "${name}": field ${field} of a message must lie within it: it claims ${length} bytes, the message has ${
          bytes.length - at
        } left`,
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
