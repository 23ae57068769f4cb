/**
 * Differentiable operations that move rows between pairs, entities and images.
 * TensorFlow.js 4.22 lacks some of them: `UnsortedSegmentSum`, the gradient of a gather, on
 * WASM, and a softmax over segments on every backend.
 *
 * A {@linkcode Groups}, made once for each batch, tells which rows belong to which group.
 * So no backend needs atomic additions, and sums always run in the same order.
 *
 * @module
 */

import { tf } from "../deps/tf.ts";
import { hasKernel, runKernel, runKernels } from "./run.ts";

/**
 * The group of each of K rows (such as the entity of each pair, or the image of each
 * entity). Indices are checked once, here; the kernels trust them.
 */
export class Groups {
  /** Number of rows, K. */
  readonly numRows: number;
  /** Number of groups, G. */
  readonly numGroups: number;
  /** `[K]` int32: group of each row. */
  readonly group: tf.Tensor1D;
  /** `[G + 1]` int32: start of each group in `order`, and the end of the last one. */
  readonly starts: tf.Tensor1D;
  /** `[K]` int32: row indices sorted by group, ascending within each group. */
  readonly order: tf.Tensor1D;
  /** `[G, 1]` float32: 1 / number of rows of each group, 0 for an empty group. */
  readonly inverseCounts: tf.Tensor2D;

  /**
   * @param group Group of each row, `[K]`.
   * @param numGroups G; a group may be empty.
   * @throws {RangeError} If a row's group is not in `[0, numGroups)`.
   */
  constructor(group: Int32Array, numGroups: number) {
    const starts = new Int32Array(numGroups + 1);
    for (const g of group) {
      if (!(g >= 0 && g < numGroups)) {
        throw new RangeError(
          `Cannot group rows as each group must be in [0, ${numGroups}): found ${g}`,
        );
      }
      starts[g + 1]++;
    }
    const inverseCounts = new Float32Array(numGroups);
    for (let g = 0; g < numGroups; g++) {
      if (starts[g + 1] > 0) inverseCounts[g] = 1 / starts[g + 1];
      starts[g + 1] += starts[g];
    }
    const next = starts.slice(0, numGroups);
    const order = new Int32Array(group.length);
    for (const [row, g] of group.entries()) order[next[g]++] = row;
    this.numRows = group.length;
    this.numGroups = numGroups;
    this.group = tf.tensor1d(group, "int32");
    this.starts = tf.tensor1d(starts, "int32");
    this.order = tf.tensor1d(order, "int32");
    this.inverseCounts = tf.tensor2d(inverseCounts, [numGroups, 1]);
  }

  /** Frees the tensors. */
  dispose(): void {
    tf.dispose([this.group, this.starts, this.order, this.inverseCounts]);
  }
}

/**
 * Gives each row the values of its group.
 *
 * @param x One row per group, `[G, D]`.
 * @param groups Group of each row.
 * @returns `[K, D]`; the gradient is {@linkcode sumRows}.
 * @throws {RangeError} If x does not have G rows.
 */
export function gatherRows(x: tf.Tensor2D, groups: Groups): tf.Tensor2D {
  checkRows("gather rows", x, groups.numGroups);
  return tf.customGrad((value) => ({
    value: hasKernel("SgpGatherRows")
      ? runKernel("SgpGatherRows", { x: value as tf.Tensor, group: groups.group })
      : tf.gather(value as tf.Tensor, groups.group),
    gradFunc: (dy: tf.Tensor) => sumRows(dy as tf.Tensor2D, groups),
  }))(x) as tf.Tensor2D;
}

/**
 * Sums the rows of each group, in ascending order of rows.
 *
 * @param x Rows to sum, `[K, D]`.
 * @param groups Group of each row.
 * @returns `[G, D]`, zeros where a group is empty; the gradient is
 * {@linkcode gatherRows}.
 * @throws {RangeError} If x does not have K rows.
 */
export function sumRows(x: tf.Tensor2D, groups: Groups): tf.Tensor2D {
  checkRows("sum rows", x, groups.numRows);
  // A WebGPU program does not run on empty inputs, and leaves its output uninitialized.
  if (groups.numRows === 0) return tf.zeros([groups.numGroups, x.shape[1]]);
  return tf.customGrad((value) => ({
    value: runRows("SgpSumRows", value as tf.Tensor, groups),
    gradFunc: (dy: tf.Tensor) => gatherRows(dy as tf.Tensor2D, groups),
  }))(x) as tf.Tensor2D;
}

