/**
 * The model against expected values of the published program: forward values of each
 * step, loss and gradients, within the bounds of the fixtures' README.
 */

import { assert, assertEquals } from "@std/assert";
import { tf } from "../../src/deps/tf.ts";
import { Batch } from "../../src/model/batch.ts";
import { NUM_BOX_FEATURES } from "../../src/model/box_features.ts";
import type { Feature } from "../../src/model/features.ts";
import type { StepTrace } from "../../src/model/gpi.ts";
import { Sgp } from "../../src/model/sgp.ts";
import { lossOf, Targets } from "../../src/train/loss.ts";
import { assertClose } from "../_assert.ts";
import { testOnEachBackend } from "../_backends.ts";
import { CASES, imageOf, type ParityCase, readCase } from "./_parity.ts";

/** Bounds of the fixtures' README; probabilities on WebGPU are allowed more. */
const LOGITS = 1e-3, LOSS = 1e-4, GRADIENTS = 1e-4;
const PROBABILITIES = { wasm: 5e-5, webgpu: 1e-4, cpu: 5e-5 };

for (const name of CASES.filter((name) => !name.startsWith("train_"))) {
  testOnEachBackend(
    `Sgp computes what the published program does: ${name}`,
    async (backend) => {
      const parity = readCase(name);
      const { config, loss, tensors } = parity;
      const image = imageOf(parity);
      const sgp = new Sgp(config, parity.parameters, parity.words);
      const batch = new Batch([image], config);
      const targets = new Targets([image], batch, config, loss, parity.isValidation);
      const expected = (key: string) => tensors.get(key)!.data;
      const compare = async (key: string, actual: tf.Tensor, tolerance: number) =>
        assertClose(await actual.data(), expected(key), tolerance, key);

      await compare("in/entity_box", batch.boxFeatures, 1e-6);
      await compare("in/relation_logits", batch.relationLogits, 0);
      await compare("in/relation_labels", targets.relations, 0);
      await compare("in/entity_labels", targets.entities, 0);
      await compare("in/relation_coeff", targets.weights, 1e-7);

      const probability = PROBABILITIES[backend];
      const steps = sgp.forward(batch);
      for (const [t, trace] of steps.entries()) {
        const at = (key: string) => `step${t}/${key}`;
        const { entities, relations } = publishedFeatures(trace, parity);
        await compare(at("entity_features"), entities, LOGITS);
        await compare(at("relation_features"), relations, LOGITS);
        await compare(at("node"), trace.node!, LOGITS);
        await compare(at("graph"), trace.graph!, LOGITS);
        if (tensors.has(at("node_attention"))) {
          await compare(at("node_attention"), trace.nodeAttention!, probability);
          await compare(at("graph_attention"), trace.graphAttention!, probability);
        }
        await compare(at("relation_gate"), trace.relationGate, probability);
        if (trace.entityGate) {
          await compare(at("entity_gate"), trace.entityGate, probability);
        }
        await compare(at("relation_logits"), trace.logits.relations, LOGITS);
        await compare(at("entity_logits"), trace.logits.entities, LOGITS);
      }
      const last = steps.at(-1)!.logits;
      await compare("out/relation_probs", tf.softmax(last.relations), probability);
      await compare("out/entity_probs", tf.softmax(last.entities), probability);

      const variables = sgp.parameters.variables;
      const { value, grads } = tf.variableGrads(
        () =>
          lossOf(
            sgp.forward(batch).map(({ logits }) => logits),
            targets,
            sgp.parameters,
            config,
            loss,
          ),
        [...variables.values()],
      );
      const [lossValue] = await value.data();
      const expectedLoss = parity.json.loss as number;
      assertClose([lossValue], [expectedLoss], LOSS * Math.abs(expectedLoss), "loss");
      const greatest = parity.json.gradient_max_abs as number;
      let compared = 0;
      for (const [parameter, variable] of variables) {
        const gradient = grads[variable.name];
        const actual = gradient ? await gradient.data() : new Float32Array(variable.size);
        const full = tensors.get(`grad/${parameter}`);
        const sample = tensors.get(`grad_sample/${parameter}`);
        if (full) {
          assertClose(actual, full.data, GRADIENTS * greatest, `grad/${parameter}`);
        }
        if (sample) {
          const picked = sample.data.map((_, k) => actual[(k * 7919) % actual.length]);
          assertClose(
            picked,
            sample.data,
            GRADIENTS * greatest,
            `grad_sample/${parameter}`,
          );
        }
        if (full || sample) {
          compared++;
        }
      }
      assertEquals(compared, variables.size, "number of gradients compared");
      tf.dispose([steps as unknown as tf.TensorContainer, value, grads]);
      targets.dispose();
      batch.dispose();
      sgp.dispose();
    },
  );
}

/**
 * The features as published, with word vectors: `[N, e]`, the word vector first, and
 * `[N, N, r]`, log q first.
 */
function publishedFeatures(
  { features: { entities, relations } }: StepTrace,
  { words, config }: ParityCase,
): { entities: tf.Tensor; relations: tf.Tensor } {
  assert(config.features === "paper" && NUM_BOX_FEATURES.paper === 14);
  if (!words || !entities.words) {
    return { entities: entities.values, relations: relations.values };
  }
  const lookUp = (vectors: Float32Array, { words: chosen }: Feature) => {
    const table = tf.tensor2d(vectors, [vectors.length / words.size, words.size]);
    return tf.mul(tf.gather(table, chosen!.labels), tf.reshape(chosen!.scales, [-1, 1]));
  };
  return {
    entities: tf.concat([lookUp(words.entities, entities), entities.values], 1),
    relations: tf.concat([relations.values, lookUp(words.relations, relations)], 1),
  };
}
