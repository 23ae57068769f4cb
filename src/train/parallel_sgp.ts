/**
 * A network on several cores: gradients of a batch, predictions and validation, by the
 * threads of a pool.
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
 * Into how many shares a batch is dealt where the number of workers must not matter; more
 * would keep more cores busy, and cost more on few.
 */
const DETERMINISTIC_SHARES = 8;

/**
 * A share has at most about so many pairs times the width of a hidden layer, whoever
 * computes: at the published size a pair takes 0.11 MB, and each share beyond the first
 * costs time of its own (packing and summing weights, tables of words): with four instead
 * of three, 20 images of 20 entities take 7 % longer.
 */
const MOST_HIDDEN_NUMBERS = 2800 * 500;

/** Settings of {@linkcode ParallelSgp}. */
export interface ParallelOptions {
  /** Who computes; default: the main thread alone. It stays the caller's. */
  pool?: WorkerPool;
  /** Whether gradients are to be the same for every number of workers; default false. */
  deterministic?: boolean;
}

/** A loss and its gradient, and whether all of it is finite. */
export interface CheckedGradients extends LossAndGradients {
  isFinite: boolean;
}

/** Shares of a batch that are ready to be learned from. */
interface Share {
  images: readonly Example[];
  loss: LossConfig;
  dropout?: DropoutSeeds;
}

let numNetworks = 0;

/**
 * A network and the pool that computes with it. It owns nothing to dispose of. Parameters
 * must not change while a job is under way; the next one finds the new ones.
 */
export class ParallelSgp {
  readonly #sgp: Sgp;
  readonly #pool?: WorkerPool;
  /** Shares that a batch is dealt into, or so many times a whole number. */
  readonly #numShares: number;
  readonly #network?: SharedNetwork;
  /** For each share, its gradient: whole, and by parameter. */
  readonly #gradients: SharedArrays[] = [];

  /**
   * @param sgp The network; the main thread's, which the workers follow.
   * @param options Who computes, and how gradients are summed.
   */
  constructor(sgp: Sgp, { pool, deterministic = false }: ParallelOptions = {}) {
    this.#sgp = sgp;
    this.#pool = pool;
    this.#numShares = deterministic ? DETERMINISTIC_SHARES : pool?.size ?? 1;
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

  /** The network, its values those of the parameters as they are now. */
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
   * The loss of a batch and its gradient, at the parameters as they are now: the shares
   * of the batch are computed by whoever is free and summed in their order.
   *
   * @param images At least one.
   * @param loss Settings of the loss.
   * @param dropout None: no dropout.
   * @returns Both; the caller disposes the gradients.
   * @throws {Error} If a worker fails; names its images.
   */
  async lossAndGradients(
    images: readonly Example[],
    loss: LossConfig,
    dropout?: DropoutSeeds,
  ): Promise<CheckedGradients> {
    const sizes = images.map(({ entityLabels: { length } }) => length * length);
    const shares = dealBySize(sizes, this.#sharesOf(sizes)).map((items, s): Share => ({
      images: items.map((i) => images[i]),
      // The squared norm of the parameters counts once.
      loss: s === 0 ? loss : { ...loss, regularization: 0 },
      dropout: dropout && { ...dropout, seeds: items.map((i) => dropout.seeds[i]) },
    }));
    return this.#pool
      ? await this.#learnInPool(this.#pool, shares)
      : await learnHere(this.#sgp, shares);
  }

  #sharesOf(sizes: readonly number[]): number {
    const numPairs = sizes.reduce((sum, size) => sum + size, 0);
    const ofOne = numPairs * this.#sgp.config.hidden / this.#numShares;
    return this.#numShares * Math.ceil(ofOne / MOST_HIDDEN_NUMBERS);
  }

  /** What {@linkcode Sgp.predict} says, computed by a worker if there are any. */
  predict(images: readonly Example[]): Promise<SgpPrediction[]> {
    return this.#pool
      ? this.#pool.run("predict", { network: this.#shared(), images })
      : this.#sgp.predict(images);
  }

  /** What {@linkcode validateBatch} says, computed by a worker if there are any. */
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
        const ofRange = arrays.map((all) => all.subarray(w * size, (w + 1) * size));
        return pool.run("sum", { arrays: ofRange });
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

/** The same without workers. What is not finite stays so in a sum, which is looked at once. */
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

function shareCopy(array: Float32Array): Float32Array {
  const copy = new Float32Array(new SharedArrayBuffer(array.byteLength));
  copy.set(array);
  return copy;
}

/** As many numbers as a network has parameters, in memory that all threads share. */
interface SharedArrays {
  all: Float32Array;
  byName: ReadonlyMap<string, Float32Array>;
}

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
