/**
 * Files that must not outlive this process: half-written ones and their folders, and locks.
 *
 * @module
 */

/** Names of files and folders that must not outlive this process. */
export const partials: Set<string> = new Set();

/** Removes files that are half-written, and locks, before the process ends. */
export function removePartialFiles(): void {
  for (const path of partials) {
    try {
      Deno.removeSync(path, { recursive: true });
    } catch (error) {
      if (!(error instanceof Deno.errors.NotFound)) throw error;
    }
  }
}
