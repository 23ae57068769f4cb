/**
 * Runs exported networks in ONNX Runtime, and our own networks.
 *
 * @module
 */

import { ort } from "../../benches/deps_onnxruntime_web.ts";
import { useBackend } from "../../src/kernels/backend.ts";
import type { SgpConfig } from "../../src/config.ts";
import { onnxInputs } from "./_onnx_inputs.ts";
import {
  encodeOnnx,
  type NetworkData,
  type OnnxForm,
} from "../../src/checkpoint/export_onnx.ts";
import type { ModelInput } from "../../src/model/batch.ts";
import { Sgp } from "../../src/model/sgp.ts";

ort.env.wasm.numThreads = 1;

/** Output of an exported network for an image: `[n, C]` and `[m, P]`. */
export interface OnnxOutput {
  entities: Float32Array;
  relations: Float32Array;
}

/** Exports a network and runs it on images, one by one. */
export function runOnnx(
  network: NetworkData,
  form: OnnxForm,
  images: readonly ModelInput[],
): Promise<OnnxOutput[]> {
  return runOnnxFile(encodeOnnx(network, form), network.config, images);
}

/** Runs an exported network on images, one by one. */
export async function runOnnxFile(
  file: Uint8Array,
  config: SgpConfig,
  images: readonly ModelInput[],
): Promise<OnnxOutput[]> {
  const session = await ort.InferenceSession.create(file);
  const outputs: OnnxOutput[] = [];
  for (const image of images) {
    const inputs = Object.entries(onnxInputs(image, config));
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

/** Output of our own network, pairs in the order of the file without self pairs. */
export async function predict(
  { config, parameters, words }: NetworkData,
  images: readonly ModelInput[],
): Promise<OnnxOutput[]> {
  await useBackend("wasm");
  const values = new Map(Array.from(parameters, ([name, { data }]) => [name, data]));
  const sgp = new Sgp(config, values, words);
  const predictions = await sgp.predict(images);
  sgp.dispose();
  return predictions.map(({ entityLogits, relationLogits }) => ({
    entities: entityLogits,
    relations: withoutSelfPairs(relationLogits, config),
  }));
}

/** The rows of pairs of two entities. */
export function withoutSelfPairs(
  logits: Float32Array,
  { numPredicates }: SgpConfig,
): Float32Array {
  const n = Math.sqrt(logits.length / numPredicates);
  return logits.filter((_, i) => Math.floor(i / numPredicates) % (n + 1) !== 0);
}

/** Defines a test that may leave the runtime's WebAssembly loaded. */
export function testOnnx(name: string, fn: () => Promise<void>): void {
  Deno.test({ name, fn, sanitizeOps: false, sanitizeResources: false });
}
