/**
 * Runs a program of `tasks/`, or one of the tests, as a process of its own.
 *
 * @module
 */

import { fileURLToPath } from "node:url";

/** The checkout, with a slash at the end. */
export const ROOT = fileURLToPath(new URL("../../", import.meta.url));

/** What a process has left behind. */
export interface Outcome {
  code: number;
  stdout: string;
  stderr: string;
}

/** How a script is run. */
export interface ScriptOptions {
  /** Such as `--allow-read`; default none. */
  permissions?: readonly string[];
  /** Default: the root of the checkout. */
  cwd?: string;
  /** If packages that no test names may be fetched on first use. */
  mayDownload?: boolean;
}

/**
 * Runs a script to its end, without colours and with nothing to download.
 *
 * @param script Path from the root of the checkout.
 * @param args What follows the script.
 * @param options Permissions and place.
 * @returns Its exit code and what it printed.
 */
export async function runScript(
  script: string,
  args: readonly string[] = [],
  options: ScriptOptions = {},
): Promise<Outcome> {
  const output = await scriptCommand(script, args, options).output();
  const decode = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  return {
    code: output.code,
    stdout: decode(output.stdout),
    stderr: decode(output.stderr),
  };
}

/** The same, not yet started. */
export function scriptCommand(
  script: string,
  args: readonly string[],
  options: ScriptOptions = {},
): Deno.Command {
  return new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "--quiet",
      "--no-prompt",
      ...(options.mayDownload ? [] : ["--cached-only"]),
      `--config=${ROOT}deno.json`,
      ...(options.permissions ?? []),
      ROOT + script,
      ...args,
    ],
    cwd: options.cwd ?? ROOT,
    env: { NO_COLOR: "1", INIT_CWD: options.cwd ?? ROOT },
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  });
}
