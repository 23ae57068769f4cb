/**
 * Programs that tests use if this machine has them.
 *
 * @module
 */

/** Whether a program is installed, which prints its version if it is called so. */
export function isThere(program: string, flag = "--version"): boolean {
  try {
    return new Deno.Command(program, { args: [flag] }).outputSync().success;
  } catch {
    return false;
  }
}
