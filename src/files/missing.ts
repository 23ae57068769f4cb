/**
 * What to do where a file does not exist.
 *
 * @module
 */

/**
 * The result of an operation; `undefined` if its file does not exist, also as what should be
 * a folder of its path is a file, or a link leads to itself.
 */
export async function unlessMissing<T>(operation: Promise<T>): Promise<T | undefined> {
  try {
    return await operation;
  } catch (error) {
    const { FilesystemLoop, NotADirectory, NotFound } = Deno.errors;
    if ([FilesystemLoop, NotADirectory, NotFound].some((kind) => error instanceof kind)) {
      return undefined;
    }
    throw error;
  }
}
