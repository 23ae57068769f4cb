/**
 * Writes arrays as Python 2 pickles them by default, in protocol 0.
 *
 * @module
 */

/**
 * Pickles a float32 array of shape `[rows, size]`.
 *
 * @param data The numbers, row major.
 * @param size Numbers per row.
 */
export function pickledRows(data: Float32Array, size: number): string {
  const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  const text = Array.from(bytes, (byte) => `\\x${byte.toString(16).padStart(2, "0")}`);
  return "cnumpy.core.multiarray\n_reconstruct\np0\n(cnumpy\nndarray\np1\n(I0\ntS'b'\ntR" +
    `(I1\n(I${data.length / size}\nI${size}\ntcnumpy\ndtype\n(S'f4'\nI0\nI1\ntR` +
    `(I3\nS'<'\nNNNI-1\nI-1\nI0\ntbI00\nS'${text.join("")}'\ntb.`;
}
