/**
 * The part of `@std/assert` that our tests use, with its signatures, over
 * `node:assert/strict`. Taking the original is one line of `deno.json`.
 *
 * @module
 */

import strict from "node:assert/strict";

export function assert(condition: unknown, message?: string): asserts condition {
  strict.ok(condition, message);
}

export function assertEquals<T>(actual: T, expected: T, message?: string): void {
  strict.deepStrictEqual(actual, expected, message);
}

export function assertNotEquals<T>(actual: T, expected: T, message?: string): void {
  strict.notDeepStrictEqual(actual, expected, message);
}

export function assertAlmostEquals(
  actual: number,
  expected: number,
  tolerance = 1e-7,
  message?: string,
): void {
  if (Object.is(actual, expected)) return;
  strict.ok(
    Math.abs(actual - expected) <= tolerance,
    message ?? `Expected ${expected} within ${tolerance}, found ${actual}`,
  );
}

export function assertStringIncludes(
  actual: string,
  part: string,
  message?: string,
): void {
  strict.ok(
    actual.includes(part),
    message ?? `Expected "${actual}" to include "${part}"`,
  );
}

// deno-lint-ignore no-explicit-any -- the signature of the original
type ErrorClass<E extends Error> = new (...args: any[]) => E;

export function assertThrows<E extends Error = Error>(
  run: () => unknown,
  errorClass?: ErrorClass<E>,
  messageIncludes?: string,
): E {
  try {
    run();
  } catch (error) {
    return checkError(error, errorClass, messageIncludes);
  }
  throw new strict.AssertionError({ message: "Expected function to throw" });
}

export async function assertRejects<E extends Error = Error>(
  run: () => PromiseLike<unknown>,
  errorClass?: ErrorClass<E>,
  messageIncludes?: string,
): Promise<E> {
  try {
    await run();
  } catch (error) {
    return checkError(error, errorClass, messageIncludes);
  }
  throw new strict.AssertionError({ message: "Expected function to reject" });
}

function checkError<E extends Error>(
  error: unknown,
  errorClass: ErrorClass<E> | undefined,
  messageIncludes: string | undefined,
): E {
  strict.ok(error instanceof Error, `Expected an Error, found ${error}`);
  if (errorClass && !(error instanceof errorClass)) {
    throw new strict.AssertionError({
      message: `Expected ${errorClass.name}, found ${error.name}: ${error.message}`,
    });
  }
  if (messageIncludes) assertStringIncludes(error.message, messageIncludes);
  return error as E;
}
