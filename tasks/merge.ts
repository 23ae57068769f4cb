/**
 * Merges what jobs have found that scored parts of the images.
 *
 * @module
 */

import { mergeParts } from "../src/dataset/merge_parts.ts";
import { fileInfo } from "../src/files.ts";
import { writeState } from "../src/pipeline/evaluation_state.ts";
import { openDataset } from "../src/pipeline/datasets.ts";
import { isPart, mergeLines } from "../src/pipeline/merge_lines.ts";
import { evaluateState, mergeStates, missingJobs } from "../src/pipeline/merge_states.ts";
import { formatOf, PRINT_FLAGS } from "./_cli/evaluation_flags.ts";
import { UsageError } from "./_cli/flags.ts";
import { listenerOf } from "./_cli/listener.ts";
import { printNotes, printRows } from "./_cli/print_evaluation.ts";
import { progressBar } from "./_cli/progress.ts";
import { runTask } from "./_cli/run.ts";

await runTask({
  name: "merge",
  summary: `Merge what jobs wrote that did parts of the images with --shard, in any order.

Of the states of "eval" and "score" (--state), print the table that one process would have printed;
with --out, write one state of them instead, which may lack jobs. Files of lines whose names say
which part they are, such as graphs.2-of-8.jsonl, and folders that "preprocess" wrote are joined
into --out: the bytes of one process.`,
  positionals: {
    files: {
      path: "path",
      many: true,
      help: "States, parts of a file of lines, or folders with parts of a dataset",
    },
  },
  flags: {
    out: {
      type: "string",
      path: "path",
      unset: "none",
      help: "File to write, or folder of the dataset",
    },
    dataset: {
      type: "string",
      path: "path or name",
      unset: "the one that they name",
      help: "Processed dataset that was scored",
    },
    zeroShot: {
      type: "string",
      path: "path",
      unset: "none",
      help: "Their file with the zero-shot triplets",
    },
    ...PRINT_FLAGS,
  },
  examples: [
    "merge states/*.safetensors",
    "merge a.safetensors b.safetensors --out both.safetensors",
    "merge graphs.*-of-8.jsonl --out graphs.jsonl",
    "merge data/processed/vg5k.*-of-8 --out data/processed/vg5k",
  ],
}, async (options) => {
  const { files, out, dataset, zeroShot, json } = options;
  const isDataset = (await fileInfo(files[0]))?.isFolder;
  if (out === undefined && (isDataset || files.some(isPart))) {
    throw new UsageError(
      `Cannot merge "${files[0]}" without --out: name the ${
        isDataset ? "folder of the dataset" : "file to write"
      }`,
    );
  }
  if (isDataset) return await mergeFolders(files, out!, options);
  if (files.some(isPart)) {
    const parts = await mergeLines(files, out!);
    console.log(json ? JSON.stringify({ path: out, parts }) : `${out}, ${parts} parts`);
    return;
  }
  const bar = progressBar("merge", "files", options);
  const state = await mergeStates(files, bar.update).finally(bar.done);
  if (out !== undefined) {
    await writeState(out, state);
    const missing = missingJobs(state), { jobs } = state.settings;
    console.log(
      json
        ? JSON.stringify({ path: out, jobs, missing })
        : `${out}, ${jobs - missing.length} of ${jobs} jobs`,
    );
    return;
  }
  const opened = await openDataset(
    dataset ?? state.settings.dataset,
    listenerOf(options),
  );
  const found = await evaluateState(state, opened, zeroShot);
  const listener = listenerOf(options);
  const texts = found.evaluations.flatMap(({ evaluator }) => evaluator.result().warnings);
  for (const text of new Set(texts)) listener.warn(text);
  printRows(found, options);
  if (formatOf(options) !== "text") return;
  printNotes(found.evaluations, found.dataset, { protocol: "given" });
});

/** Joins the parts of a dataset. */
async function mergeFolders(
  files: readonly string[],
  out: string,
  options: { json: boolean; quiet: boolean },
): Promise<void> {
  const bar = progressBar("merge", "images", options);
  const onWait = (owner: string) =>
    listenerOf(options).note(`Waiting for ${owner}, which makes the same dataset`);
  const { manifest: { splits } } = await mergeParts(files, out, {
    onWait,
    onProgress: bar.update,
  }).finally(bar.done);
  const parts = files.length;
  const counts = Object.entries(splits).map(([split, { images }]) => [split, images]);
  console.log(
    options.json
      ? JSON.stringify({ path: out, parts, ...Object.fromEntries(counts) })
      : `${out}, ${parts} parts: ${
        counts.map(([split, images]) => `${images} ${split}`).join(", ")
      } images`,
  );
}
