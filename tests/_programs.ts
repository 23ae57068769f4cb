/**
 * Programs that tests use if this machine has them.
 *
 * @module
 */

/** Whether a program is installed. */
export function isThere(program: string): boolean {
  try {
    return new Deno.Command(program, { args: ["--version"] }).outputSync().success;
  } catch {
    return false;
  }
}

/** Whether a program is in the path, of those that do not take `--version`. */
export function isInPath(program: string): boolean {
  const args = ["-c", 'command -v "$0"', program];
  return new Deno.Command("sh", { args }).outputSync().success;
}
