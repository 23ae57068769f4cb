/**
 * The network as an ONNX file in ONNX Runtime: in WebAssembly on one thread, and native on
 * one thread and on all cores.
 *
 * @module
 */

import { encodeOnnx, type OnnxForm } from "../src/checkpoint/export_onnx.ts";
import type { SgpConfig } from "../src/config.ts";
import type { ModelInput } from "../src/model/batch.ts";
import { boxFeatures } from "../src/model/box_features.ts";
import { withoutSelfPairs, withSelfPairs } from "./_self_pairs.ts";
import { type Contender, type Runner, WORKERS } from "./_contender.ts";
import { makeNetwork } from "./_model.ts";

/** The runtimes, with their numbers of threads. */
const RUNTIMES: readonly { system: OnnxRuntime; workers: number }[] = [
  { system: "onnxruntime-web", workers: 1 },
  ...WORKERS.map((workers) => ({ system: "onnxruntime-node", workers } as const)),
];

type OnnxRuntime = "onnxruntime-web" | "onnxruntime-node";

/** Largest relative difference of logits; in float32 it is about 1e-6. */
const TOLERANCE = 1e-4;

/** ONNX Runtime predicting one image, in both forms of the file. */
export function onnxContenders(
  config: SgpConfig,
  image: ModelInput,
  flops: number,
): Contender[] {
  return RUNTIMES.flatMap(({ system, workers }) =>
    (["published", "factored"] as const).map((form) => ({
      ...{ system, form, workers, flops, tolerance: TOLERANCE },
      start: () => startSession(system, form, workers, config, image),
    }))
  );
}

async function startSession(
  system: OnnxRuntime,
  form: OnnxForm,
  threads: number,
  config: SgpConfig,
  image: ModelInput,
): Promise<Runner> {
  const { ort } = system === "onnxruntime-web"
    ? await import("./deps_onnxruntime_web.ts")
    : await import("./deps_onnxruntime_node.ts");
  ort.env.wasm.numThreads = 1;
  const model = encodeOnnx(await makeNetwork(config), form);
  const session = await ort.InferenceSession.create(model, {
    ...{ intraOpNumThreads: threads, interOpNumThreads: 1 },
  });
  const n = image.boxes.length / 4, m = n * n;
  const pairs = Array.from({ length: m }, (_, pair) => pair);
  const { numEntityClasses: c, numPredicates: p } = config;
  const features = boxFeatures(image, c, "paper");
  const relationLogits = withSelfPairs(image.relationLogits, n, p);
  const subjects = BigInt64Array.from(pairs, (pair) => BigInt(Math.floor(pair / n)));
  const objects = BigInt64Array.from(pairs, (pair) => BigInt(pair % n));
  const run = () =>
    session.run({
      entityLogits: new ort.Tensor("float32", image.entityLogits, [n, c]),
      relationLogits: new ort.Tensor("float32", relationLogits, [m, p]),
      boxFeatures: new ort.Tensor("float32", features, [n, features.length / n]),
      subjects: new ort.Tensor("int64", subjects, [m]),
      objects: new ort.Tensor("int64", objects, [m]),
    });
  return {
    run,
    outputs: async () => {
      const { newEntityLogits, newRelationLogits } = await run();
      const relations = newRelationLogits.data as Float32Array;
      return [
        newEntityLogits.data as Float32Array,
        withoutSelfPairs(relations, n, p),
      ];
    },
  };
}
