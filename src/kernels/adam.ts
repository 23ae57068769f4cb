/**
 * The Adam optimiser, with weight decay if wanted (AdamW). An update takes one pass where
 * the backend has the kernel; twelve TensorFlow.js operations, each with a new tensor,
 * where it has not.
 *
 * @module
 */

import { tf } from "../deps/tf.ts";
import { hasKernel, runKernels } from "./run.ts";

/** Decay of the two moments; the defaults of Kingma and Ba (arXiv 1412.6980). */
const BETA1 = 0.9, BETA2 = 0.999;

/** Keeps the division finite; the default of Kingma and Ba, and of TensorFlow 1. */
const EPSILON = 1e-8;

/** The variables to train. */
export interface TrainedVariables {
  /** By name, always in the same order. */
  readonly variables: ReadonlyMap<string, tf.Variable>;
  /** Called after each update. */
  markChanged?(): void;
}

/** Settings of {@linkcode Adam}. */
export interface AdamOptions {
  /**
   * Where epsilon is added: to the root of the bias-corrected second moment (Kingma and
   * Ba, algorithm 1), or to the root of the uncorrected one (TensorFlow 1); default
   * `"corrected"`.
   */
  epsilonForm?: "corrected" | "tensorflow1";
  /**
   * Decoupled weight decay (Loshchilov and Hutter, arXiv 1711.05101): each update first
   * multiplies every variable by 1 - learning rate * weight decay; default 0.
   */
  weightDecay?: number;
}

/** State with which Adam continues exactly where it stopped. */
export interface AdamState {
  /** Number of updates so far. */
  updates: number;
  /** `adam/first/<name>` and `adam/second/<name>` of each variable. */
  moments: { name: string; shape: number[]; data: Float32Array }[];
}

/** Adam's moments and its update. Owns tensors: dispose it. */
export class Adam {
  readonly #trained: TrainedVariables;
  readonly #options: Required<AdamOptions>;
  readonly #moments = new Map<string, { first: tf.Variable; second: tf.Variable }>();
  #updates = 0;

  /**
   * @param trained The variables to train; they stay the caller's.
   * @param options Form of epsilon, and weight decay.
   */
  constructor(
    trained: TrainedVariables,
    { epsilonForm = "corrected", weightDecay = 0 }: AdamOptions = {},
  ) {
    this.#trained = trained;
    this.#options = { epsilonForm, weightDecay };
    for (const [name, variable] of trained.variables) {
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
   * Updates every variable once.
   *
   * @param gradients By variable name; a missing one counts as zero.
   * @param learningRate Learning rate of this update.
   * @throws {RangeError} If a gradient has another shape than its variable.
   */
  update(gradients: Readonly<Record<string, tf.Tensor>>, learningRate: number): void {
    const t = ++this.#updates;
    const correction1 = 1 - BETA1 ** t, rootOfCorrection2 = Math.sqrt(1 - BETA2 ** t);
    // Both forms as: value -= rate * first / (sqrt(second) + epsilon).
    const rate = learningRate * rootOfCorrection2 / correction1;
    const { epsilonForm, weightDecay } = this.#options;
    const epsilon = epsilonForm === "tensorflow1" ? EPSILON : EPSILON * rootOfCorrection2;
    const kept = 1 - learningRate * weightDecay;
    for (const [name, value] of this.#trained.variables) {
      if (kept !== 1) tf.tidy(() => value.assign(tf.mul(value, kept)));
      updateByAdam({ value, ...this.#moments.get(name)!, gradient: gradients[name] }, {
        ...{ beta1: BETA1, beta2: BETA2, rate, epsilon },
      });
    }
    this.#trained.markChanged?.();
  }

  /** A copy of the state. */
  async state(): Promise<AdamState> {
    const moments: AdamState["moments"] = [];
    for (const [name, { first, second }] of this.#moments) {
      for (const [part, variable] of [["first", first], ["second", second]] as const) {
        const data = Float32Array.from(await variable.data());
        moments.push({ name: `adam/${part}/${name}`, shape: variable.shape, data });
      }
    }
    return { updates: this.#updates, moments };
  }

  /**
   * Goes back to a state.
   *
   * @param updates Number of updates so far.
   * @param moments By the names of {@linkcode AdamState.moments}.
   * @throws {RangeError} If a moment is missing or has another length.
   */
  restore(updates: number, moments: ReadonlyMap<string, Float32Array>): void {
    this.#updates = updates;
    for (const [name, { first, second }] of this.#moments) {
      for (const [part, variable] of [["first", first], ["second", second]] as const) {
        const data = moments.get(`adam/${part}/${name}`);
        if (data?.length !== variable.size) {
          throw new RangeError(
            `Cannot resume as the state of Adam must have "${part}" of "${name}" with ${variable.size} numbers: found ${
              data?.length ?? "none"
            }`,
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

/** A variable, its moments and its gradient, all of one shape. */
export interface AdamTensors {
  value: tf.Variable;
  first: tf.Variable;
  second: tf.Variable;
  /** A missing one counts as zero. */
  gradient?: tf.Tensor;
}

/** The numbers of an update. */
export interface AdamNumbers {
  /** Decay of the first moment. */
  beta1: number;
  /** Decay of the second moment. */
  beta2: number;
  /** Learning rate, with the bias corrections of both moments. */
  rate: number;
  epsilon: number;
}

/**
 * Updates the moments, then `value -= rate * first / (sqrt(second) + epsilon)`.
 *
 * On WASM the numbers change in place, so a tensor that shares its data with one of the
 * variables changes too.
 *
 * @throws {RangeError} If the shapes differ.
 */
export function updateByAdam(tensors: AdamTensors, numbers: AdamNumbers): void {
  const { value, first, second } = tensors;
  tf.tidy(() => {
    const gradient = tensors.gradient ?? tf.zerosLike(value);
    for (const { shape } of [first, second, gradient]) {
      if (shape.join() === value.shape.join()) continue;
      throw new RangeError(
        `Cannot update [${value.shape}] as moments and gradient must have its shape: ` +
          `found [${shape}]`,
      );
    }
    if (hasKernel("SgpAdam")) {
      runKernels("SgpAdam", { value, first, second, gradient }, numbers);
    } else composeAdam({ ...tensors, gradient }, numbers);
  });
}

/** The same update by TensorFlow.js operations; the kernel is tested against it. */
export function composeAdam(
  { value, first, second, gradient }: Required<AdamTensors>,
  { beta1, beta2, rate, epsilon }: AdamNumbers,
): void {
  tf.tidy(() => {
    first.assign(tf.add(tf.mul(first, beta1), tf.mul(gradient, 1 - beta1)));
    const squares = tf.mul(tf.square(gradient), 1 - beta2);
    second.assign(tf.add(tf.mul(second, beta2), squares));
    const step = tf.div(first, tf.add(tf.sqrt(second), epsilon));
    value.assign(tf.sub(value, tf.mul(step, rate)));
  });
}
