/**
 * Measures one part in processes of its own: one in which all systems run in turns, and one
 * for the memory of each system. The process that starts them must be small, as on Linux a
 * child process inherits the peak of its parent.
 *
 * @module
 */

import type { Part, Row } from "./row.ts";

/** Start of the names of the folders with datasets of random images. */
const STREAM_FOLDER = "data/processed/bench";

/** Permissions of the processes; no more than `deno task bench` has. */
const PERMISSIONS = [
  ...["--allow-read", "--allow-env", "--allow-sys", "--allow-ffi"],
  "--allow-write=data/processed",
];

/** Streams collect garbage while their memory is measured. */
const V8_FLAGS = "--v8-flags=--expose-gc";

/**
 * Measures the systems of a part.
 *
 * @param part The work to time.
 * @returns A row for each system.
 * @throws {Error} If a process fails, such as when the outputs of a system differ from ours;
 * has the message of the process.
 */
export async function measurePart(part: Part): Promise<Row[]> {
  if (part.images === undefined) return await measureRows(part);
  const folder = `${STREAM_FOLDER}_${part.images}`;
  try {
    await runStep("write", { ...part, folder });
    return await measureRows({ ...part, folder });
  } finally {
    await Deno.remove(folder, { recursive: true }).catch(() => {});
  }
}

async function measureRows(part: Part): Promise<Row[]> {
  const lines = (await runStep("time", part)).split("\n").filter((line) => line);
  const rows: Row[] = [];
  for (const [i, line] of lines.entries()) {
    const memory = await runStep("alone", part, i);
    rows.push({ ...JSON.parse(line), ...JSON.parse(memory) });
  }
  return rows;
}

async function runStep(step: string, part: Part, index = 0): Promise<string> {
  const script = new URL("run_part.ts", import.meta.url).href;
  const { success, stdout, stderr } = await new Deno.Command("deno", {
    args: [
      ...["run", "--quiet", "--no-prompt", V8_FLAGS, ...PERMISSIONS, script],
      ...[step, JSON.stringify(part), `${index}`],
    ],
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).output();
  const decode = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  if (!success) throw new Error(decode(stderr).trim());
  return decode(stdout);
}
