/**
 * Comparisons of the dense layer, with all terms that it adds, with plain loops.
 *
 * @module
 */

import { tf } from "../../src/deps/tf.ts";
import { dense } from "../../src/kernels/dense.ts";
import {
  compare,
  type Comparison,
  drawer,
  groups,
  type Odd,
  rowSums,
  type Sizes,
} from "./_compare.ts";
import type { Input } from "./_gradients.ts";
import { densePlain, inner, transposed } from "./_plain.ts";

/** Terms to add to a product, alone and together. */
const EPILOGUES = {
  "alone": [],
  "with relu": ["relu"],
  "with biases": ["biases"],
  "with one table": ["first table"],
  "with two tables": ["first table", "second table"],
  "with a scaled table": ["scaled"],
  "with everything": ["biases", "first table", "second table", "scaled", "relu"],
};

/** Comparisons of the dense layer, by the terms that it adds. */
export const DENSE_OPERATIONS: Readonly<Record<string, Comparison>> = Object.fromEntries(
  Object.entries(EPILOGUES).map(([name, parts]): [string, Comparison] => [
    `dense() ${name}`,
    (...args) => compareDense(parts, ...args),
  ]),
);

async function compareDense(
  parts: readonly string[],
  [m, k, n]: Sizes,
  seed: number,
  odd?: Odd,
): Promise<void> {
  const added = ["first table", "second table"].filter((part) => parts.includes(part))
    .map((part, i) => ({ part, ...groups(m, seed + i) }));
  const labels = groups(m, seed + 2);
  const isScaled = parts.includes("scaled"), isRelu = parts.includes("relu");
  const draw = drawer(seed, odd);
  const inputs: Record<string, Input> = {
    x: draw([m, k], "x"),
    w: draw([k, n], "w"),
    ...(parts.includes("biases") && { biases: draw([n], "biases") }),
    ...Object.fromEntries(
      added.map(({ part, numGroups }) => [part, draw([numGroups, n], part)]),
    ),
    ...(isScaled && {
      scaled: draw([labels.numGroups, n], "scaled"),
      scales: draw([m], "scales"),
    }),
  };
  const { x, w, biases, scaled, scales } = inputs;
  const value = densePlain(x.data, w.data, [m, k, n], {
    biases: biases?.data,
    groups: added.map(({ part, group }) => ({ table: inputs[part].data, group })),
    scaled: isScaled
      ? { table: scaled.data, labels: labels.group, scales: scales.data }
      : undefined,
    isRelu,
  });
  // If the sum is nearly zero, rounding decides whether relu passes the gradient on.
  const dy = draw([m, n], "dy").data
    .map((d, i) => isRelu && Math.abs(value[i]) < 1e-4 ? 0 : d);
  const through = dy.map((d, i) => isRelu && !(value[i] > 0) ? 0 : d);
  const gradients: Record<string, ArrayLike<number>> = {
    x: densePlain(through, transposed(w.data, k, n), [m, n, k]),
    w: densePlain(transposed(x.data, m, k), through, [k, m, n]),
    biases: rowSums(through, new Int32Array(m), 1, n),
    ...Object.fromEntries(
      added.map(({ part, group, numGroups }) =>
        [part, rowSums(through, group, numGroups, n)] as const
      ),
    ),
  };
  if (isScaled) {
    const times = through.map((d, i) => d * scales.data[Math.floor(i / n)]);
    gradients.scaled = rowSums(times, labels.group, labels.numGroups, n);
    gradients.scales = scales.data.map((_, r) =>
      inner(
        through.subarray(r * n, r * n + n),
        scaled.data.subarray(labels.group[r] * n, labels.group[r] * n + n),
      )
    );
  }
  const names = Object.keys(inputs);
  const labelTensor = tf.tensor1d(labels.group, "int32");
  await compare(
    (...tensors) => {
      const of = Object.fromEntries(names.map((name, i) => [name, tensors[i]]));
      return dense(of.x as tf.Tensor2D, of.w as tf.Tensor2D, {
        biases: of.biases as tf.Tensor1D | undefined,
        groups: added.map(({ part, rows }) => ({ table: of[part] as tf.Tensor2D, rows })),
        scaled: isScaled
          ? {
            table: of.scaled as tf.Tensor2D,
            labels: labelTensor,
            scales: of.scales as tf.Tensor1D,
          }
          : undefined,
        isRelu,
      });
    },
    Object.values(inputs),
    dy,
    [m, n],
    { value, gradients: names.map((name) => gradients[name]) },
  );
  labelTensor.dispose();
  for (const { rows } of [...added, labels]) rows.dispose();
}
