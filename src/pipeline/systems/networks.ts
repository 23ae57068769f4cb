/**
 * Starts the networks of checkpoints on a backend and on several cores.
 *
 * @module
 */

import type { Dataset } from "../../dataset/dataset.ts";
import type { System } from "../../eval/evaluate.ts";
import {
  type BackendName,
  type BackendOptions,
  useBackend,
} from "../../kernels/backend.ts";
import { withCertainLabels } from "../../label_predictor/keep_labels.ts";
import { labelPredictorFrom } from "../../label_predictor/load.ts";
import { rereaderOf } from "../../label_predictor/reread.ts";
import type { Precision } from "../../model/int8.ts";
import { canReread } from "../../train/choose_network.ts";
import { ParallelSgp } from "../../train/parallel_sgp.ts";
import { chooseWorkers, WorkerPool } from "../../train/worker_pool.ts";
import type { Listener } from "../listener.ts";
import { type CheckpointSystem, openNetwork, type ScoredSystem } from "./systems.ts";

/** Systems that turn examples into logits. */
export interface OpenNetworks extends Disposable {
  /** Systems by name; a label predictor returns the examples unchanged. */
  systems: Readonly<Record<string, System>>;
  /** Number of concurrent batches that keeps every core busy. */
  batchesAtOnce?: number;
}

/** Backend, precision and cores of networks. */
export interface NetworkOptions extends BackendOptions {
  /** The backend; default: its own choice, or `wasm` for 8 bits. */
  backend?: BackendName;
  /** Precision of the hidden layers; default `float32`. */
  precision?: Precision;
  /** Number of cores; default: as many as the backend can use. */
  workers?: number;
  /** Number of batches; more workers than batches would have nothing to do. */
  numBatches: number;
}

/**
 * Starts the networks of checkpoints and, if there are any, the backend.
 *
 * @param systems Checkpoints and label predictors.
 * @param dataset The dataset that they will be scored on.
 * @param options Backend, precision, workers.
 * @param listener Receives the name of the backend.
 * @returns The systems; the caller disposes them.
 * @throws {RangeError} If the backend does not support the number of workers.
 * @throws {Error} If the backend cannot start, or cannot compute in 8 bits.
 */
export async function openNetworks(
  systems: readonly Exclude<ScoredSystem, { kind: "predictions" | "frequency" }>[],
  dataset: Dataset,
  options: NetworkOptions,
  listener: Listener,
): Promise<OpenNetworks> {
  using stack = new DisposableStack();
  const isInt8 = options.precision === "int8";
  const checkpoints = systems.filter((system) => system.kind === "checkpoint");
  let pool: WorkerPool | undefined;
  if (checkpoints.length > 0) {
    const wanted = options.backend ?? (isInt8 ? "wasm" : undefined);
    const { name, description } = await useBackend(wanted, options);
    listener.note(`Backend: ${description}`);
    const workers = chooseWorkers(options.workers, name);
    const size = Math.min(workers, options.numBatches);
    if (size > 1) pool = stack.use(await WorkerPool.start(size, options));
  }
  const named: Record<string, System> = {};
  for (const system of systems) {
    if (system.kind === "label_predictor") {
      named[system.name] = (examples) => Promise.resolve(examples);
      continue;
    }
    const sgp = await openNetwork(system, dataset, isInt8, listener);
    stack.defer(() => sgp.dispose());
    const parallel = new ParallelSgp(sgp, { pool });
    const { config, labelPredictor } = system.checkpoint;
    const reread = rereaderOf(
      canReread(dataset) ? config.relations : "network",
      labelPredictor,
    );
    const revised: System = async (examples) =>
      await reread(examples, await parallel.predict(examples));
    named[system.name] = system.keepsLabels
      ? withKeptLabels(revised, system, dataset)
      : revised;
  }
  const owned = stack.move();
  return {
    systems: named,
    batchesAtOnce: pool?.jobsAtOnce,
    [Symbol.dispose]: () => owned.dispose(),
  };
}

/** The system with labels that stay: of the network's output only relations count. */
function withKeptLabels(
  revised: System,
  { checkpoint: { config, labelPredictor } }: CheckpointSystem,
  dataset: Dataset,
): System {
  const keeper = labelPredictor && {
    entityProfiles: labelPredictor.entityProfiles,
    labelPredictor: canReread(dataset)
      ? labelPredictorFrom(labelPredictor.name, labelPredictor.arrays)
      : undefined,
  };
  return async (examples) => {
    const kept = await Promise.all(
      examples.map((example) =>
        withCertainLabels(example, config.numEntityClasses, keeper ?? {})
      ),
    );
    return (await revised(kept)).map(({ relationLogits }, i) => ({
      entityLogits: examples[i].entityLogits,
      relationLogits,
    }));
  };
}
