/**
 * Kills a process at a chosen operation on the file system.
 *
 * @module
 */

import { ROOT } from "./_imports.ts";
import { usually } from "./_usually.ts";

/** The operations that change something. */
const OPERATIONS = ["mkdir", "open", "remove", "removeSync", "rename"] as const;

/**
 * Makes this process kill itself, as a power cut would, before an operation.
 *
 * @param count Which operation, counted from 1.
 */
export function killAt(count: number): void {
  let done = 0;
  const functions = Deno as unknown as Record<string, (...args: unknown[]) => unknown>;
  for (const name of OPERATIONS) {
    const original = functions[name];
    functions[name] = (...args) => {
      if (++done === count) Deno.kill(Deno.pid, "SIGKILL");
      return original(...args);
    };
  }
}

/**
 * Runs a program, which calls {@linkcode killAt} with its first argument, once for each of
 * its operations; in the usual tests only for some of them.
 *
 * @param program URL of the program.
 * @param args Its other arguments.
 * @param check Called after each kill.
 * @param step Which operations to take in the usual tests: every so many.
 * @returns How many times the program was killed.
 */
export async function killAtEach(
  program: URL,
  args: readonly string[],
  check: (count: number) => Promise<void>,
  step: number,
): Promise<number> {
  const every = usually(step, 1);
  for (let count = 1, kills = 0;; count += every) {
    const { code, signal, stderr } = await new Deno.Command(Deno.execPath(), {
      args: [
        "run",
        "--allow-all",
        `--lock=${ROOT}deno.lock`,
        program.href,
        `${count}`,
        ...args,
      ],
      stdin: "null",
    }).output();
    if (code === 0) return kills;
    if (signal !== "SIGKILL") throw new Error(new TextDecoder().decode(stderr));
    kills++;
    await check(count);
  }
}
