/**
 * Compares ONNX files in ONNX Runtime with the expected values of the published program and
 * with our own network.
 */

import { assertEquals } from "@std/assert";
import { benchConfig, makeImages, makeNetwork } from "../../benches/_model.ts";
import { useBackend } from "../../src/kernels/backend.ts";
import { type VariantName, VARIANTS } from "../../src/config.ts";
import { worldExamples } from "../../src/world/world.ts";
import { decodeCheckpoint } from "../../src/checkpoint/checkpoint.ts";
import { encodeOnnx } from "../../src/checkpoint/export_onnx.ts";
import { expectedVariables } from "../../src/checkpoint/_published_variables.ts";
import { assertClose } from "../_assert.ts";
import { randomImage, smallCheckpoint, smallConfig } from "../_samples.ts";
import { CASES, imageOf, readCase } from "../model/_parity.ts";
import {
  type OnnxOutput,
  predict,
  runOnnx,
  testOnnx,
  withoutSelfPairs,
} from "./_onnx.ts";

const FORMS = ["published", "factored"] as const;

/** Asserts that logits differ by at most 1e-4 times the greatest logit, or 1 if it is less. */
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

/** Sizes of images: without a box, without a pair, with two pairs, with more. */
const IMAGES = [0, 1, 2, 5].map((n) => randomImage(n, "onnx", n));

for (const variant of Object.keys(VARIANTS) as VariantName[]) {
  for (const features of ["default", "paper"] as const) {
    for (const relationsOnly of [false, true]) {
      const epsilon = features === "paper" ? 1e-10 : 0.1;
      const relationTrust = features === "paper" ? 1 : 0.3;
      const config = smallConfig(variant, {
        ...{ features, epsilon, relationTrust, relationsOnly },
      });
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

testOnnx(
  "encodeOnnx() agrees with Sgp.predict() to 1e-4 at the published size",
  async () => {
    await useBackend("wasm");
    const network = await makeNetwork(benchConfig(500)), images = makeImages(1, 4);
    const [expected] = await predict(network, images);
    for (const form of FORMS) {
      const [{ entities, relations }] = await runOnnx(network, form, images);
      const others = withoutSelfPairs(relations, network.config);
      assertClose(entities, expected.entities, 1e-4, `${form}: entities`);
      assertClose(others, expected.relations, 1e-4, `${form}: relations`);
    }
  },
);

const PRETRAINED = new URL(
  "../../checkpoints/gpi_linguistic_pretrained.safetensors",
  import.meta.url,
);

testOnnx(
  "encodeOnnx() agrees with the shipped checkpoint on the built-in world",
  async () => {
    const network = decodeCheckpoint(await Deno.readFile(PRETRAINED), "pretrained");
    const images = [...worldExamples(0, "test", 5)];
    const expected = await predict(network, images);
    for (const form of FORMS) {
      const actual = await runOnnx(network, form, images);
      for (const [i, output] of actual.entries()) assertAgree(output, expected[i]);
    }
  },
);

Deno.test("encodeOnnx() writes configuration, form and vocabulary into the file", () => {
  const network = smallCheckpoint("gpi_linguistic");
  const text = new TextDecoder().decode(encodeOnnx(network, "factored"));
  for (const part of [network.config, network.vocabulary]) {
    assertEquals(text.includes(JSON.stringify(part)), true);
  }
});
