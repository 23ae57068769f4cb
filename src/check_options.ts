/**
 * Checks the options of the library's functions: a program without types may have misspelt
 * one, or have given it something else.
 *
 * @module
 */

import { JsonValue } from "./json_value.ts";

/** Refuses the value of an option that is not allowed. */
export type OptionCheck = (option: JsonValue) => unknown;

/** Every option that there is; one without a check is checked where it is used. */
export type OptionChecks<Options> = Readonly<
  Record<keyof Options, OptionCheck | undefined>
>;

/** A whole number from 0 on, or all. */
export const COUNT: OptionCheck = (option) =>
  option.value === Infinity || option.integer({ min: 0 });

/** A finite number. */
export const NUMBER: OptionCheck = (option) => option.number();

/** True or false. */
export const BOOLEAN: OptionCheck = (option) => option.boolean();

/** A text. */
export const TEXT: OptionCheck = (option) => option.string();

/**
 * Checks options.
 *
 * @param options What a caller has given; `undefined` is none.
 * @param of The function, for messages: `toDot()`.
 * @param checks The options that it has.
 * @throws {TypeError | RangeError} If the options are no object, if one is unknown (the
 * message has the nearest), or has a value that is not allowed.
 *
 * @example
 * ```ts
 * import { checkOptions, COUNT } from "./check_options.ts";
 * let message = "";
 * try {
 *   const options: object = { topk: 3 }; // as from a program without types
 *   checkOptions(options as { topK?: number }, "toDot()", { topK: COUNT });
 * } catch (error) {
 *   message = (error as Error).message;
 * }
 * if (!message.endsWith('topk is not a known key; the nearest is "topK"')) throw new Error();
 * ```
 */
export function checkOptions<Options extends object>(
  options: Options | undefined,
  of: string,
  checks: OptionChecks<Options>,
): void {
  if (options === undefined) return;
  const root = new JsonValue(options, `the options of ${of}`);
  root.onlyKeys(Object.keys(checks));
  for (const [name, check] of Object.entries<OptionCheck | undefined>(checks)) {
    const option = root.at(name);
    if (option.value !== undefined) check?.(option);
  }
}
