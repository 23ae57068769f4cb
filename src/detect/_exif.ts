/**
 * How a camera was held, from its notes in a photograph (EXIF 2.32, a small TIFF file).
 *
 * @module
 */

/** Number of the field "Orientation". */
const ORIENTATION = 0x0112;
/** Kind of a field of 16-bit numbers. */
const SHORT = 3;
/** Bytes of a field. */
const FIELD_BYTES = 12;

/**
 * Reads the orientation.
 *
 * @param block The notes: `Exif`, two zeros and a TIFF file, or the TIFF file alone.
 * @returns 1 to 8; 1, upright, if it is absent or the notes are damaged.
 */
export function orientationOf(block: Uint8Array): number {
  const start = String.fromCharCode(...block.subarray(0, 6)) === "Exif\0\0" ? 6 : 0;
  const { buffer, byteOffset, length } = block.subarray(start);
  const view = new DataView(buffer, byteOffset, length);
  if (length < 8) return 1;
  const order = view.getUint16(0);
  if (order !== 0x4949 && order !== 0x4d4d) return 1;
  const isLittle = order === 0x4949;
  const fields = view.getUint32(4, isLittle);
  if (fields + 2 > length) return 1;
  const count = view.getUint16(fields, isLittle);
  for (let i = 0; i < count; i++) {
    const field = fields + 2 + i * FIELD_BYTES;
    if (field + FIELD_BYTES > length) return 1;
    if (view.getUint16(field, isLittle) !== ORIENTATION) continue;
    const value = view.getUint16(field + 8, isLittle);
    const isRight = view.getUint16(field + 2, isLittle) === SHORT;
    return isRight && value >= 1 && value <= 8 ? value : 1;
  }
  return 1;
}
