/**
 * ONNX files in a runtime of other people, against the expected values of the published
 * program.
 */

import { ort } from "../../benches/deps_onnxruntime_web.ts";
import { boxFeatures } from "../../src/model/box_features.ts";
import { encodeOnnx, type OnnxForm } from "../../src/io/onnx_model.ts";
import { type NetName, NETS, netWidths } from "../../src/model/parameters.ts";
import { assertClose } from "../_assert.ts";
import { CASES, imageOf, type ParityCase, readCase } from "../model/_parity.ts";

ort.env.wasm.numThreads = 1;

function shapedParameters({ config, parameters }: ParityCase) {
  const shaped = new Map<string, { shape: number[]; data: Float32Array }>();
  for (const [net, widths] of Object.entries(netWidths(config))) {
    for (let i = 0; i + 1 < widths.length; i++) {
      const name = `deep_graph/${NETS[net as NetName]}/${i}`;
      const weights = { shape: [widths[i], widths[i + 1]], part: "weights" };
      for (
        const { shape, part } of [weights, { shape: [widths[i + 1]], part: "biases" }]
      ) {
        shaped.set(`${name}/${part}`, {
          shape,
          data: parameters.get(`${name}/${part}`)!,
        });
      }
    }
  }
  return shaped;
}

/** Cases of one variant each; each runs in both forms. */
const cases = CASES.filter((name) => name.startsWith("small_") && /n5$|n17$/.test(name));

for (const name of cases) {
  for (const form of ["published", "factored"] as const satisfies OnnxForm[]) {
    Deno.test({
      name: `encodeOnnx() agrees with the published program: ${name}, ${form}`,
      // The runtime keeps its WebAssembly for the next session.
      sanitizeOps: false,
      sanitizeResources: false,
      fn: async () => {
        const parity = readCase(name);
        const { config, words, tensors } = parity;
        const parameters = shapedParameters(parity);
        const session = await ort.InferenceSession.create(
          encodeOnnx({ config, parameters, words }, form),
        );
        const image = imageOf(parity);
        const n = image.boxes.length / 4;
        const pairs = Array.from({ length: n * n }, (_, pair) => pair);
        const float = (data: Float32Array, width: number) =>
          new ort.Tensor("float32", data, [data.length / width, width]);
        const whole = (data: number[]) =>
          new ort.Tensor("int64", BigInt64Array.from(data, BigInt), [data.length]);
        const features = boxFeatures(image, config.numEntityClasses, "paper");
        const relationLogits = tensors.get("in/relation_logits")!.data as Float32Array;
        const outputs = await session.run({
          entityLogits: float(image.entityLogits, config.numEntityClasses),
          relationLogits: float(relationLogits, config.numPredicates),
          boxFeatures: float(features, features.length / n),
          subjects: whole(pairs.map((pair) => Math.floor(pair / n))),
          objects: whole(pairs.map((pair) => pair % n)),
        });
        const last = `step${config.steps - 1}`;
        for (const kind of ["entity", "relation"] as const) {
          const output =
            outputs[kind === "entity" ? "newEntityLogits" : "newRelationLogits"];
          const expected = tensors.get(`${last}/${kind}_logits`)!.data;
          const greatest = Math.max(1, ...Array.from(expected, Math.abs));
          assertClose(
            output.data as Float32Array,
            expected,
            1e-4 * greatest,
            `${kind} logits`,
          );
        }
        await session.release();
      },
    });
  }
}
