/**
 * `Float16Array`, which Node.js before 24 and older browsers lack.
 *
 * @module
 */

/** Stands in for the class where it is missing: everything works but numbers of 16 bits. */
class Missing {
  static readonly BYTES_PER_ELEMENT = 2;
  constructor() {
    throw new TypeError(
      'Cannot read numbers of 16 bits as the engine must have "Float16Array": use Deno, Node.js 24, or a newer browser',
    );
  }
}

/** The engine's `Float16Array`, or a class that refuses to be made. */
export const Float16: Float16ArrayConstructor = globalThis.Float16Array ??
  Missing as unknown as Float16ArrayConstructor;
