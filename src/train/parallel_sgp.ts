/**
 * A network on several cores: the threads of a pool compute the gradients of a batch,
 * predictions and validation.
 *
 * @module
 */

import { tf } from "../deps/tf.ts";
import type { TrainConfig } from "../config.ts";
import type { Example } from "../example.ts";
import { heapFloats } from "../kernels/wasm_module.ts";
import type { Sgp, SgpPrediction } from "../model/sgp.ts";
import type { LossConfig } from "./loss.ts";
import { dealBySize } from "./shares.ts";
import {
  areFinite,
  type DropoutSeeds,
  type LossAndGradients,
  lossAndGradients,
} from "./step.ts";
import { type BatchValidation, validateBatch } from "./validate.ts";
import type { WorkerPool } from "./worker_pool.ts";
import type { SharedNetwork } from "./worker.ts";

/**
 * Number of shares of a batch where the number of workers must not matter. More shares
 * would keep more cores busy but cost more time where there are few cores.
 */
const DETERMINISTIC_SHARES = 8;

/**
 * Upper limit, roughly, on the pairs of a share times the width of a hidden layer. It
 * bounds memory: at the published size a pair takes 0.11 MB. A lower limit would cost
 * time, since each share beyond the first packs and sums weights and makes tables of word
 * vectors: with four shares instead of three, 20 images of 20 entities take 7 % longer.
 */
const MOST_HIDDEN_NUMBERS = 2800 * 500;

/** Settings of {@linkcode ParallelSgp}. */
export interface ParallelOptions {
  /** Threads that compute; default: the main thread alone. The caller disposes the pool. */
  pool?: WorkerPool;
  /** Whether gradients must be the same for every number of workers; default false. */
  deterministic?: boolean;
}

/** A loss and its gradient, and whether both are finite. */
export interface CheckedGradients extends LossAndGradients {
  /** Whether the loss and every number of the gradient are finite. */
  isFinite: boolean;
}

/** One share of a batch, and how to compute its loss. */
interface Share {
  images: readonly Example[];
  loss: LossConfig;
  dropout?: DropoutSeeds;
}

let numNetworks = 0;

/**
 * A network and the pool that computes with it. It owns nothing to dispose. Parameters must
 * not change while a job runs; the next job sees the new values.
 */
export class ParallelSgp {
  readonly #sgp: Sgp;
  readonly #pool?: WorkerPool;
  /** The number of shares of a batch is a multiple of this. */
  readonly #baseShares: number;
  readonly #network?: SharedNetwork;
  /** The gradient of each share. */
  readonly #gradients: SharedArrays[] = [];

  /**
   * @param sgp The network of the main thread; workers use copies of its parameters.
   * @param options Who computes, and how gradients are summed.
   */
  constructor(sgp: Sgp, { pool, deterministic = false }: ParallelOptions = {}) {
    this.#sgp = sgp;
    this.#pool = pool;
    this.#baseShares = deterministic ? DETERMINISTIC_SHARES : pool?.size ?? 1;
    if (!pool) return;
    const { config, activationRanges: ranges } = sgp;
    const words = sgp.words && {
      ...sgp.words,
      entities: shareCopy(sgp.words.entities),
      relations: shareCopy(sgp.words.relations),
    };
    const { byName: values } = shareArrays(sgp);
    this.#network = { id: numNetworks++, config, words, values, ranges, version: -1 };
  }

