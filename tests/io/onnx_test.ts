/**
 * ONNX files in a runtime of other people, against the expected values of the published
 * program and against our own network.
 */

import { assertEquals } from "@std/assert";
import { useBackend } from "../../src/backend.ts";
import { type SgpConfig, type VariantName, VARIANTS } from "../../src/config.ts";
import { syntheticExamples } from "../../src/dataset/synthetic/world.ts";
import { decodeCheckpoint } from "../../src/io/checkpoint.ts";
import { encodeOnnx, type NetworkData } from "../../src/io/onnx_model.ts";
import type { ModelInput } from "../../src/model/batch.ts";
import { expectedVariables } from "../../src/model/published.ts";
import { Sgp } from "../../src/model/sgp.ts";
import { assertClose } from "../_assert.ts";
import { randomImage, smallCheckpoint, smallConfig } from "../_samples.ts";
import { CASES, imageOf, readCase } from "../model/_parity.ts";
import { type OnnxOutput, runOnnx, testOnnx } from "./_onnx.ts";

const FORMS = ["published", "factored"] as const;

/** Fails unless logits agree to 1e-4, of the greatest where that is above 1. */
function assertAgree(actual: OnnxOutput, expected: OnnxOutput): void {
  for (const kind of ["entities", "relations"] as const) {
    const greatest = expected[kind].reduce((most, v) => Math.max(most, Math.abs(v)), 1);
    assertClose(actual[kind], expected[kind], 1e-4 * greatest, kind);
  }
}

/** Cases of one variant each. */
const cases = CASES.filter((name) => name.startsWith("small_") && /n5$|n17$/.test(name));

for (const name of cases) {
  for (const form of FORMS) {
    testOnnx(
      `encodeOnnx() agrees with the published program: ${name}, ${form}`,
      async () => {
        const parity = readCase(name);
        const { config, words, tensors } = parity;
        const parameters = new Map(
          Array.from(expectedVariables(config), ({ name, shape }) => [
            name,
            { shape, data: parity.parameters.get(name)! },
          ]),
        );
        const network = { config, parameters, words };
        const [actual] = await runOnnx(network, form, [imageOf(parity)]);
        const last = (kind: string) =>
          tensors.get(`step${config.steps - 1}/${kind}_logits`)!.data as Float32Array;
        assertAgree(actual, { entities: last("entity"), relations: last("relation") });
      },
    );
  }
}

/** What our own network gives, pairs in the order of the file. */
async function predict(
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
function withoutSelfPairs(
  logits: Float32Array,
  { numPredicates }: SgpConfig,
): Float32Array {
  const n = Math.sqrt(logits.length / numPredicates);
  return logits.filter((_, i) => Math.floor(i / numPredicates) % (n + 1) !== 0);
}

/** Sizes of images: without a box, without a pair, with two pairs, with more. */
const IMAGES = [0, 1, 2, 5].map((n) => randomImage(n, "onnx", n));

for (const variant of Object.keys(VARIANTS) as VariantName[]) {
  for (const features of ["default", "paper"] as const) {
    for (const relationsOnly of [false, true]) {
      const config = smallConfig(variant, { features, relationsOnly });
      const title = `${variant}, ${features} features` +
        (relationsOnly ? ", relations only" : "");

      testOnnx(`encodeOnnx() agrees with Sgp.predict(): ${title}`, async () => {
        const network = smallCheckpoint(variant, { config });
        const expected = await predict(network, IMAGES);
        for (const form of FORMS) {
          const actual = await runOnnx(network, form, IMAGES);
          for (const [i, output] of actual.entries()) {
            const relations = features === "paper"
              ? withoutSelfPairs(output.relations, config)
              : output.relations;
            assertAgree({ ...output, relations }, expected[i]);
          }
        }
      });
    }
  }
}

const PRETRAINED = new URL(
  "../../checkpoints/gpi_linguistic_pretrained.safetensors",
  import.meta.url,
);

testOnnx(
  "encodeOnnx() agrees with the shipped checkpoint on the built-in world",
  async () => {
    const network = decodeCheckpoint(await Deno.readFile(PRETRAINED), "pretrained");
    const images = [...syntheticExamples(0, "test", 5)];
    const expected = await predict(network, images);
    for (const form of FORMS) {
      const actual = await runOnnx(network, form, images);
      for (const [i, output] of actual.entries()) assertAgree(output, expected[i]);
    }
  },
);

Deno.test("encodeOnnx() writes what the network is into the file", () => {
  const network = smallCheckpoint("gpi_linguistic");
  const text = new TextDecoder().decode(encodeOnnx(network, "factored"));
  for (const part of [network.config, network.vocabulary]) {
    assertEquals(text.includes(JSON.stringify(part)), true);
  }
});
