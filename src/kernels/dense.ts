/**
 * The dense layer: a matrix product and the rows added to it, as one operation.
 *
 * @module
 */

import { tf } from "../deps/tf.ts";
import { oneHot } from "./one_hot.ts";
import { gatherRows, type Groups, sumRows } from "./groups.ts";
import { hasKernel, runKernel } from "./run.ts";

/**
 * Weights in the order in which a backend's matrix product reads them, from
 * {@linkcode packWeights}, for weights that are used more than once. Not differentiable.
 */
export interface PackedWeights {
  /** Shape of the weights, `[k, n]`. */
  shape: [number, number];
  /** The columns in panels (see `assembly/pack.ts`), with room to align them to a cache line. */
  panels: tf.Tensor1D;
}

/** Weights of a dense layer, `[k, n]`. */
export type Weights = tf.Tensor2D | PackedWeights;

/** Rows to add to the product: each row gets the row of its group. */
export interface GroupRows {
  /** `[G, n]`: a row for each group. */
  table: tf.Tensor2D;
  /** The group of each of the m rows. */
  rows: Groups;
}

/** Rows to add to the product: each row gets a row of a table times a number. */
export interface ScaledRows {
  /** `[L, n]`. */
  table: tf.Tensor2D;
  /** `[m]` int32 in `[0, L)`, as from `argMax`: row of the table; not differentiated. */
  labels: tf.Tensor1D;
  /** `[m]`: factor of the row. */
  scales: tf.Tensor1D;
}

/** Options of {@linkcode dense}. */
export interface DenseOptions {
  /** Numbers to add to every row, `[n]`. */
  biases?: tf.Tensor1D;
  /** Rows to add by group; at most two tables. */
  groups?: readonly GroupRows[];
  /** Rows to add by label. */
  scaled?: ScaledRows;
  /** Whether numbers below zero become zero at the end; default false. */
  isRelu?: boolean;
}

/**
 * Rearranges weights once for many uses in {@linkcode dense}, if the backend gains by it.
 *
 * @param weights `[k, n]`.
 * @returns The same weights; the caller disposes the tensor in them.
 */
export function packWeights(weights: tf.Tensor2D): Weights {
  if (!hasKernel("SgpPackWeights")) return tf.clone(weights);
  const panels = runKernel<tf.Tensor1D>("SgpPackWeights", { weights });
  return { shape: weights.shape, panels };
}

/**
 * Applies a dense layer, `relu(x W + biases + rows of tables)`.
 *
 * Every part is differentiated. On WASM our kernels compute it in one pass; TensorFlow.js
 * 4.22 multiplies there without fused multiply-add, and by plain loops if an operand is
 * transposed, as in every gradient. On other backends it is composed of TensorFlow.js
 * operations.
 *
 * @param x `[m, k]`.
 * @param weights `[k, n]`; packed weights cannot be differentiated.
 * @param options Terms to add, and the activation.
 * @returns `[m, n]`; the caller disposes it.
 * @throws {RangeError} If sizes do not fit.
 * @throws {TypeError} On WASM if a tensor is not float32, or labels are not int32.
 */
export function dense(
  x: tf.Tensor2D,
  weights: Weights,
  options: DenseOptions = {},
): tf.Tensor2D {
  checkSizes(x, weights, options);
  // The WebGPU backend cannot differentiate operations on empty tensors (4.22).
  if (x.shape[0] === 0) return tf.zeros([0, weights.shape[1]]);
  const { biases, groups = [], scaled, isRelu = false } = options;
  const isPacked = "panels" in weights;
  if (!isPacked && !hasKernel("SgpDense")) return composeDense(x, weights, options);
  const inputs: tf.NamedTensorMap = { x, weights: isPacked ? weights.panels : weights };
  if (biases) inputs.biases = biases;
  if (groups[0]) inputs.table0 = groups[0].table;
  if (groups[1]) inputs.table1 = groups[1].table;
  const attributes: DenseAttributes = {
    groups: groups.map(({ rows }) => rows),
    isRelu,
    numColumns: weights.shape[1],
  };
  const name = scaled ? "SgpDenseScaled" : "SgpDense";
  if (scaled) Object.assign(inputs, scaled);
  return runKernel(name, inputs, attributes);
}

