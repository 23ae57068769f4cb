/**
 * Numbers of 16 bits, also in engines without `Float16Array`: Node.js before 24 and older
 * browsers.
 *
 * @module
 */

/** Stands in for the class where it is missing; {@linkcode widened} reads its numbers. */
class Float16Array extends DataView<ArrayBuffer> {
  /** As the checksum of a file has it; else a minifier may take another one. */
  static override readonly name = "Float16Array";
  static readonly BYTES_PER_ELEMENT = 2;
  readonly length: number;
  constructor(buffer: ArrayBuffer, byteOffset: number, length: number) {
    super(buffer, byteOffset, 2 * length);
    this.length = length;
  }
}

/** The engine's `Float16Array`, or a class that only holds the bytes. */
export const Float16: Float16ArrayConstructor = globalThis.Float16Array ??
  Float16Array as unknown as Float16ArrayConstructor;

const SIGN = 0x8000, EXPONENT = 0x7c00, FRACTION = 0x3ff;

/** 2 to the difference of the exponents' offsets, 127 and 15. */
const SCALE = 2 ** 112;

/**
 * Converts numbers of 16 bits to float32, which holds each of them exactly.
 *
 * @param halves A `Float16Array`, or another view of the bytes of IEEE 754 halves, aligned
 * to two bytes.
 * @returns The numbers.
 *
 * @example
 * ```ts
 * import { widened } from "./float16.ts";
 * const [half, least] = widened(Uint16Array.of(0x3800, 1));
 * if (half !== 0.5 || least !== 2 ** -24) throw new Error();
 * ```
 */
export function widened(halves: ArrayBufferView): Float32Array {
  const bits = new Uint16Array(
    halves.buffer,
    halves.byteOffset,
    halves.byteLength / 2,
  );
  const numbers = new Float32Array(bits.length);
  const raw = new Int32Array(numbers.buffer);
  for (let i = 0; i < bits.length; i++) {
    const half = bits[i];
    raw[i] = (half & SIGN) << 16 | (half & ~SIGN) << 13;
    // With the smaller offset the exponent is too small by a constant, also where it is 0.
    numbers[i] *= SCALE;
    if ((half & EXPONENT) === EXPONENT) {
      numbers[i] = half & FRACTION ? NaN : Math.sign(numbers[i]) * Infinity;
    }
  }
  return numbers;
}
