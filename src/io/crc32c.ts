/**
 * CRC-32C (Castagnoli), the checksum of LevelDB tables and TensorFlow checkpoints.
 *
 * @module
 */

const POLYNOMIAL = 0x82f63b78; // with its bits in reverse order

const table = Uint32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte;
  for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ POLYNOMIAL : crc >>> 1;
  return crc >>> 0;
});

/**
 * Computes the CRC-32C of bytes.
 *
 * @param bytes The bytes.
 * @param before Checksum of the bytes before these, for files that are read in parts.
 * @returns An unsigned 32-bit number.
 *
 * @example
 * ```ts
 * import { crc32c } from "./crc32c.ts";
 * const digits = new TextEncoder().encode("123456789");
 * if (crc32c(digits) !== 0xe3069283) throw new Error();
 * if (crc32c(digits.subarray(4), crc32c(digits.subarray(0, 4))) !== 0xe3069283) {
 *   throw new Error();
 * }
 * ```
 */
export function crc32c(bytes: Uint8Array, before = 0): number {
  let crc = ~before;
  for (let i = 0; i < bytes.length; i++) {
    crc = table[(crc ^ bytes[i]) & 255] ^ (crc >>> 8);
  }
  return ~crc >>> 0;
}

/**
 * Masks a CRC-32C as LevelDB and TensorFlow store it. They rotate it and add a constant,
 * because the CRC of data that contains its own CRCs detects fewer errors.
 *
 * @param crc Result of {@linkcode crc32c}.
 * @returns The unsigned 32-bit number in the file.
 */
export function maskCrc32c(crc: number): number {
  return (((crc >>> 15) | (crc << 17)) + 0xa282ead8) >>> 0;
}
