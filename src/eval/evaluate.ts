/**
 * Scores several systems on one dataset.
 *
 * @module
 */

import { evaluatorOptions } from "./evaluation_result.ts";
import type { Example, Logits } from "../example.ts";
import { batches, mapInOrder } from "../streams.ts";
import { type DensePrediction, predictionFromLogits } from "./prediction.ts";
import type { Protocol, ProtocolName, Task } from "./protocol.ts";
import { RecallEvaluator } from "./evaluator.ts";
import type { TrainingTriplets, ZeroShot } from "./zero_shot.ts";

/**
 * The output of a system for one image; it has `boxes` if they are neither the example's
 * nor given by the task.
 */
export type SystemOutput = Logits & { boxes?: ArrayLike<number> };

/** Turns examples into logits: a model, a label predictor, or an average of both. */
export type System = (examples: readonly Example[]) => Promise<readonly SystemOutput[]>;

/** Settings of {@linkcode evaluate}. */
export interface EvaluateOptions {
  /** What the systems are given. */
  tasks: readonly Task[];
  /** Protocols, by name or as records. */
  protocols: readonly (Protocol | ProtocolName)[];
  /** Names of metrics, see `docs/metrics.md`. */
  metrics: string | readonly string[];
  /** Numbers of candidates. */
  ks: readonly number[];
  /** Tells which triplets are unseen in training; default: `training`. */
  zeroShot?: ZeroShot;
  /** Counts of training: `wR`, `mR:tail`, `R:1-5` and their like need it. */
  training?: TrainingTriplets;
  /** Number of predicates without "no relation"; default: that of the logits. */
  numPredicates?: number;
  /** Whether the scores of the candidates are kept; default: no. */
  keepScores?: boolean;
  /** How many images a system gets at once; default 20. */
  batchSize?: number;
  /** How many batches may be under way; default 1. Results do not depend on it. */
  batchesAtOnce?: number;
  /** Number of examples, for progress; default 0, which means unknown. */
  total?: number;
  /** Called after each batch. */
  onProgress?: (done: number, total: number) => void;
}

/** One system with one task and protocol. */
export interface SystemEvaluation {
  /** Name of the system. */
  system: string;
  task: Task;
  protocol: Protocol;
  /** Has its values, and what comparisons need. */
  evaluator: RecallEvaluator;
}

/**
 * Scores systems on the same examples, which are read once.
 *
 * @param examples The images with their annotations and logits.
 * @param systems The systems by name.
 * @param options Tasks, protocols, metrics.
 * @returns One entry for each system, task and protocol. All have the same images in the
 * same order, so any two systems can be compared.
 * @throws {RangeError} If a name is unknown, or a system's logits do not fit an image.
 */
export async function evaluate(
  examples: AsyncIterable<Example> | Iterable<Example>,
  systems: Readonly<Record<string, System>>,
  options: EvaluateOptions,
): Promise<SystemEvaluation[]> {
  const { tasks, protocols, batchSize = 20, batchesAtOnce = 1, total = 0 } = options;
  const evaluations = Object.keys(systems).flatMap((system) =>
    tasks.flatMap((task) =>
      protocols.map((choice) => {
        const evaluator = new RecallEvaluator(choice, {
          ...evaluatorOptions(options),
          task,
        });
        return { system, task, protocol: evaluator.protocol, evaluator };
      })
    )
  );
  let done = 0;
  const ask = async (batch: readonly Example[]) => {
    const outputs: [name: string, outputs: readonly SystemOutput[]][] = [];
    for (const [name, system] of Object.entries(systems)) {
      outputs.push([name, await system(batch)]);
    }
    return outputs;
  };
  const answers = mapInOrder(batches(examples, batchSize), batchesAtOnce, ask);
  for await (const [batch, bySystem] of answers) {
    for (const [name, outputs] of bySystem) {
      if (outputs.length !== batch.length) {
        throw new RangeError(
          `Cannot score "${name}" as it must answer ${batch.length} images: found ${outputs.length}`,
        );
      }
      const mine = evaluations.filter(({ system }) => system === name);
      for (const [i, example] of batch.entries()) addOutput(mine, example, outputs[i]);
    }
    done += batch.length;
    options.onProgress?.(done, total);
  }
  return evaluations;
}

function addOutput(
  evaluations: readonly SystemEvaluation[],
  example: Example,
  output: SystemOutput,
): void {
  const prediction = predictionOf(example, output);
  for (const { evaluator } of evaluations) evaluator.add(example, prediction);
}

/**
 * The prediction that is scored.
 *
 * @param example The image.
 * @param output A system's logits for it.
 * @returns Probabilities, with boxes if they are not the annotated ones.
 */
export function predictionOf(example: Example, output: SystemOutput): DensePrediction {
  const boxes = output.boxes ?? (example.annotated && example.boxes);
  const numEntities = boxes ? boxes.length / 4 : example.entityLabels.length;
  return { ...predictionFromLogits(output, numEntities), boxes };
}