/** Result of {@linkcode poolByScores}. */
export interface PooledRows {
  /** `[G, D]`: one row per group, zero for an empty group. */
  value: tf.Tensor2D;
  /**
   * `[K, D]` or `[K, 1]`: the weights of the rows; no gradient runs through them. May be
   * absent if they were not wanted.
   */
  weights?: tf.Tensor2D;
}

/** Attributes of the kernel. */
export interface PoolAttributes {
  numGroups: number;
  wantsWeights: boolean;
}

/**
 * Sums the rows of each group, weighted by the softmax of their scores over the group.
 * Scores as wide as the values give a weight for each number, scores 1 wide one for each
 * row.
 *
 * @param values Rows to sum, `[K, D]`.
 * @param scores `[K, D]` or `[K, 1]`.
 * @param groups Group of each row.
 * @param wantsWeights Whether to return the weights; without them the sums cannot be
 * differentiated.
 * @returns The sums, differentiable by values and scores, and the weights.
 * @throws {RangeError} If sizes do not fit.
 */
export function poolByScores(
  values: tf.Tensor2D,
  scores: tf.Tensor2D,
  groups: Groups,
  wantsWeights = true,
): PooledRows {
  checkRows("pool rows", values, groups.numRows);
  checkRows("pool rows by scores", scores, groups.numRows);
  const width = scores.shape[1];
  if (width !== 1 && width !== values.shape[1]) {
    throw new RangeError(
      `Cannot pool rows as scores must be 1 or ${values.shape[1]} wide: found ${width}`,
    );
  }
  if (!hasKernel("SgpPoolRows")) {
    const weights = softmaxGroups(scores, groups);
    return { value: sumRows(tf.mul(weights, values), groups), weights };
  }
  const { order, starts, group, numGroups } = groups;
  const inputs = { values, scores, order, starts };
  const attributes: PoolAttributes = { numGroups, wantsWeights };
  const [out, weights] = runKernels<tf.Tensor2D>("SgpPoolRows", inputs, attributes);
  if (!wantsWeights) return { value: out, weights };
  const value = tf.customGrad((...args) => {
    const save = args.pop() as tf.GradSaveFunc;
    save([values, weights, out]);
    const gradFunc = (dy: tf.Tensor, saved: tf.Tensor[]) =>
      runKernels("SgpPoolRowsGradient", {
        values: saved[0],
        weights: saved[1],
        group,
        out: saved[2],
        dy,
      });
    return { value: tf.clone(out), gradFunc };
  })(values, scores) as tf.Tensor2D;
  out.dispose();
  return { value, weights };
}

/**
 * Takes the softmax over the rows of each group, column by column.
 *
 * @param x Scores, `[K, D]`.
 * @param groups Group of each row.
 * @returns Weights, `[K, D]`: each group's columns sum to 1.
 * @throws {RangeError} If x does not have K rows.
 */
export function softmaxGroups(x: tf.Tensor2D, groups: Groups): tf.Tensor2D {
  checkRows("take a softmax over rows", x, groups.numRows);
  return tf.customGrad((value, save) => {
    const weights = runRows("SgpSoftmaxRows", value as tf.Tensor, groups);
    (save as tf.GradSaveFunc)([weights]);
    const gradFunc = (dy: tf.Tensor, saved: tf.Tensor[]) =>
      tf.tidy(() => {
        const [w] = saved as tf.Tensor2D[];
        const inner = tf.mul(w, dy) as tf.Tensor2D;
        return tf.sub(inner, tf.mul(w, gatherRows(sumRows(inner, groups), groups)));
      });
    return { value: weights, gradFunc };
  })(x) as tf.Tensor2D;
}

function runRows(name: string, x: tf.Tensor, groups: Groups): tf.Tensor {
  const { order, starts, numGroups } = groups;
  return runKernel(name, { x, order, starts }, { numGroups });
}

function checkRows(what: string, x: tf.Tensor2D, expected: number): void {
  if (x.shape[0] === expected) return;
  throw new RangeError(
    `Cannot ${what} as there must be ${expected} rows: found shape [${x.shape}]`,
  );
}
