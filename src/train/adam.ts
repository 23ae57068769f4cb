/**
 * The Adam optimiser, over named variables.
 *
 * @module
 */

import { tf } from "../deps/tf.ts";
import { updateByAdam } from "../kernels/adam.ts";
import type { NamedParameter, Parameters } from "../model/parameters.ts";

/** Decay of the two moments; the defaults of Kingma and Ba (arXiv 1412.6980). */
const BETA1 = 0.9, BETA2 = 0.999;

/** Keeps the division finite; the default of Kingma and Ba, and of TensorFlow 1. */
const EPSILON = 1e-8;

/**
 * Where epsilon is added: to the root of the bias-corrected second moment (the paper of
 * Kingma and Ba, algorithm 1), or to the root of the uncorrected one (TensorFlow 1).
 */
export type EpsilonForm = "corrected" | "tensorflow1";

/** Adam's state and its step. Owns tensors: dispose it. */
export class Adam {
  readonly #parameters: Parameters;
  readonly #form: EpsilonForm;
  readonly #moments = new Map<string, { first: tf.Variable; second: tf.Variable }>();
  #updates = 0;

  /**
   * @param parameters What is trained.
   * @param form Where epsilon is added.
   */
  constructor(parameters: Parameters, form: EpsilonForm = "corrected") {
    this.#parameters = parameters;
    this.#form = form;
    for (const [name, variable] of parameters.variables) {
      const zeros = () =>
        tf.tidy(() => tf.variable(tf.zeros(variable.shape), false)) as tf.Variable;
      this.#moments.set(name, { first: zeros(), second: zeros() });
    }
  }

  /** Number of updates so far. */
  get updates(): number {
    return this.#updates;
  }

  /**
   * Changes every parameter once.
   *
   * @param gradients By parameter name; a missing one counts as zero.
   * @param learningRate Of this update.
   */
  update(gradients: Readonly<Record<string, tf.Tensor>>, learningRate: number): void {
    const t = ++this.#updates;
    const correction1 = 1 - BETA1 ** t, correction2 = 1 - BETA2 ** t;
    // Both forms as: value -= rate * first / (sqrt(second) + epsilon).
    const rate = learningRate * Math.sqrt(correction2) / correction1;
    const epsilon = this.#form === "tensorflow1"
      ? EPSILON
      : EPSILON * Math.sqrt(correction2);
    for (const [name, variable] of this.#parameters.variables) {
      const { first, second } = this.#moments.get(name)!;
      updateByAdam({ value: variable, first, second, gradient: gradients[name] }, {
        ...{ beta1: BETA1, beta2: BETA2, rate, epsilon },
      });
    }
    this.#parameters.markChanged();
  }

  /** The state, to go on later exactly from here. */
  async state(): Promise<{ updates: number; moments: NamedParameter[] }> {
    const moments: NamedParameter[] = [];
    for (const [name, { first, second }] of this.#moments) {
      for (const [part, variable] of [["first", first], ["second", second]] as const) {
        const data = Float32Array.from(await variable.data());
        moments.push({ name: `adam/${part}/${name}`, shape: variable.shape, data });
      }
    }
    return { updates: this.#updates, moments };
  }

  /** Goes back to a state, by the names that {@linkcode Adam.state} gave. */
  restore(updates: number, moments: ReadonlyMap<string, Float32Array>): void {
    this.#updates = updates;
    for (const [name, { first, second }] of this.#moments) {
      for (const [part, variable] of [["first", first], ["second", second]] as const) {
        const data = moments.get(`adam/${part}/${name}`);
        if (data?.length !== variable.size) {
          throw new RangeError(
            `Cannot resume: the state of Adam lacks "${part}" of "${name}"`,
          );
        }
        tf.tidy(() => variable.assign(tf.tensor(data, variable.shape)));
      }
    }
  }

  /** Frees the moments. */
  dispose(): void {
    for (const { first, second } of this.#moments.values()) tf.dispose([first, second]);
  }
}
