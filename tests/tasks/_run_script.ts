/**
 * Runs a program of `tasks/`, or of the tests, in its own process.
 *
 * @module
 */

import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import type { CapturedOutcome, Outcome } from "../_captured.ts";
import { HOST, runInHost } from "../_task_host.ts";

export type { Outcome };

/** The checkout, with a slash at the end. */
export const ROOT = fileURLToPath(new URL("../../", import.meta.url));

/** How to run a script. */
export interface ScriptOptions {
  /** Permission flags, such as `--allow-read`; default: none. */
  permissions?: readonly string[];
  /** Working directory; default: the root of the checkout. */
  cwd?: string;
  /** Where the user stands, as `deno task` says it; default: the working directory. */
  user?: string;
  /** Root of the checkout with the script and the settings; default: this one. */
  root?: string;
  /** `"piped"`: the caller writes it; by default it is empty. */
  stdin?: "piped";
}

/** Where a task runs, where the user stands, and the root of its checkout. */
export type Place = Required<Pick<ScriptOptions, "cwd">> & ScriptOptions;

/**
 * Runs a script to its end, without colours and without downloads of packages.
 *
 * @param script Path from the root of the checkout.
 * @param args Arguments of the script.
 * @param options Permissions and working directory.
 * @returns Exit code and printed text.
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

const { tasks } = JSON.parse(Deno.readTextFileSync(`${ROOT}deno.json`)) as {
  tasks: Record<string, { command: string }>;
};

/**
 * The script of a task and the flags of Deno, permissions above all, as in deno.json; but
 * no lock file, which Deno would write into the folder that the task runs in.
 */
export function definitionOf(task: string): { script: string; permissions: string[] } {
  const words = tasks[task].command.split(" ");
  const permissions = words.filter((word) => /^--(?!lock)/.test(word));
  return { script: words.at(-1)!, permissions };
}

/**
 * Runs a task in a folder with the permissions that deno.json gives it. Tasks of one folder
 * and of equal permissions share a process, which `inFolder` and `testTasks` end.
 */
export async function runTask(
  cwd: string,
  task: string,
  ...args: string[]
): Promise<Outcome> {
  const { code, stdout, stderr } = await captureTask({ cwd }, task, ...args);
  return { code, stdout, stderr };
}

/**
 * The same with both streams as a terminal shows them.
 *
 * @param place Where it runs, where the user stands, and the root of its checkout.
 * @param task Name of the task.
 * @param args Its command line.
 */
export function captureTask(
  { cwd, user = cwd, root = ROOT }: Place,
  task: string,
  ...args: string[]
): Promise<CapturedOutcome> {
  const { script, permissions } = definitionOf(task);
  const start = () =>
    scriptCommand(HOST, [], { permissions, cwd, user, root, stdin: "piped" });
  const key = [cwd, user, ...permissions].join(" ");
  return runInHost(key, start, { script: resolve(root, script), args });
}

/** The command of {@linkcode runScript}, not yet started. */
export function scriptCommand(
  script: string,
  args: readonly string[],
  options: ScriptOptions = {},
): Deno.Command {
  const { root = ROOT } = options;
  return new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "--quiet",
      "--no-prompt",
      `--config=${resolve(root, "deno.json")}`,
      `--lock=${resolve(root, "deno.lock")}`, // without it the registry is asked for versions
      ...(options.permissions ?? []),
      resolve(root, script),
      ...args,
    ],
    cwd: options.cwd ?? root,
    env: { NO_COLOR: "1", INIT_CWD: options.user ?? options.cwd ?? root },
    stdin: options.stdin ?? "null",
    stdout: "piped",
    stderr: "piped",
  });
}
