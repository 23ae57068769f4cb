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
