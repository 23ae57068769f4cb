/**
 * Reads what an ONNX file says of itself, which ONNX Runtime for the web does not tell.
 *
 * @module
 */

/** Number of the field with pairs of names and texts, in the message of a model. */
const METADATA = 14;

/** The wire types of Protocol Buffers. */
const VARINT = 0, FIXED64 = 1, BYTES = 2, FIXED32 = 5;

/**
 * Reads the pairs of names and texts.
 *
 * @param bytes An ONNX file.
 * @returns Texts by name.
 * @throws {SyntaxError} If it is no message of Protocol Buffers; names no file.
 */
export function onnxMetadata(bytes: Uint8Array): Map<string, string> {
  const texts = new Map<string, string>();
  const decode = (text?: Uint8Array) => new TextDecoder().decode(text);
  for (const [field, value] of fieldsOf(bytes)) {
    if (field !== METADATA || !value) continue;
    const pair = new Map(fieldsOf(value));
    texts.set(decode(pair.get(1)), decode(pair.get(2)));
  }
  return texts;
}

/** The fields of a message by number; those that are no bytes have no value. */
function* fieldsOf(
  bytes: Uint8Array,
): Generator<[field: number, value: Uint8Array | undefined]> {
  let at = 0;
  const varint = () => {
    let value = 0, scale = 1;
    for (; at < bytes.length; scale *= 128) {
      const byte = bytes[at++];
      value += (byte & 127) * scale;
      if (byte < 128) return value;
    }
    throw new SyntaxError("it must not end inside a field");
  };
  while (at < bytes.length) {
    const key = varint(), field = Math.floor(key / 8), kind = key % 8;
    if (kind === VARINT) {
      varint();
      yield [field, undefined];
    } else if (kind === BYTES || kind === FIXED32 || kind === FIXED64) {
      const length = kind === BYTES ? varint() : kind === FIXED32 ? 4 : 8;
      if (at + length > bytes.length) {
        throw new SyntaxError("it must not end inside a field");
      }
      const value = bytes.subarray(at, at += length);
      yield [field, kind === BYTES ? value : undefined];
    } else throw new SyntaxError(`it has a field of the unknown kind ${kind}`);
  }
}
