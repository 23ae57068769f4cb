/**
 * Runs exported networks in ONNX Runtime.
 *
 * @module
 */

import { ort } from "../../benches/deps_onnxruntime_web.ts";
import { onnxInputs } from "../../src/io/onnx_inputs.ts";
import { encodeOnnx, type NetworkData, type OnnxForm } from "../../src/io/onnx_model.ts";
import type { ModelInput } from "../../src/model/batch.ts";

ort.env.wasm.numThreads = 1;

/** What an exported network gives for an image: `[n, C]` and `[m, P]`. */
export interface OnnxOutput {
  entities: Float32Array;
  relations: Float32Array;
}

/** Exports a network and runs it on images, one by one. */
export async function runOnnx(
  network: NetworkData,
  form: OnnxForm,
  images: readonly ModelInput[],
): Promise<OnnxOutput[]> {
  const session = await ort.InferenceSession.create(encodeOnnx(network, form));
  const outputs: OnnxOutput[] = [];
  for (const image of images) {
    const inputs = Object.entries(onnxInputs(image, network.config));
    const { newEntityLogits, newRelationLogits } = await session.run(
      Object.fromEntries(
        inputs.map(([name, { type, data, shape }]) =>
          [name, new ort.Tensor(type, data, shape)] as const
        ),
      ),
    );
    outputs.push({
      entities: newEntityLogits.data as Float32Array,
      relations: newRelationLogits.data as Float32Array,
    });
  }
  await session.release();
  return outputs;
}

/** A test with the runtime, which keeps its WebAssembly for the next session. */
export function testOnnx(name: string, fn: () => Promise<void>): void {
  Deno.test({ name, fn, sanitizeOps: false, sanitizeResources: false });
}
