/**
 * Merges what jobs have found that scored parts of the images.
 *
 * @module
 */

import { mergeParts } from "../src/dataset/merge_parts.ts";
import { fileNameOf, isWebAddress } from "../src/address.ts";
import { isPartFolder } from "../src/dataset/part.ts";
import { fileInfo } from "../src/files.ts";
import { writeState } from "../src/pipeline/parts/evaluation_state.ts";
import { openDataset } from "../src/pipeline/datasets.ts";
import { isPart, localPart, mergeLines } from "../src/pipeline/parts/merge_lines.ts";
import {
  evaluateState,
  joinedState,
  mergeStates,
  missingJobs,
} from "../src/pipeline/parts/merge_states.ts";
import { localDataset } from "../src/pipeline/remote_files.ts";
import { formatOf, PRINT_FLAGS } from "./_cli/flags/evaluation_flags.ts";
import { UsageError } from "./_cli/flags/flags.ts";
import { listenerOf } from "./_cli/listener.ts";
import { printNotes, printRows } from "./_cli/print/evaluation.ts";
import { progressBar } from "./_cli/progress.ts";
import { runTask } from "./_cli/run.ts";

await runTask({
  name: "merge",
  summary:
    `Merge what jobs with --shard wrote, each of a part of the images, in any order.

From the states of "eval" and "score" (--state), or from their lines (--lines), print the
table that one process would have printed. With --out, write their merged state instead; it
may lack jobs, but no lines. Other files of lines whose names say which part they are, such
as graphs.2-of-8.jsonl, and folders that "preprocess" wrote are joined into --out, with the
bytes that one process would have written.`,
  positionals: {
    files: {
      path: "path",
      many: true,
      help:
        "States, files of lines, parts of such a file, or folders with parts of a dataset",
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
    "merge found.jsonl --dataset vrd",
    "merge graphs.*-of-8.jsonl --out graphs.jsonl",
    "merge data/processed/vg5k.*-of-8 --out data/processed/vg5k",
  ],
}, async (options) => {
  const { files, out, dataset, zeroShot, json } = options;
  const listener = listenerOf(options);
  const isDataset = isWebAddress(files[0])
    ? isPartFolder(fileNameOf(files[0]))
    : (await fileInfo(files[0]))?.isFolder;
  if (isDataset) {
    if (out !== undefined) {
      const folders: string[] = [];
      for (const file of files) {
        folders.push(isWebAddress(file) ? await localDataset(file, listener) : file);
      }
      return await mergeFolders(folders, out, options);
    }
    throw new UsageError(
      `Cannot merge "${files[0]}" without --out: name the folder of the dataset`,
    );
  }
  if (out !== undefined && files.some(isPart)) {
    const paths: string[] = [];
    for (const file of files) paths.push(await localPart(file, listener));
    const parts = await mergeLines(paths, out);
    console.log(json ? JSON.stringify({ path: out, parts }) : `${out}, ${parts} parts`);
    return;
  }
  const bar = progressBar("merge", "files", options);
  const state = await mergeStates(files, bar.update).finally(bar.done);
  if (out !== undefined && !state.areLines) {
    await writeState(out, state);
    const missing = missingJobs(state), { jobs } = state.settings;
    console.log(
      json
        ? JSON.stringify({ path: out, jobs, missing })
        : `${out}, ${jobs - missing.length} of ${jobs} jobs`,
    );
    return;
  }
  const opened = await openDataset(dataset ?? state.settings.dataset, listener);
  const found = await evaluateState(state, opened, zeroShot);
  if (out !== undefined) {
    await writeState(out, joinedState(state, found.evaluations));
    const { jobs: images } = state.settings;
    console.log(
      json ? JSON.stringify({ path: out, images }) : `${out}, ${images} images`,
    );
    return;
  }
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
