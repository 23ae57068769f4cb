/**
 * Training as a sequence of events: updates and epochs.
 *
 * @module
 */

import { tf } from "../deps/tf.ts";
import type { TrainConfig } from "../config.ts";
import type { Example } from "../example.ts";
import { Adam } from "../kernels/adam.ts";
import type { NamedParameter } from "../model/parameters.ts";
import type { Sgp } from "../model/sgp.ts";
import { seedFrom } from "../random.ts";
import { hasRelation } from "./loss.ts";
import { ParallelSgp } from "./parallel_sgp.ts";
import { learningRateAt } from "./schedule.ts";
import { areFinite, lossAndGradients } from "./step.ts";
import type { Validation } from "./validate.ts";

/** Training images and validation. */
export interface TrainData {
  /** Number of training images. */
  size: number;
  /** The training images, in an order that is the same for the same seed. */
  examples(shuffleSeed: number): AsyncIterable<Example>;
  /** Validates the network with its current parameters. */
  validate(sgp: Sgp): Promise<Validation>;
}

/** Progress after an update. */
export interface UpdateEvent {
  type: "update";
  /** From 1. */
  epoch: number;
  /** Training images read in this epoch. */
  done: number;
  /** Training images of an epoch. */
  size: number;
  /** Mean loss of an image since the epoch began. */
  loss: number;
}

/** Result of an epoch. */
export interface EpochEvent {
  type: "epoch";
  /** From 1. */
  epoch: number;
  /** Mean training loss of an image, with dropout. */
  loss: number;
  validation: Validation;
  /** Learning rate of the epoch's last update. */
  learningRate: number;
  /** Whether this epoch is better than all before. */
  isBest: boolean;
}

/** State of training; with it and the parameters, training continues as if uninterrupted. */
export interface TrainState {
  /** Epochs done. */
  epoch: number;
  /** Number of Adam's updates. */
  updates: number;
  /** Best epoch so far, from 1, and its validation; absent before the first. */
  best?: { epoch: number; validation: Validation };
  /** Adam's moments by name. */
  moments: readonly NamedParameter[];
}

/** The loss or a gradient is not finite, mostly as the learning rate is too high. */
export class DivergenceError extends RangeError {}

/** Trains a network. Owns tensors: dispose it; the caller disposes the network. */
export class Trainer {
  readonly #sgp: Sgp;
  readonly #config: TrainConfig;
  readonly #data: TrainData;
  readonly #adam: Adam;
  readonly #parallel: ParallelSgp;
  #epoch = 0;
  #best?: { epoch: number; validation: Validation };

  /**
   * @param sgp The network, which is changed in place.
   * @param config Settings of the training.
   * @param data Images and validation.
   * @param parallel The same network on several cores; default: on this thread alone.
   */
  constructor(
    sgp: Sgp,
    config: TrainConfig,
    data: TrainData,
    parallel = new ParallelSgp(sgp),
  ) {
    this.#sgp = sgp;
    this.#config = config;
    this.#data = data;
    this.#parallel = parallel;
    this.#adam = new Adam(sgp.parameters, {
      epsilonForm: config.loss === "paper" ? "tensorflow1" : "corrected",
    });
  }

  /** The state at the end of the last epoch; the parameters are in the network. */
  async state(): Promise<TrainState> {
    const { updates, moments } = await this.#adam.state();
    return { epoch: this.#epoch, updates, best: this.#best, moments };
  }

  /**
   * Restores a state; the caller sets the parameters.
   *
   * @throws {RangeError} If the state lacks a moment of a parameter.
   */
  restore(state: TrainState): void {
    const moments = new Map(state.moments.map(({ name, data }) => [name, data]));
    this.#adam.restore(state.updates, moments);
    this.#epoch = state.epoch;
    this.#best = state.best;
  }

  /**
   * Trains until the last epoch, or until `patience` epochs in a row were not better.
   *
   * @returns Events as they happen; training pauses until the next one is requested.
   * @throws {DivergenceError} If a loss or gradient is not finite; names the image.
   * @throws {Error} If a worker fails; names its images.
   */
  async *run(): AsyncGenerator<UpdateEvent | EpochEvent> {
    const { epochs, patience } = this.#config;
    while (this.#epoch < epochs) {
      if (patience > 0 && this.#best && this.#epoch - this.#best.epoch >= patience) {
        return;
      }
      const { loss, learningRate } = yield* this.#runEpoch();
      const validation = await this.#data.validate(this.#sgp);
      this.#epoch++;
      const isBest = !this.#best || this.#isBetter(validation, this.#best.validation);
      if (isBest) this.#best = { epoch: this.#epoch, validation };
      yield { type: "epoch", epoch: this.#epoch, loss, validation, learningRate, isBest };
    }
  }

  async *#runEpoch(): AsyncGenerator<
    UpdateEvent,
    { loss: number; learningRate: number }
  > {
    const { seed, batchSize, loss: lossForm } = this.#config;
    const { size } = this.#data;
    let group: Example[] = [];
    let done = 0, learned = 0, total = 0, learningRate = 0;
    const update = async () => {
      learningRate = learningRateAt(this.#config, this.#epoch, learned / size);
      total += await this.#update(group, learningRate);
      learned += group.length;
      group = [];
      const loss = total / learned;
      return { type: "update", epoch: this.#epoch + 1, done, size, loss } as const;
    };
    for await (
      const example of this.#data.examples(seedFrom(seed, "order", this.#epoch))
    ) {
      done++;
      if (!hasRelation(example)) continue;
      group.push(example);
      if (group.length === batchSize) yield await update();
    }
    // The published program drops the images left over.
    if (group.length > 0 && lossForm !== "paper") yield await update();
    if (learned === 0) {
      throw new RangeError(
        `Cannot train as an update needs ${batchSize} images with a relation: ${size} images have ${group.length}`,
      );
    }
    return { loss: total / learned, learningRate };
  }

  async #update(group: readonly Example[], learningRate: number): Promise<number> {
    const { dropout: rate, seed } = this.#config;
    const seeds = group.map(({ id }) => seedFrom(seed, "dropout", this.#epoch, id));
    const { loss, gradients, isFinite } = await this.#parallel.lossAndGradients(
      group,
      this.#config,
      { rate, seeds },
    );
    try {
      if (!isFinite) throw await this.#explain(group, loss);
      this.#adam.update(gradients, learningRate);
    } finally {
      tf.dispose(gradients);
    }
    return loss;
  }

  /** Names the first image whose loss or gradient is not finite. */
  async #explain(group: readonly Example[], loss: number): Promise<DivergenceError> {
    let culprit = group[0];
    for (const example of group) {
      const single = await lossAndGradients(this.#sgp, [example], this.#config);
      const isFine = Number.isFinite(single.loss) && await areFinite(single.gradients);
      tf.dispose(single.gradients);
      if (!isFine) {
        culprit = example;
        break;
      }
    }
    return new DivergenceError(
      `Cannot continue the training: image "${culprit.id}" of epoch ${
        this.#epoch + 1
      } gives a loss or gradient that is not finite (loss of the ${group.length} images of its batch: ${loss}); this epoch was not saved; try a lower --learning-rate`,
    );
  }

  #isBetter(a: Validation, b: Validation): boolean {
    return this.#config.select === "loss" ? a.loss < b.loss : a.recall > b.recall;
  }

  /** Frees the optimiser's tensors. */
  dispose(): void {
    this.#adam.dispose();
  }
}