  /** Updates the shared copy of the parameters if they have changed, and returns it. */
  #shared(): SharedNetwork {
    const network = this.#network!;
    const { variables, version } = this.#sgp.parameters;
    if (network.version !== version) {
      for (const [name, target] of network.values) {
        target.set(heapFloats(variables.get(name)!));
      }
      network.version = version;
    }
    return network;
  }

  /**
   * Computes the loss of a batch and its gradient at the current parameters. Any free
   * thread takes the next share of the batch; the sums run in the order of the shares.
   *
   * @param images At least one.
   * @param loss Settings of the loss.
   * @param dropout Dropout of this pass; default: none.
   * @returns Loss and gradient; the caller disposes the gradients.
   * @throws {Error} If a worker fails; names its images.
   */
  async lossAndGradients(
    images: readonly Example[],
    loss: LossConfig,
    dropout?: DropoutSeeds,
  ): Promise<CheckedGradients> {
    const sizes = images.map(({ entityLabels: { length } }) => length * length);
    const shares = dealBySize(sizes, this.#numSharesOf(sizes)).map((items, s): Share => ({
      images: items.map((i) => images[i]),
      // The regularization counts once, in the first share.
      loss: s === 0 ? loss : { ...loss, regularization: 0 },
      dropout: dropout && { ...dropout, seeds: items.map((i) => dropout.seeds[i]) },
    }));
    return this.#pool
      ? await this.#learnInPool(this.#pool, shares)
      : await learnHere(this.#sgp, shares);
  }

  /** Number of shares of a batch with images of these numbers of pairs. */
  #numSharesOf(sizes: readonly number[]): number {
    const numPairs = sizes.reduce((sum, size) => sum + size, 0);
    const hiddenNumbers = numPairs * this.#sgp.config.hidden / this.#baseShares;
    return this.#baseShares * Math.ceil(hiddenNumbers / MOST_HIDDEN_NUMBERS);
  }

  /** Runs {@linkcode Sgp.predict}, on a worker if there are any. */
  predict(images: readonly Example[]): Promise<SgpPrediction[]> {
    return this.#pool
      ? this.#pool.run("predict", { network: this.#shared(), images })
      : this.#sgp.predict(images);
  }

  /** Runs {@linkcode validateBatch}, on a worker if there are any. */
  validateBatch(
    images: readonly Example[],
    config: TrainConfig,
  ): Promise<BatchValidation> {
    return this.#pool
      ? this.#pool.run("validate", { network: this.#shared(), images, config })
      : validateBatch(this.#sgp, images, config);
  }

  async #learnInPool(
    pool: WorkerPool,
    shares: readonly Share[],
  ): Promise<CheckedGradients> {
    while (this.#gradients.length < shares.length) {
      this.#gradients.push(shareArrays(this.#sgp));
    }
    const network = this.#shared();
    const parts = await Promise.all(shares.map((share, s) => {
      return pool.run("learn", {
        ...share,
        network,
        gradients: this.#gradients[s].byName,
      });
    }));
    const arrays = this.#gradients.slice(0, shares.length).map(({ all }) => all);
    const size = Math.ceil(arrays[0].length / pool.size);
    if (shares.length > 1) {
      await Promise.all(Array.from({ length: pool.size }, (_, w) => {
        const range = arrays.map((all) => all.subarray(w * size, (w + 1) * size));
        return pool.run("sum", { arrays: range });
      }));
    }
    const gradients: Record<string, tf.Tensor> = {};
    for (const [name, { shape }] of this.#sgp.parameters.variables) {
      gradients[name] = tf.tensor(this.#gradients[0].byName.get(name)!, shape);
    }
    return {
      loss: parts.reduce((sum, { loss }) => sum + loss, 0),
      isFinite: parts.every(({ isFinite }) => isFinite),
      gradients,
    };
  }
}

/**
 * Computes the shares on this thread, one after another. A number that is not finite stays
 * so in the sum, so one check of the sum is enough.
 */
async function learnHere(sgp: Sgp, shares: readonly Share[]): Promise<CheckedGradients> {
  let sum: LossAndGradients | undefined;
  for (const { images, loss: settings, dropout } of shares) {
    const { loss, gradients } = await lossAndGradients(sgp, images, settings, dropout);
    if (!sum) {
      sum = { loss, gradients };
      continue;
    }
    sum.loss += loss;
    for (const [name, gradient] of Object.entries(gradients)) {
      const before = sum.gradients[name];
      sum.gradients[name] = before ? tf.add(before, gradient) : gradient;
      if (before) tf.dispose([before, gradient]);
    }
  }
  const { loss, gradients } = sum!;
  const isFinite = Number.isFinite(loss) && await areFinite(gradients);
  return { loss, gradients, isFinite };
}

/** Copies an array into shared memory. */
function shareCopy(array: Float32Array): Float32Array {
  const copy = new Float32Array(new SharedArrayBuffer(array.byteLength));
  copy.set(array);
  return copy;
}

/** An array with a number for each parameter of a network, in shared memory. */
interface SharedArrays {
  all: Float32Array;
  /** Parts of `all`, by parameter name. */
  byName: ReadonlyMap<string, Float32Array>;
}

/** Allocates shared memory for all parameters of a network. */
function shareArrays({ parameters: { variables } }: Sgp): SharedArrays {
  const bytes = [...variables.values()].reduce((sum, { size }) => sum + 4 * size, 0);
  const all = new Float32Array(new SharedArrayBuffer(bytes));
  let start = 0;
  const byName = new Map(Array.from(variables, ([name, { size }]) => {
    const array = all.subarray(start, start + size);
    start += size;
    return [name, array];
  }));
  return { all, byName };
}