/** Composes the layer of TensorFlow.js operations, for backends without the kernel. */
function composeDense(
  x: tf.Tensor2D,
  weights: tf.Tensor2D,
  { biases, groups = [], scaled, isRelu }: DenseOptions = {},
): tf.Tensor2D {
  return tf.tidy(() => {
    let y: tf.Tensor2D = tf.matMul(x, weights);
    if (biases) y = tf.add(y, biases);
    for (const { table, rows } of groups) y = tf.add(y, gatherRows(table, rows));
    if (scaled) {
      const labels = oneHot(scaled.labels, scaled.table.shape[0]);
      const scales = tf.reshape(scaled.scales, [-1, 1]);
      y = tf.add(y, tf.matMul(tf.mul(labels, scales) as tf.Tensor2D, scaled.table));
    }
    return isRelu ? tf.relu(y) : y;
  });
}

/** Attributes of the kernel. */
export interface DenseAttributes {
  groups: Groups[];
  isRelu: boolean;
  /** n, which the shape of packed weights does not tell. */
  numColumns: number;
}

// Registered gradients are computed one by one, unlike those of tf.customGrad: none is
// computed for inputs that are not trained (word vectors, a label predictor's logits).
for (const name of ["SgpDense", "SgpDenseScaled"]) {
  const isScaled = name === "SgpDenseScaled";
  tf.registerGradient({
    kernelName: name,
    inputsToSave: ["x", "weights", ...(isScaled ? ["table", "labels", "scales"] : [])],
    outputsToSave: [true],
    gradFunc: (dyOfY, saved, attributes) => {
      const { groups, isRelu } = attributes as unknown as DenseAttributes;
      const [x, weights] = saved, y = saved.at(-1)!;
      if (weights.rank !== 2) {
        throw new TypeError(
          'Cannot differentiate a dense layer as its "weights" must not be packed',
        );
      }
      const dy = isRelu
        ? runKernel<tf.Tensor2D>("SgpReluGradient", { dy: dyOfY as tf.Tensor, y })
        : dyOfY as tf.Tensor2D;
      const gradients: Record<string, () => tf.Tensor> = {
        x: () => runKernel("SgpDenseInputGradient", { dy, weights }),
        weights: () => runKernel("SgpDenseWeightsGradient", { x, dy }),
        biases: () => runKernel("SgpSumAll", { x: dy }),
        table0: () => sumRows(dy, groups[0]),
        table1: () => sumRows(dy, groups[1]),
      };
      if (isScaled) {
        const [, , table, labels, scales] = saved;
        gradients.labels = () => tf.zeros(labels.shape);
        gradients.table = () =>
          runKernel("SgpScatterScaled", { x: dy, labels, scales }, {
            numLabels: table.shape[0],
          });
        gradients.scales = () => runKernel("SgpInnerProducts", { x: dy, table, labels });
      }
      return gradients;
    },
  });
}

function checkSizes(
  x: tf.Tensor2D,
  weights: Weights,
  { biases, groups = [], scaled }: DenseOptions,
): void {
  const [m, k] = x.shape, n = weights.shape[1];
  const check = (what: string, { shape }: { shape: number[] }, expected: number[]) => {
    if (shape.join() === expected.join()) return;
    throw new RangeError(
      `Cannot apply a dense layer to [${x.shape}] as ${what} must have shape ` +
        `[${expected}]: found [${shape}]`,
    );
  };
  check("weights", weights, [k, n]);
  if (biases) check("biases", biases, [n]);
  for (const { table, rows } of groups) {
    check("a table", table, [rows.numGroups, n]);
    check("its rows", rows.group, [m]);
  }
  if (groups.length > 2) {
    throw new RangeError(
      `Cannot apply a dense layer as at most 2 groups can be added: found ${groups.length}`,
    );
  }
  if (scaled) {
    check("the scaled table", scaled.table, [scaled.table.shape[0], n]);
    check("labels", scaled.labels, [m]);
    check("scales", scaled.scales, [m]);
  }
}
