/**
 * Times whole processes of tasks, as engines start them.
 *
 * @module
 */

/** What a process took. */
export interface ProcessTime {
  /** Seconds from its start to its end. */
  seconds: number;
  /** Seconds of all its threads on processors: what a core-hour is counted from. */
  coreSeconds: number;
}

/** Permissions of the processes; what they write is in a folder of the bench. */
const PERMISSIONS = ["read", "write", "env", "sys"].map((name) => `--allow-${name}`);

/** Prints, as its last line, the user and system time of the processes that it waited for. */
const SHELL = '"$@" >/dev/null; code=$?; times; exit $code';

/**
 * Runs a task in a process of its own.
 *
 * @param task Its name, such as `eval`.
 * @param args Its arguments.
 * @param env Variables such as `SLURM_ARRAY_TASK_ID`.
 * @throws {Error} If it fails; has its message.
 */
export async function timeTask(
  task: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<ProcessTime> {
  const run = ["run", "--quiet", "--no-prompt", "--lock=deno.lock", ...PERMISSIONS];
  const script = [`tasks/${task}.ts`, ...args];
  const start = performance.now();
  const { success, stdout, stderr } = await new Deno.Command("sh", {
    args: ["-c", SHELL, "sh", Deno.execPath(), ...run, ...script],
    ...{ env, stdin: "null", stdout: "piped", stderr: "piped" },
  }).output();
  const seconds = (performance.now() - start) / 1000;
  const decode = (bytes: Uint8Array) => new TextDecoder().decode(bytes).trim();
  if (!success) {
    throw new Error(`Cannot time "${task} ${args.join(" ")}": ${decode(stderr)}`);
  }
  return { seconds, coreSeconds: secondsOf(decode(stdout).split("\n").at(-1)!) };
}

/**
 * Adds up times as POSIX shells print them, such as `1m2.50s 0m0.25s`.
 *
 * @returns Seconds.
 */
export function secondsOf(line: string): number {
  const times = [...line.matchAll(/(\d+)m([\d.]+)s/g)];
  return times.reduce((sum, [, minutes, seconds]) => sum + 60 * +minutes + +seconds, 0);
}
