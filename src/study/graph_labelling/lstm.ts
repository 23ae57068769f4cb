/**
 * Long short-term memory (Hochreiter and Schmidhuber, 1997; with the forget gate of Gers et
 * al., 2000).
 *
 * @module
 */

import { tf } from "../../deps/tf.ts";
import { dense } from "../../kernels/dense.ts";
import { gatherRows, type Groups, sumRows } from "../../kernels/groups.ts";
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
    return readRows(dense(table, weights, { biases }), this.#state, steps);
  }
}

/** What a step computes and its gradient needs, each `[m, state]` but for the gates. */
interface Step {
  /** `[m, 4 state]`: sigmoid of input, forget and output gate, and of twice the candidate. */
  gates: tf.Tensor2D;
  /** tanh of the candidate. */
  candidate: tf.Tensor2D;
  /** tanh of the cell after the step. */
  cellTanh: tf.Tensor2D;
  /** Cell and state before the step; the first has none. */
  cellBefore?: tf.Tensor2D;
  before?: tf.Tensor2D;
}

/**
 * All steps as one operation: its gradient by hand takes a third of the operations of one
 * composed by TensorFlow.js.
 */
function readRows(
  inputs: tf.Tensor2D,
  weights: tf.Tensor2D,
  steps: readonly Groups[],
): tf.Tensor2D {
  return tf.customGrad((...args) => {
    const [inputs, weights, save] = args as [tf.Tensor2D, tf.Tensor2D, tf.GradSaveFunc];
    // tanh(x) = 2 sigmoid(2 x) - 1, so one sigmoid serves all gates.
    const scale = gateRow(weights.shape[0], 2);
    const done: Step[] = [];
    let state: tf.Tensor2D | undefined, cell: tf.Tensor2D | undefined;
    for (const rows of steps) {
      const sums = state
        ? dense(state, weights, { groups: [{ table: inputs, rows }] })
        : gatherRows(inputs, rows); // [m, 4 state]
      const gates: tf.Tensor2D = tf.sigmoid(tf.mul(sums, scale));
      const [input, forget, doubled, output] = tf.split(gates, 4, 1);
      const candidate: tf.Tensor2D = tf.sub(tf.mul(doubled, 2), 1);
      const added: tf.Tensor2D = tf.mul(input, candidate);
      const next: tf.Tensor2D = cell ? tf.add(tf.mul(forget, cell), added) : added;
      const cellTanh: tf.Tensor2D = tf.tanh(next);
      done.push({ gates, candidate, cellTanh, cellBefore: cell, before: state });
      [state, cell] = [tf.mul(output, cellTanh), next];
    }
    const tensors = done.flatMap((step) => Object.values(step));
    save([weights, ...tensors.filter((tensor) => tensor)]);
    const gradFunc = (dy: tf.Tensor, saved: tf.Tensor[]) => {
      const [weights, ...kept] = saved as tf.Tensor2D[];
      return tf.tidy(() => gradients(dy as tf.Tensor2D, weights, stepsOf(kept), steps));
    };
    return { value: state!, gradFunc };
  })(inputs, weights) as tf.Tensor2D;
}

/** The saved tensors by step; the first step has three, every other one five. */
function stepsOf(kept: readonly tf.Tensor2D[]): Step[] {
  const steps: Step[] = [];
  for (let i = 0; i < kept.length; i += i === 0 ? 3 : 5) {
    const [gates, candidate, cellTanh] = kept.slice(i, i + 3);
    const [cellBefore, before] = i === 0 ? [] : kept.slice(i + 3, i + 5);
    steps.push({ gates, candidate, cellTanh, cellBefore, before });
  }
  return steps;
}

/** Gradients of inputs and weights, from the last step to the first. */
function gradients(
  dy: tf.Tensor2D,
  weights: tf.Tensor2D,
  steps: readonly Step[],
  rows: readonly Groups[],
): tf.Tensor2D[] {
  const transposed: tf.Tensor2D = tf.transpose(weights);
  // The candidate is 2 s - 1 of a sigmoid s of twice the sum: two factors of 2.
  const scale = gateRow(weights.shape[0], 4);
  const ofSums: tf.Tensor2D[] = [];
  let ofState = dy, ofCellAfter: tf.Tensor2D | undefined;
  for (let t = steps.length - 1; t >= 0; t--) {
    const { gates, candidate, cellTanh, cellBefore } = steps[t];
    const [input, forget, , output] = tf.split(gates, 4, 1);
    const throughTanh: tf.Tensor2D = tf.mul(
      tf.mul(ofState, output),
      tf.sub(1, tf.square(cellTanh)),
    );
    const ofCell: tf.Tensor2D = ofCellAfter
      ? tf.add(throughTanh, ofCellAfter)
      : throughTanh;
    const ofGates = tf.concat([
      tf.mul(ofCell, candidate),
      cellBefore ? tf.mul(ofCell, cellBefore) : tf.zerosLike(ofCell),
      tf.mul(ofCell, input),
      tf.mul(ofState, cellTanh),
    ], 1);
    const slope = tf.mul(tf.mul(gates, tf.sub(1, gates)), scale);
    ofSums[t] = tf.mul(ofGates, slope);
    if (t === 0) break;
    ofState = dense(ofSums[t], transposed);
    ofCellAfter = tf.mul(ofCell, forget);
  }
  const ofInputs = ofSums.map((sums, t) => sumRows(sums, rows[t]));
  const states = steps.flatMap(({ before }) => before ?? []);
  const ofWeights = states.length === 0
    ? tf.zerosLike(weights)
    : dense(tf.transpose(tf.concat(states, 0)), tf.concat(ofSums.slice(1), 0));
  return [tf.addN(ofInputs) as tf.Tensor2D, ofWeights];
}

/** `[1, 4 state]`: 1, and another number for the candidate. */
function gateRow(state: number, ofCandidate: number): tf.Tensor2D {
  const isCandidate = (i: number) => i >= 2 * state && i < 3 * state;
  return tf.tensor2d(
    Float32Array.from({ length: 4 * state }, (_, i) => isCandidate(i) ? ofCandidate : 1),
    [1, 4 * state],
  );
}
