import { assert, assertEquals, assertThrows } from "@std/assert";
import { useBackend } from "../../src/kernels/backend.ts";
import {
  type ExternalCounts,
  ExternalCountTable,
} from "../../src/label_predictor/external_counts.ts";
import {
  COUNTS_TRAINING,
  fitPerceptron,
  PERCEPTRON_TRAINING,
  trainingFor,
} from "../../src/label_predictor/fit_perceptron.ts";
import { collectPairs } from "../../src/label_predictor/pair_samples.ts";
import { PerceptronPredictor } from "../../src/label_predictor/perceptron.ts";
import { NUM_SPATIAL_FEATURES } from "../../src/label_predictor/spatial_features.ts";
import { assertClose, assertNoLeak } from "../_assert.ts";
import { TOY_TRAINING, TOY_VOCABULARY, toyImages, toyTraining } from "./_toy.ts";

const SIZES = { numEntityClasses: 3, numPredicates: 3 };

/** Classes 0 and 2 as 0 and 1 in `external_counts_test.ts`, which calculates by hand. */
const COUNTS: ExternalCounts = {
  subjects: Int32Array.of(0, 2),
  objects: Int32Array.of(2, 0),
  predicates: Int32Array.of(1, 0),
  counts: Int32Array.of(4, 2),
};

/** Probabilities of the predicates of classes 0 and 2, and how often they are related. */
const P = [405 / 16408, 16003 / 16408], RATIO = 21 / 17;

const BOXES = [0, 0, 5, 5, 1, 1, 9, 9];

/** A network whose hidden unit sums classes and the last feature of the counts. */
function tinyNetwork(numOutputs: number, gate?: number[]) {
  const spatial = new Float32Array(NUM_SPATIAL_FEATURES + 3);
  spatial[NUM_SPATIAL_FEATURES + 2] = 1;
  return {
    subjects: Float32Array.of(1, 2, 4),
    objects: Float32Array.of(10, 20, 40),
    spatial,
    bias1: Float32Array.of(-0.5),
    weights2: Float32Array.of(0.1),
    bias2: Float32Array.of(1),
    weights3: new Float32Array(numOutputs).map((_, k) => k),
    bias3: new Float32Array(numOutputs),
    ...gate && { gate: Float32Array.from(gate) },
  };
}

const table = () => new ExternalCountTable(COUNTS, SIZES);

const PREDICTOR = new PerceptronPredictor(
  tinyNetwork(2, [1, 0.5]),
  tinyNetwork(2),
  table(),
);

Deno.test("PerceptronPredictor adds the gated log-probabilities of the counts", async () => {
  await useBackend("wasm");
  const logits = await PREDICTOR.predictRelations({
    ...{ boxes: BOXES, width: 10, height: 10 },
    entityProbabilities: Float32Array.of(1, 0, 0, 0, 0, 1),
  });
  // Subject 0, object 2: the second output is (1 + 40 - 0.5 + ln(21/17)) / 10 + 1.
  const output = (40.5 + Math.log(RATIO)) / 10 + 1;
  const yes = 1 / (1 + Math.exp(-output));
  const weights = [P[0], Math.exp(output) * Math.sqrt(P[1])];
  const total = weights[0] + weights[1];
  assertClose(
    logits.subarray(3, 6).map(Math.exp),
    [yes * weights[0] / total, yes * weights[1] / total, 1 - yes],
    1e-6,
  );
});

Deno.test("PerceptronPredictor.fromArrays() gives the same predictor with counts again", async () => {
  await useBackend("wasm");
  const arrays = PREDICTOR.toArrays();
  assertEquals(arrays["predicates/gate"].shape, [2]);
  assertEquals(arrays["relatedness/gate"], undefined);
  assertEquals(arrays["predicates/spatial"].shape, [NUM_SPATIAL_FEATURES + 3, 1]);
  const again = PerceptronPredictor.fromArrays(arrays);
  assertEquals(again.toArrays(), arrays);
  const input = {
    ...{ boxes: BOXES, width: 10, height: 10 },
    entityProbabilities: Float32Array.of(0.5, 0.25, 0.25, 0, 0.5, 0.5),
  };
  assertEquals(
    await again.predictRelations(input),
    await PREDICTOR.predictRelations(input),
  );
});

