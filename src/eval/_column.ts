/**
 * Numbers of many images, one after another.
 *
 * @module
 */

/** A typed array that grows. */
export class Column<T extends Uint8Array | Uint16Array | Uint32Array | Float64Array> {
  #values: T;
  #length = 0;

  /** @param values An array of the type; what it holds does not count. */
  constructor(values: T) {
    this.#values = values;
  }

  /** Appends values; half as much again is reserved when they do not fit. */
  push(values: ArrayLike<number>): void {
    const length = this.#length + values.length;
    if (length > this.#values.length) {
      const Type = this.#values.constructor as new (length: number) => T;
      const larger = new Type(Math.ceil(1.5 * length));
      larger.set(this.values);
      this.#values = larger;
    }
    this.#values.set(values, this.#length);
    this.#length = length;
  }

  /** The values so far; later calls of `push` may move them. */
  get values(): T {
    return this.#values.subarray(0, this.#length) as T;
  }
}
