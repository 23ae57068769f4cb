/**
 * Systems that two tasks compare: files of predictions, checkpoints, or the label
 * predictor alone.
 *
 * @module
 */

import { useBackend } from "../src/kernels/backend.ts";
import type { Dataset, SplitName } from "../src/dataset/dataset.ts";
import { evaluate, type SystemEvaluation } from "../src/eval/evaluate.ts";
import { parseKs } from "../src/eval/metric.ts";
import { parseProtocol } from "../src/eval/protocol.ts";
import { networkOf, openCheckpoint } from "./_checkpoints.ts";
import { scoreFile, type ScoreOptions } from "./_predictions.ts";
import { progressBar } from "./_cli/progress.ts";
import { openZeroShot } from "./_zero_shot.ts";

/** The label predictor by itself: the data's logits as they are. */
const LABEL_PREDICTOR = "label_predictor";

/**
 * Scores a system on a dataset.
 *
 * @param system Path of a file of predictions (`.json`, `.jsonl`), name or path of a
 * checkpoint, or `label_predictor`.
 * @param dataset What it is scored on.
 * @param options Flags of `score`.
 * @returns Its short name, and one evaluation a protocol.
 */
export async function scoreSystem(
  system: string,
  dataset: Dataset,
  options: ScoreOptions,
): Promise<{ name: string; evaluations: SystemEvaluation[] }> {
  if (/\.(json|jsonl|ndjson)$/.test(system)) {
    const { system: name, evaluations } = await scoreFile(system, dataset, options);
    return { name, evaluations };
  }
  const name = system.replace(/^.*\//, "").replace(/\.safetensors$/, "");
  const checkpoint = system === LABEL_PREDICTOR
    ? undefined
    : await openCheckpoint(system);
  if (checkpoint) {
    const { description } = await useBackend();
    if (!options.quiet && !options.json) console.error(`Backend: ${description}`);
  }
  const network = checkpoint && networkOf(checkpoint);
  const split = options.split as SplitName;
  const bar = progressBar(`evaluate ${name}`, "images", options);
  const evaluations = await evaluate(dataset.examples(split), {
    [name]: (examples) => network?.predict(examples) ?? Promise.resolve(examples),
  }, {
    tasks: [options.task ?? "sgcls"],
    protocols: options.protocol.split(",").map(parseProtocol),
    metrics: options.metrics,
    ks: parseKs(options.k),
    zeroShot: await openZeroShot(options.metrics, dataset, options.zeroShot),
    numPredicates: dataset.vocabulary.predicates.length,
    total: dataset.size(split),
    onProgress: (done, total) => bar.update(done, total),
  });
  bar.done();
  network?.dispose();
  return { name, evaluations };
}