Deno.test("PerceptronPredictor.fromArrays() refuses counts that do not fit the networks", () => {
  const arrays = PREDICTOR.toArrays();
  const fewer = new ExternalCountTable(COUNTS, { ...SIZES, numEntityClasses: 4 });
  assertThrows(
    () => PerceptronPredictor.fromArrays({ ...arrays, ...fewer.toArrays() }),
    RangeError,
    "its external counts must be of 3 classes and 2 predicates: found 4 and 2",
  );
  const without = Object.fromEntries(
    Object.entries(arrays).filter(([name]) => !name.startsWith("counts/")),
  );
  assertThrows(
    () => PerceptronPredictor.fromArrays(without),
    RangeError,
    '"predicates/spatial" must have 44 numbers: found 47',
  );
  const gate = { shape: [3], data: new Float32Array(3) };
  assertThrows(
    () => PerceptronPredictor.fromArrays({ ...arrays, "predicates/gate": gate }),
    RangeError,
    '"predicates/gate" must have 2 numbers: found 3',
  );
});

Deno.test("collectPairs() puts the features of the counts behind the spatial ones", () => {
  const image = { ...toyImages(1, 1)[0], entityLabels: Int32Array.of(0, 2, 1) };
  const plain = collectPairs([image], { which: "related" });
  const pairs = collectPairs([image], { which: "related", counts: table() });
  assertEquals([plain.numFeatures, pairs.numFeatures], [44, 47]);
  const spatial = new Float32Array(44), all = new Float32Array(48);
  plain.writeFeatures(0, spatial, 0);
  pairs.writeFeatures(0, all, 1);
  assertEquals(all.subarray(1, 45), spatial);
  assertClose(all.subarray(45).map(Math.exp), [...P, RATIO], 1e-6);
});

Deno.test("fitPerceptron() begins as the counts alone, for the predicates of a pair", async () => {
  await useBackend("wasm");
  const network = { ...TOY_TRAINING, epochs: 1, learningRate: 0 };
  const predictor = await fitPerceptron(toyImages(30, 1), {
    vocabulary: TOY_VOCABULARY,
    seed: 1,
    training: { predicates: network, relatedness: network },
    counts: COUNTS,
  });
  const logits = await predictor.predictRelations({
    ...{ boxes: BOXES, width: 10, height: 10 },
    entityProbabilities: Float32Array.of(1, 0, 0, 0, 0, 1),
  });
  const [first, second] = logits.subarray(3, 5).map(Math.exp);
  assertClose([first / (first + second)], [P[0]], 1e-5);
});

Deno.test("fitPerceptron() corrects the counts by what it sees, and leaves no tensor behind", async () => {
  await useBackend("wasm");
  // In these counts a cup is always left of a table; in the images it depends on the boxes.
  const counts = {
    subjects: Int32Array.of(0, 1),
    objects: Int32Array.of(1, 0),
    predicates: Int32Array.of(0, 1),
    counts: Int32Array.of(5, 5),
  };
  let predictor!: PerceptronPredictor;
  await assertNoLeak(async () => {
    predictor = await fitPerceptron(toyImages(150, 1), {
      vocabulary: TOY_VOCABULARY,
      seed: 1,
      training: toyTraining(),
      counts,
    });
  });
  let right = 0;
  const images = toyImages(200, 2);
  const entityProbabilities = Float32Array.of(1, 0, 0, 0, 1, 0, 0, 0, 1);
  for (const image of images) {
    const logits = await predictor.predictRelations({ ...image, entityProbabilities });
    const truth = image.relations[2];
    right += Number(logits[3 + truth] > logits[3 + 1 - truth]);
  }
  assert(right >= 0.95 * images.length, `${right} of ${images.length} predicates right`);
});

Deno.test("trainingFor() has a recipe of its own for external counts", () => {
  assertEquals(trainingFor(undefined), PERCEPTRON_TRAINING);
  assertEquals(trainingFor(COUNTS), COUNTS_TRAINING);
});
