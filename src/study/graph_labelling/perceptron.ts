/**
 * A net of dense layers, from which every network of the experiment is built.
 *
 * @module
 */

import { tf } from "../../deps/tf.ts";
import { dense, type DenseOptions } from "../../kernels/dense.ts";
import type { Layer } from "../../model/parameters.ts";
import type { Random } from "../../random.ts";

/** The variables of a network; owns them. */
export class Variables {
  /** By the name that TensorFlow.js gives, which gradients have too; in order of making. */
  readonly variables = new Map<string, tf.Variable>();

  /** Number of parameters. */
  get count(): number {
    let count = 0;
    for (const variable of this.variables.values()) count += variable.size;
    return count;
  }

  /**
   * Makes a dense layer with weights uniform in +-sqrt(6 / (in + out)) (Glorot) and biases
   * of zero.
   *
   * @param shape Numbers of inputs and outputs.
   * @param random Source of chance.
   */
  layer(shape: [number, number], random: Random): Layer {
    const weights = this.weights(shape, random);
    return { weights, biases: this.#make<tf.Rank.R1>([shape[1]], () => 0) };
  }

  /** The weights of such a layer alone. */
  weights(shape: [number, number], random: Random): tf.Variable<tf.Rank.R2> {
    const limit = Math.sqrt(6 / (shape[0] + shape[1]));
    return this.#make<tf.Rank.R2>(shape, () => random.between(-limit, limit));
  }

  #make<R extends tf.Rank>(shape: tf.ShapeMap[R], draw: () => number): tf.Variable<R> {
    const length = (shape as number[]).reduce((a, b) => a * b);
    const data = Float32Array.from({ length }, draw);
    const variable = tf.tidy(() => tf.variable(tf.tensor<R>(data, shape)));
    this.variables.set(variable.name, variable as tf.Variable);
    return variable as tf.Variable<R>;
  }

  /** Frees the variables. */
  dispose(): void {
    for (const variable of this.variables.values()) variable.dispose();
  }
}

/** Dense layers with relu between them, or, for comparison, without. */
export class Perceptron {
  readonly #layers: readonly Layer[];
  readonly #isLinear: boolean;

  /**
   * @param widths Input first, `[in, hidden.., out]`.
   * @param variables Gets the new variables, and owns them.
   * @param random Source of the weights.
   * @param isLinear Whether relu is left out, so that the net computes a linear function
   * with as many parameters; default false.
   */
  constructor(
    widths: readonly number[],
    variables: Variables,
    random: Random,
    isLinear = false,
  ) {
    this.#isLinear = isLinear;
    this.#layers = widths.slice(1).map((outputs, i) =>
      variables.layer([widths[i], outputs], random)
    );
  }

  /**
   * Applies the net.
   *
   * @param x `[m, in]`.
   * @param first Terms to add to the first layer, as of {@linkcode dense}.
   * @returns `[m, out]`, without an activation; differentiable; for a `tf.tidy`.
   */
  apply(x: tf.Tensor2D, first: DenseOptions = {}): tf.Tensor2D {
    return this.#layers.reduce((y, { weights, biases }, i) =>
      dense(y, weights, {
        ...i === 0 && first,
        biases,
        isRelu: !this.#isLinear && i + 1 < this.#layers.length,
      }), x);
  }
}
