/**
 * Reads the values of an address's query.
 *
 * @module
 */

import { nearestName } from "../nearest.ts";
import { showValue } from "../show_value.ts";

/** Up to this number of names, a message lists all of them. */
const FEW = 8;

/** The values behind the question mark of an address. */
export class QueryValues {
  readonly #values: URLSearchParams;

  /** @param url The address. */
  constructor(url: string) {
    this.#values = new URL(url).searchParams;
  }

  /** A text; `undefined` if it is missing or empty. */
  text(name: string): string | undefined {
    return this.#values.get(name) || undefined;
  }

  /**
   * A number.
   *
   * @throws {RangeError} If it is none or out of its range.
   */
  number(name: string, missing: number, min: number, max: number): number {
    const text = this.text(name), value = text === undefined ? missing : Number(text);
    if (value >= min && value <= max) return value;
    return refuse(name, `a number in [${min}, ${max}]`, text);
  }

  /** As {@linkcode QueryValues.number}, of a whole number. */
  integer(name: string, missing: number, min: number, max: number): number {
    const value = this.number(name, missing, min, max);
    if (Number.isInteger(value)) return value;
    return refuse(name, "a whole number", this.text(name));
  }

  /**
   * One of some names.
   *
   * @throws {RangeError} If it is another; the message has all names, or, if they are many,
   * the nearest.
   */
  choice<Name extends string>(name: string, names: readonly Name[]): Name | undefined {
    const text = this.text(name);
    if (text === undefined || names.includes(text as Name)) return text as Name;
    const known = names.length <= FEW
      ? `one of ${names.join(", ")}`
      : `one of ${names.length} names, the nearest is "${nearestName(text, names)}"`;
    return refuse(name, known, text);
  }
}

function refuse(name: string, must: string, found: unknown): never {
  throw new RangeError(
    `Cannot answer as "${name}" must be ${must}: found ${showValue(found)}`,
  );
}
