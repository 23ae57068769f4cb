/**
 * What the probabilities of a checkpoint are worth on a dataset.
 *
 * @module
 */

import { ConfidenceData } from "../../confidence/confidence.ts";
import { setThresholds } from "../../confidence/label_sets.ts";
import { calibrated, IDENTITY, type Platt } from "../../confidence/platt.ts";
import { type Reliability, reliability } from "../../confidence/reliability.ts";
import { atThresholds, type ThresholdPoint } from "../../confidence/thresholds.ts";
import { inputLabels, labelSet } from "../../decode_graph.ts";
import type { Dataset } from "../../dataset/dataset.ts";
import type { SplitName } from "../../dataset/manifest.ts";
import { batches } from "../../streams.ts";
import { softmaxRows } from "../../softmax.ts";
import { type Confusion, countConfusion, countPredicates } from "./confusions.ts";
import { type Listener, SILENT } from "../listener.ts";
import { type NetworkOptions, openNetworks } from "../systems/networks.ts";
import type { CheckpointSystem } from "../systems/systems.ts";

/** Images of a batch. */
const BATCH_SIZE = 20;
/** Coverages of label sets that are measured. */
const COVERAGES = [0.8, 0.9, 0.95];

/** Thresholds of relations that are measured; scores of most are small. */
const THRESHOLDS = [
  ...[0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9],
];

/** Calibration of one kind of probability, before and after. */
export interface Calibration {
  /** As the network gives them. */
  before: Reliability;
  /** As the checkpoint calibrates them; equal to `before` if it does not. */
  after: Reliability;
}

/** Label sets of one coverage. */
export interface CoverageResult {
  /** Wanted share of entities whose set holds the true label. */
  wanted: number;
  /** Measured share. */
  measured: number;
  /** Mean number of labels in a set. */
  size: number;
}

/** What the probabilities of a checkpoint are worth. */
export interface ReliabilityReport {
  system: string;
  /** Labels of entities; those that are certain in the input are left out. */
  entities: Calibration;
  /** The likeliest relation of each ordered pair. */
  relations: Calibration;
  /** Empty without calibration, or without an entity in doubt. */
  coverage: readonly CoverageResult[];
}

/** What the network does to an image's labels and relations. */
export interface BeliefReport extends ReliabilityReport {
  /** Relations, calibrated, at thresholds. */
  thresholds: readonly ThresholdPoint[];
  /** How often entities of one class were taken for another; the right ones as well. */
  confusions: readonly Confusion[];
  /**
   * How often annotated relations got another predicate as the likeliest one of their pair;
   * the right ones as well. Of a pair with several annotated predicates each counts, and is
   * right if any of them is the likeliest one.
   */
  predicateConfusions: readonly Confusion[];
}

/**
 * Measures how well the probabilities of a checkpoint are calibrated.
 *
 * @param system The checkpoint.
 * @param dataset The dataset, whose vocabulary is the checkpoint's.
 * @param split Its split.
 * @param options Backend, precision, workers, and the number of images from the first on.
 * @param listener Receives progress.
 * @returns Calibration of labels and relations, and the coverage of label sets.
 */
export async function measureReliability(
  system: CheckpointSystem,
  dataset: Dataset,
  split: SplitName,
  options: Omit<NetworkOptions, "numBatches"> & { limit?: number },
  listener: Listener = SILENT,
): Promise<BeliefReport> {
  const { vocabulary } = dataset, c = vocabulary.numEntityClasses;
  const { confidence } = system.checkpoint;
  const { limit } = options, size = Math.min(limit ?? Infinity, dataset.size(split));
  const numBatches = Math.ceil(size / BATCH_SIZE);
  using networks = await openNetworks(
    [system],
    dataset,
    { ...options, numBatches },
    SILENT,
  );
  const predict = networks.systems[system.name];
  const data = new ConfidenceData(vocabulary);
  const thresholds = confidence &&
    COVERAGES.map((coverage) => setThresholds(confidence.labelSets, coverage));
  const held = COVERAGES.map(() => 0), labels = COVERAGES.map(() => 0);
  const confusions = new Map<string, Confusion>();
  const predicateConfusions = new Map<string, Confusion>();
  let entities = 0, done = 0;
  const bar = listener.progress(`reliability of ${system.name}`, "images");
  for await (const batch of batches(dataset.examples(split, { limit }), BATCH_SIZE)) {
    const outputs = await predict(batch);
    for (const [b, example] of batch.entries()) {
      data.add(example, outputs[b]);
      countPredicates(predicateConfusions, example, outputs[b], vocabulary);
      const p = softmaxRows(outputs[b].entityLogits, c);
      inputLabels(example.entityLogits, c).forEach(({ labelIndex, isKept }, i) => {
        const row = p.subarray(i * c, (i + 1) * c);
        const best = isKept ? labelIndex : row.indexOf(Math.max(...row));
        const truth = vocabulary.entities[example.entityLabels[i]];
        countConfusion(confusions, truth, vocabulary.entities[labelIndex], "before");
        countConfusion(confusions, truth, vocabulary.entities[best], "after");
        if (isKept) return;
        entities++;
        thresholds?.forEach((least, s) => {
          const set = labelSet(row, best, least, vocabulary);
          held[s] += Number(set.some(({ label }) => label === truth));
          labels[s] += set.length;
        });
      });
    }
    bar.update(done += batch.length, size);
  }
  bar.done();
  const compare = (kind: "entities" | "relations"): Calibration => {
    const { scores, isRight } = data[kind];
    const platt: Platt = confidence?.[kind] ?? IDENTITY;
    return {
      before: reliability(scores, isRight),
      after: reliability(scores.map((score) => calibrated(platt, score)), isRight),
    };
  };
  const { scores, isRight } = data.relations;
  const relations = confidence?.relations ?? IDENTITY;
  return {
    thresholds: atThresholds(
      scores.map((score) => calibrated(relations, score)),
      isRight,
      data.numAnnotated,
      THRESHOLDS,
    ),
    confusions: [...confusions.values()],
    predicateConfusions: [...predicateConfusions.values()],
    system: system.name,
    entities: compare("entities"),
    relations: compare("relations"),
    coverage: confidence && entities > 0
      ? COVERAGES.map((wanted, s) => ({
        wanted,
        measured: held[s] / entities,
        size: labels[s] / entities,
      }))
      : [],
  };
}
