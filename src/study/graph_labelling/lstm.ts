/**
 * Long short-term memory (Hochreiter and Schmidhuber, 1997; with the forget gate of Gers et
 * al., 2000).
 *
 * @module
 */

import { tf } from "../../deps/tf.ts";
import { dense } from "../../kernels/dense.ts";
import { gatherRows, type Groups } from "../../kernels/groups.ts";
import type { Layer } from "../../model/parameters.ts";
import type { Random } from "../../random.ts";
import type { Variables } from "./perceptron.ts";

/** An LSTM that reads rows of a table, one row a step. */
export class Lstm {
  readonly #input: Layer;
  readonly #state: tf.Variable<tf.Rank.R2>;

  /**
   * @param widths Widths of input and state.
   * @param variables Gets the new variables, and owns them.
   * @param random Source of the weights.
   */
  constructor(
    { input, state }: { input: number; state: number },
    variables: Variables,
    random: Random,
  ) {
    // The gates side by side: input, forget, candidate, output.
    this.#input = variables.layer([input, 4 * state], random);
    this.#state = variables.weights([state, 4 * state], random);
    // A forget gate that is open at first lets gradients through (Jozefowicz et al., 2015).
    const isForget = (i: number) => i >= state && i < 2 * state;
    const biases = Float32Array.from(
      { length: 4 * state },
      (_, i) => isForget(i) ? 1 : 0,
    );
    tf.tidy(() => this.#input.biases.assign(tf.tensor1d(biases)));
  }

  /**
   * Reads sequences.
   *
   * @param table `[G, in]`: what can be read.
   * @param steps The row that each of m sequences reads at each step.
   * @returns `[m, state]`: the state after the last step; differentiable; for a `tf.tidy`.
   */
  read(table: tf.Tensor2D, steps: readonly Groups[]): tf.Tensor2D {
    const { weights, biases } = this.#input;
    const inputs = dense(table, weights, { biases }); // [G, 4 state]
    let hidden: tf.Tensor2D | undefined, cell: tf.Tensor2D | undefined;
    for (const rows of steps) {
      const gates = hidden
        ? dense(hidden, this.#state, { groups: [{ table: inputs, rows }] })
        : gatherRows(inputs, rows); // [m, 4 state]
      const [input, forget, candidate, output] = tf.split(gates, 4, 1);
      const added = tf.mul(tf.sigmoid(input), tanh(candidate));
      cell = cell
        ? tf.add(tf.mul(tf.sigmoid(forget), cell), added)
        : added as tf.Tensor2D;
      hidden = tf.mul(tf.sigmoid(output), tanh(cell!));
    }
    return hidden!;
  }
}

/** tanh by the sigmoid, which the WASM backend computes faster. */
function tanh(x: tf.Tensor): tf.Tensor {
  return tf.sub(tf.mul(tf.sigmoid(tf.mul(x, 2)), 2), 1);
}
