/**
 * What to do where a file does not exist.
 *
 * @module
 */

/** The result of an operation; `undefined` if its file does not exist. */
export async function unlessMissing<T>(operation: Promise<T>): Promise<T | undefined> {
  try {
    return await operation;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}
