/**
 * Times one part, in a process of its own; `deno task bench` starts it.
 *
 *     run_part.ts time '<Part as JSON>'             times all contenders, prints their rows
 *     run_part.ts alone '<Part as JSON>' <index>    measures the memory of one contender
 *     run_part.ts write '<Part as JSON>'            writes the dataset of a stream
 *
 * @module
 */

import process from "node:process";
import type { Contender } from "./_contender.ts";
import type { BenchName, Part } from "./row.ts";

const idleMegabytes = Deno.memoryUsage().rss / 1e6;

/** Modules are loaded when needed, as their memory counts. */
const LOADERS: Record<
  BenchName,
  () => Promise<{ contenders: (part: Part) => Contender[] }>
> = {
  matmul: () => import("./matmul.ts"),
  predict: () => import("./predict.ts"),
  train: () => import("./train.ts"),
  adam: () => import("./adam.ts"),
  scaling: () => import("./scaling.ts"),
};

/** Starts the backend, and makes the contenders. */
async function prepare(
  part: Part,
): Promise<{ backend: string; contenders: Contender[] }> {
  const { useBackend } = await import("../src/kernels/backend.ts");
  const { description } = await useBackend("wasm");
  const { contenders } = await LOADERS[part.bench]();
  return {
    backend: description,
    contenders: contenders(part).filter(({ system }) => part.systems.includes(system)),
  };
}

async function time(part: Part): Promise<void> {
  const { timeInTurns } = await import("./_turns.ts");
  const { fmaLimit } = await import("./_fma_limit.ts");
  const { backend, contenders } = await prepare(part);
  const rows = await timeInTurns(part, contenders, fmaLimit());
  for (const row of rows) console.log(JSON.stringify({ ...row, backend }));
}

async function alone(part: Part, index: number): Promise<void> {
  const { runAlone } = await import("./_turns.ts");
  const { contenders } = await prepare(part);
  await runAlone(contenders[index]);
  const peakMegabytes = process.resourceUsage().maxRSS * 1024 / 1e6;
  console.log(JSON.stringify({ peak_mb: peakMegabytes, idle_mb: idleMegabytes }));
}

async function write({ folder, images }: Part): Promise<void> {
  const { writeStream } = await import("./_stream.ts");
  await writeStream(folder!, images!);
}

if (import.meta.main) {
  const [step, json, index] = Deno.args;
  const part: Part = JSON.parse(json);
  try {
    if (step === "time") await time(part);
    else if (step === "alone") await alone(part, Number(index));
    else await write(part);
    Deno.exit(0); // ends threads that a system may have left
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    Deno.exit(1);
  }
}
