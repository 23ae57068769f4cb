/**
 * Sizes of tests: `SGP_LONG_TESTS` asks for the large ones.
 *
 * @module
 */

/** Whether the long tests are asked for. */
export const IS_LONG: boolean = Deno.env.has("SGP_LONG_TESTS");

/** What the usual tests do, or what the long ones do. */
export function usually<T>(usual: T, long: T): T {
  return IS_LONG ? long : usual;
}
