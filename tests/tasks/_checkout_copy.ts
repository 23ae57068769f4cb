/**
 * A copy of what a user's checkout has, for tests whose commands write into it.
 *
 * @module
 */

import { captureTask, type Place, ROOT } from "./_run_script.ts";

const PARTS = ["deno.json", "deno.lock", "mod.ts", "src", "tasks", "benches", "examples"];
const CHECKPOINTS = ["gpi_linguistic_pretrained", "gpi_linguistic_vg_pretrained"]
  .map((name) => `checkpoints/${name}.safetensors`);

/** Copies what the commands need into a folder, which is made. */
export async function copyCheckout(folder: string): Promise<void> {
  await Deno.mkdir(`${folder}/checkpoints`, { recursive: true });
  const sources = PARTS.map((name) => ROOT + name);
  const copy = new Deno.Command("cp", { args: ["-r", ...sources, folder] });
  if (!(await copy.output()).success) throw new Error(`Cannot copy into "${folder}"`);
  for (const checkpoint of CHECKPOINTS) {
    await Deno.copyFile(ROOT + checkpoint, `${folder}/${checkpoint}`);
  }
}

/**
 * Runs one line in a shell.
 *
 * @param line Such as `deno task predict examples/horses.json`.
 * @param cwd Where the user stands.
 * @returns The exit code, and the lines of both streams as a terminal shows them.
 */
export async function runLine(
  line: string,
  cwd: string,
): Promise<{ code: number; lines: string[] }> {
  const deno = Deno.execPath().replace(/\/[^/]*$/, "");
  const { code, stdout } = await new Deno.Command("sh", {
    args: ["-c", `exec 2>&1; ${line.replace("deno task", "deno task --quiet")}`],
    cwd,
    // `deno task` keeps the variable that this test may have from another one.
    env: { NO_COLOR: "1", PATH: `${deno}:${Deno.env.get("PATH")}`, INIT_CWD: cwd },
    stdin: "null",
  }).output();
  const lines = new TextDecoder().decode(stdout).trimEnd().split("\n");
  return { code, lines };
}

/**
 * Runs a task in the process of its folder and permissions.
 *
 * @param words Such as `predict examples/horses.json`, without what a shell would expand.
 * @param place Where it runs.
 * @returns As {@linkcode runLine}.
 */
export async function runWords(
  words: string,
  place: Place,
): Promise<{ code: number; lines: string[] }> {
  const [task, ...args] = words.match(/'[^']*'|"[^"]*"|\S+/g)!
    .map((word) => word.replace(/^(['"])(.*)\1$/, "$2"));
  const { code, shown } = await captureTask(place, task, ...args);
  return { code, lines: shown.trimEnd().split("\n") };
}
