import { assertEquals, assertRejects } from "@std/assert";
import { PRESETS } from "../../src/config.ts";
import type { Dataset } from "../../src/dataset/dataset.ts";
import { chooseNetwork } from "../../src/train/choose_network.ts";
import { VOCABULARY } from "../_samples.ts";

/** What the network depends on: a vocabulary, and whose the relation logits are. */
function dataset(name: string, simulated = false): Dataset {
  const manifest = { name: "mine", labelPredictor: { name, simulated } };
  return { vocabulary: VOCABULARY, manifest } as Dataset;
}

const { model } = PRESETS.small, variant = "gpi_mean" as const;

async function relationsOf(data: Dataset, change: Partial<typeof model> = {}) {
  const { config } = await chooseNetwork({
    ...{ dataset: data, variant, model: { ...model, ...change } },
  });
  return config.relations;
}

Deno.test("chooseNetwork() has relations read again where a label predictor gave them", async () => {
  assertEquals(await relationsOf(dataset("perceptron")), "reread");
  assertEquals(await relationsOf(dataset("frequency")), "reread");
  assertEquals(
    await relationsOf(dataset("perceptron"), { features: "paper" }),
    "network",
  );
  assertEquals(
    await relationsOf(dataset("perceptron"), { relationsOnly: true }),
    "network",
  );
  assertEquals(await relationsOf(dataset("file")), "network");
  assertEquals(await relationsOf(dataset("frequency", true)), "network");
  const relations = "reread" as const;
  assertEquals(await relationsOf(dataset("perceptron"), { relations }), relations);
});

Deno.test("chooseNetwork() refuses to read relations again that are not a label predictor's", async () => {
  const relations = "reread" as const;
  await assertRejects(
    () => relationsOf(dataset("file"), { relations }),
    RangeError,
    'the relation logits of "mine" must be those of a label predictor of this program: found "file"',
  );
  await assertRejects(
    () => relationsOf(dataset("perceptron"), { relations, relationsOnly: true }),
    RangeError,
    "relationsOnly",
  );
});
