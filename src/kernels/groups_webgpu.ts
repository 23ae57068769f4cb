/**
 * The row operations as WGSL programs: each thread computes one column of one group, and
 * walks the rows of the group in order.
 *
 * @module
 */

import { tf } from "../deps/tf.ts";

const WORKGROUP = 64;

/** Code of one thread of each kernel, for rows `order[first]` to `order[last - 1]`. */
const BODIES: Record<string, string> = {
  SgpSumRows: `
    var total = 0.0;
    for (var k = first; k < last; k++) {
      total += x[order[k] * width + column];
    }
    result[index] = total;`,
  SgpSoftmaxRows: `
    var greatest = -3.4e38;
    for (var k = first; k < last; k++) {
      greatest = max(greatest, x[order[k] * width + column]);
    }
    var total = 0.0;
    for (var k = first; k < last; k++) {
      total += exp(x[order[k] * width + column] - greatest);
    }
    for (var k = first; k < last; k++) {
      let at = order[k] * width + column;
      result[at] = exp(x[at] - greatest) / total;
    }`,
};

interface WebGpuBackend {
  runWebGPUProgram(
    program: unknown,
    inputs: tf.TensorInfo[],
    dtype: tf.DataType,
    uniforms: { type: string; data: number[] }[],
  ): tf.TensorInfo;
}

/** Registers the row operations with the WebGPU backend. */
export function registerGroupsOnWebGpu(): void {
  for (const [kernelName, body] of Object.entries(BODIES)) {
    tf.registerKernel({
      kernelName,
      backendName: "webgpu",
      kernelFunc: ({ inputs, attrs, backend }) => {
        const { x, order, starts } = inputs as Record<string, tf.TensorInfo>;
        const width = x.shape[1];
        const numGroups = (attrs as { numGroups: number }).numGroups;
        const threads = numGroups * width;
        const program = {
          variableNames: ["x", "order", "starts"],
          uniforms: "width : i32, threads : i32,",
          outputShape: kernelName === "SgpSumRows" ? [numGroups, width] : x.shape,
          dispatchLayout: { x: [0, 1] },
          dispatch: [Math.ceil(threads / WORKGROUP), 1, 1],
          workgroupSize: [WORKGROUP, 1, 1],
          size: false,
          shaderKey: kernelName,
          getUserCode: () => `
            fn main(index : i32) {
              if (index < uniforms.threads) {
                let width = uniforms.width;
                let group = index / width;
                let column = index % width;
                let first = starts[group];
                let last = starts[group + 1];
                ${body}
              }
            }`,
        };
        return (backend as unknown as WebGpuBackend).runWebGPUProgram(
          program,
          [x, order, starts],
          "float32",
          [{ type: "int32", data: [width] }, { type: "int32", data: [threads] }],
        );
      },
    });
  }
}
