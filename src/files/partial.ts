/**
 * Files that must not outlive this process: half-written ones, and locks.
 *
 * @module
 */

/** Names of files that must not outlive this process. */
export const partials: Set<string> = new Set();

/** Removes files that are half-written, and locks, before the process ends. */
export function removePartialFiles(): void {
  for (const path of partials) {
    try {
      Deno.removeSync(path);
    } catch (error) {
      if (!(error instanceof Deno.errors.NotFound)) throw error;
    }
  }
}
