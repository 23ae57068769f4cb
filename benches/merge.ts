/**
 * Times the merge of 1,000 evaluation states of 100 images, and its memory, on Linux.
 *
 *     deno task bench:merge
 *
 * The states are those of the built-in world's label predictor, each with other ids. Every
 * merge runs in a process of its own.
 *
 * @module
 */

import { fileURLToPath } from "node:url";
import { encodeState, readState } from "../src/pipeline/parts/evaluation_state.ts";
import { scoreSystem } from "../src/pipeline/system_evaluation.ts";
import { writeWorldDataset } from "../src/world/write_dataset.ts";

const STATES = 1000, IMAGES = 100;

const CHILD = fileURLToPath(new URL("_measured_merge.ts", import.meta.url));

/** Writes the states into a folder, and returns the dataset's folder. */
async function writeStates(folder: string): Promise<string> {
  const command = "deno task bench:merge", first = `${folder}/first`;
  const sizes = { train: 1, validation: 0, test: IMAGES };
  const dataset = await writeWorldDataset(`${folder}/world`, { command, sizes });
  await scoreSystem({
    ...{ system: "label_predictor", dataset: dataset.folder, split: "test" },
    ...{ metrics: "R,ngR,mR", k: [20, 50, 100], seed: 0, resamples: 1000, state: first },
  });
  const { settings, blocks: [{ evaluators }] } = await readState(first);
  const all = { ...settings, jobs: STATES, images: STATES * IMAGES };
  for (let job = 1; job <= STATES; job++) {
    const renamed = evaluators.map((evaluator) => ({
      ...evaluator,
      ids: evaluator.ids.map((id) => `${job}/${id}`),
    }));
    const blocks = [{ job, evaluators: renamed }];
    await Deno.writeFile(
      `${folder}/${job}.safetensors`,
      encodeState({ settings: all, blocks }),
    );
  }
  return dataset.folder;
}

/** Runs a merge, and prints its time and the peak of its memory. */
async function measure(name: string, args: readonly string[]): Promise<void> {
  const command = new Deno.Command("deno", {
    args: ["run", "--quiet", "--allow-all", CHILD, ...args, "--quiet"],
    stdout: "null",
    stderr: "piped",
  });
  const { code, stderr } = await command.output();
  const text = new TextDecoder().decode(stderr).trim();
  if (code !== 0) throw new Error(`Cannot measure the merge ${name}: ${text}`);
  const { seconds, cpu, peak } = JSON.parse(text.split("\n").at(-1)!);
  const [time, busy] = [seconds, cpu].map((value: number) => value.toFixed(1));
  console.log(`${name}: ${time} s (${busy} s of processors), ${peak.toFixed(0)} MB`);
}

if (import.meta.main) {
  if (Deno.args.length > 0) {
    console.error("Usage: deno task bench:merge");
    Deno.exit(2);
  }
  const folder = await Deno.makeTempDir();
  try {
    const dataset = await writeStates(folder);
    console.log(`${STATES} states of ${IMAGES} images`);
    const states = Array.from(
      { length: STATES },
      (_, i) => `${folder}/${i + 1}.safetensors`,
    );
    const out = ["--out", `${folder}/all.safetensors`];
    await measure("merge into one state", [...states, ...out]);
    await measure("merge and intervals", [...states, "--dataset", dataset]);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}
