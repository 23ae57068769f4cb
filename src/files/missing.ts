/**
 * What to do where a file does not exist.
 *
 * @module
 */

/**
 * The result of an operation; `undefined` if its file does not exist, also as what should be
 * a folder of its path is a file.
 */
export async function unlessMissing<T>(operation: Promise<T>): Promise<T | undefined> {
  try {
    return await operation;
  } catch (error) {
    const { NotADirectory, NotFound } = Deno.errors;
    if (error instanceof NotFound || error instanceof NotADirectory) return undefined;
    throw error;
  }
}
