import { assert, assertEquals } from "@std/assert";
import { useBackend } from "../../src/kernels/backend.ts";
import { labelPredictorFrom } from "../../src/label_predictor/load.ts";
import { Sgp } from "../../src/model/sgp.ts";
import { SceneGraphPredictor } from "../../src/predict/predictor.ts";
import { softmaxRows } from "../../src/softmax.ts";
import { assertClose } from "../_assert.ts";
import {
  randomImage,
  smallCheckpoint,
  smallCheckpointBytes,
  smallConfig,
  VOCABULARY,
} from "../_samples.ts";

const config = smallConfig("gpi_mean", { relations: "reread" });
const image = randomImage(3, "reread input");
const { width: imageWidth, height: imageHeight, boxes, entityLogits } = image;
const input = { imageWidth, imageHeight, boxes, entityLogits };

Deno.test("predict() has relations read again from the network's beliefs", async () => {
  await useBackend("wasm");
  const { labelPredictor, parameters } = smallCheckpoint("gpi_mean", { config });
  const read = labelPredictorFrom(labelPredictor!.name, labelPredictor!.arrays);
  const readFrom = async (logits: Float32Array) =>
    await read.predictRelations({
      ...image,
      entityProbabilities: Float32Array.from(
        softmaxRows(logits, VOCABULARY.numEntityClasses),
      ),
    });
  const values = new Map(Array.from(parameters, ([name, { data }]) => [name, data]));
  const network = new Sgp(config, values);
  const [revised] = await network.predict([
    { ...image, relationLogits: await readFrom(entityLogits) },
  ]);
  network.dispose();
  using sgp = await SceneGraphPredictor.load(
    smallCheckpointBytes("gpi_mean", { config }),
    { backend: "wasm" },
  );
  const { relations, entities } = await sgp.predict(input);
  const first = await readFrom(entityLogits),
    again = await readFrom(revised.entityLogits);
  const p = VOCABULARY.numPredicates;
  const odds = (logits: Float32Array, pair: number) => {
    const row = [...logits.subarray(pair * p, (pair + 1) * p)].map(Math.exp);
    return row.slice(0, -1).reduce((sum, value) => sum + value) / row[p - 1];
  };
  const q = again.map((logit, at) => {
    const pair = Math.floor(at / p);
    if (at % p === p - 1) return Math.exp(logit);
    return Math.exp(logit) * odds(revised.relationLogits, pair) / odds(first, pair);
  });
  assert(relations.length > 0);
  for (const { subject, object, predicateIndex, score } of relations) {
    const pair = 3 * subject + object;
    const whole = q.subarray(pair * p, (pair + 1) * p).reduce((sum, value) =>
      sum + value
    );
    const share = q[pair * p + predicateIndex] / whole;
    const expected = entities[subject].score * entities[object].score * share;
    assertClose([score], [expected], 1e-5, "score");
  }
});

Deno.test("predict() leaves relations to the network whose logits the caller gave", async () => {
  const graphs = await Promise.all((["reread", "network"] as const).map(async (form) => {
    const bytes = smallCheckpointBytes("gpi_mean", {
      config: { ...config, relations: form },
    });
    using sgp = await SceneGraphPredictor.load(bytes, { backend: "wasm" });
    return await sgp.predict({ ...input, relationLogits: image.relationLogits });
  }));
  assertEquals(graphs[0], graphs[1]);
});
