import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { useBackend } from "../../src/kernels/backend.ts";
import type { AnnotatedImage } from "../../src/example.ts";
import { tf } from "../../src/deps/tf.ts";
import { Groups } from "../../src/kernels/groups.ts";
import { fitPerceptron } from "../../src/label_predictor/fit_perceptron.ts";
import { pairLoss, type Trainable } from "../../src/label_predictor/pair_loss.ts";
import { collectPairs, mirrorImages } from "../../src/label_predictor/pair_samples.ts";
import { runPairNetworks } from "../../src/label_predictor/pair_network.ts";
import { PerceptronPredictor } from "../../src/label_predictor/perceptron.ts";
import {
  NUM_SPATIAL_FEATURES,
  writeSpatialFeatures,
} from "../../src/label_predictor/spatial_features.ts";
import { trainPairNetwork } from "../../src/label_predictor/train_pair_network.ts";
import { Random } from "../../src/random.ts";
import { assertClose, assertNoLeak } from "../_assert.ts";
import { testOnEachBackend } from "../_backends.ts";
import { TOY_TRAINING, TOY_VOCABULARY, toyImages, toyTraining } from "./_toy.ts";

const oneHot = (labels: Int32Array, numClasses: number) => {
  const rows = new Float32Array(labels.length * numClasses);
  labels.forEach((label, i) => rows[i * numClasses + label] = 1);
  return rows;
};

const predict = (predictor: PerceptronPredictor, image: AnnotatedImage) =>
  predictor.predictRelations({
    ...image,
    entityProbabilities: oneHot(image.entityLabels, 3),
  });

Deno.test("fitPerceptron() learns a toy world and leaves no tensor behind", async () => {
  await useBackend("wasm");
  let predictor!: PerceptronPredictor;
  const shares: number[] = [];
  await assertNoLeak(async () => {
    predictor = await fitPerceptron(toyImages(150, 1), {
      vocabulary: TOY_VOCABULARY,
      seed: 1,
      training: toyTraining(),
      onProgress: (share) => shares.push(share),
    });
  });
  assert(
    shares.every((share, i) => share >= (shares[i - 1] ?? 0)) && shares.at(-1) === 1,
  );
  let right = 0, related = 0;
  const images = toyImages(200, 2);
  for (const image of images) {
    const logits = await predict(predictor, image);
    // Probabilities of each pair sum to 1; P = 3.
    for (let pair = 0; pair < 9; pair++) {
      const sum = logits.subarray(3 * pair, 3 * pair + 3)
        .reduce((total, logit) => total + Math.exp(logit), 0);
      assertClose([sum], [1], 1e-5);
    }
    const truth = image.relations[2];
    right += Number(logits[3 + truth] > logits[3 + 1 - truth]);
    related += Number(logits[5] < Math.log(0.5)) + Number(logits[8] > Math.log(0.5));
  }
  assert(right >= 0.95 * images.length, `${right} of ${images.length} predicates right`);
  assert(related >= 0.98 * 2 * images.length, `${related} pairs rightly related or not`);
});

Deno.test("fitPerceptron() gives the same bytes from the same seed only", async () => {
  await useBackend("wasm");
  const fit = async (seed: number) =>
    (await fitPerceptron(toyImages(30, 1), {
      vocabulary: TOY_VOCABULARY,
      seed,
      training: toyTraining(1),
    }))
      .toArrays();
  const once = await fit(3);
  assertEquals(await fit(3), once);
  const other = await fit(4);
  for (const name of ["predicates/weights2", "relatedness/weights2"]) {
    assert(other[name].data[0] !== once[name].data[0], name);
  }
});

Deno.test("trainPairNetwork() folds words and standardisation into the network", async () => {
  await useBackend("wasm");
  const images = toyImages(40, 5);
  const samples = collectPairs(images, { which: "related" });
  const words = Float32Array.of(1, 0, 0.5, -1, 0, 2); // [3, 2]
  const problem = {
    samples,
    numOutputs: 2,
    words,
    numClasses: 3,
    writeTarget: (pair: number, row: Float32Array) => {
      row[samples.predicates[samples.starts[pair]]] = 1;
    },
  };
  // One update with a learning rate of zero leaves the initial network.
  const drawn = await trainPairNetwork(problem, {
    ...TOY_TRAINING,
    epochs: 1,
    batchSize: samples.count,
    learningRate: 0,
  }, { seed: [9] });
  const trained = await trainPairNetwork(problem, { ...TOY_TRAINING, epochs: 20 }, {
    seed: [9],
  });
  const loss = async (network: typeof drawn) => {
    const predictor = new PerceptronPredictor(network, network);
    let sum = 0;
    for (const image of images) {
      const logits = await predict(predictor, image);
      const truth = image.relations[2];
      sum -= logits[3 + truth] -
        Math.log(Math.exp(logits[3]) + Math.exp(logits[4]));
    }
    return sum / images.length;
  };
  // The initial network is about as good as guessing (log 2), the trained one knows the images.
  const [before, after] = [await loss(drawn), await loss(trained)];
  assert(before > 0.3 && after < 0.1, `${before}, ${after}`);
});

Deno.test("trainPairNetwork() refuses fewer pairs than a batch takes", async () => {
  await useBackend("wasm");
  await assertRejects(
    () =>
      fitPerceptron(toyImages(3, 1), {
        vocabulary: TOY_VOCABULARY,
        seed: 1,
        training: toyTraining(),
      }),
    RangeError,
    "Cannot fit a perceptron as there must be 16 or more pairs: found 12; use class statistics (--label-predictor frequency)",
  );
});

Deno.test("pairLoss() has the gradients of finite differences", async () => {
  await useBackend("wasm");
  const random = new Random(11);
  const draw = (...shape: number[]) => {
    const length = shape.reduce((a, b) => a * b);
    return tf.tensor(Float32Array.from({ length }, () => random.between(-1, 1)), shape);
  };
  const [c, e, h, o, b] = [3, 2, 6, 4, 5];
  const parameters = {
    subjectTable: draw(c, h),
    objectTable: draw(c, h),
    subjectWords: draw(e, h),
    objectWords: draw(e, h),
    spatial: draw(NUM_SPATIAL_FEATURES + o, h),
    bias1: draw(h),
    weights2: draw(h, h),
    bias2: draw(h),
    weights3: draw(h, o),
    bias3: draw(o),
    gateOffset: draw(o),
  } as unknown as Trainable & { gateOffset: tf.Tensor1D };
  const words = draw(c, e) as tf.Tensor2D;
  const features = draw(b, NUM_SPATIAL_FEATURES + o), prior = draw(b, o);
  const batch = {
    subjects: new Groups(Int32Array.of(0, 1, 2, 1, 0), c),
    objects: new Groups(Int32Array.of(2, 2, 0, 1, 0), c),
    features: await features.data<"float32">(),
    prior: await prior.data<"float32">(),
    targets: Float32Array.from([
      ...[1, 0, 0, 0],
      ...[0, 0.5, 0.5, 0],
      ...[0, 0, 0, 1],
      ...[0.25, 0.25, 0.25, 0.25],
      ...[0, 1, 0, 0],
    ]),
  };
  // The same units are dropped in every call.
  const lossOf = (changed: Trainable) =>
    pairLoss(changed, words, batch, { rate: 0.25, seed: [5] });
  const names = Object.keys(parameters) as (keyof typeof parameters)[];
  const gradients = tf.grads((...tensors: tf.Tensor[]) =>
    lossOf(
      Object.fromEntries(
        names.map((name, i) => [name, tensors[i]]),
      ) as unknown as Trainable,
    )
  )(Object.values(parameters) as tf.Tensor[]);
  for (const [i, name] of names.entries()) {
    const values = await parameters[name]!.data<"float32">();
    const gradient = await gradients[i].data<"float32">();
    for (const at of [0, Math.floor(values.length / 2), values.length - 1]) {
      const lossAt = async (step: number) => {
        const moved = values.slice();
        moved[at] += step;
        const loss = tf.tidy(() =>
          lossOf({ ...parameters, [name]: tf.tensor(moved, parameters[name]!.shape) })
        );
        const [value] = await loss.data();
        loss.dispose();
        return value;
      };
      const step = 1e-2;
      const slope = (await lossAt(step) - await lossAt(-step)) / (2 * step);
      assertClose(
        [gradient[at]],
        [slope],
        2e-3 + 0.02 * Math.abs(slope),
        `${name} ${at}`,
      );
    }
  }
  batch.subjects.dispose();
  batch.objects.dispose();
  tf.dispose([...Object.values(parameters), ...gradients, words, features, prior]);
});

Deno.test("collectPairs() lists ordered pairs with all their predicates", () => {
  const image: AnnotatedImage = {
    id: "a",
    width: 10,
    height: 10,
    boxes: Float32Array.from({ length: 12 }, (_, k) => k % 4 < 2 ? 0 : 5 + k),
    entityLabels: Int32Array.of(2, 0, 1),
    relations: Int32Array.of(2, 0, 1, 0, 1, 0, 2, 0, 1, 2, 0, 0),
  };
  const related = collectPairs([image, image], { which: "related" });
  assertEquals(related.count, 4);
  assertEquals(related.subjects, Int32Array.of(2, 1, 2, 1));
  assertEquals(related.objects, Int32Array.of(0, 2, 0, 2));
  assertEquals(related.starts, Int32Array.of(0, 1, 4, 5, 8));
  assertEquals(related.predicates, Int32Array.of(0, 1, 1, 0, 0, 1, 1, 0));
  const all = collectPairs([image], { which: "all" });
  assertEquals(all.subjects, Int32Array.of(2, 2, 0, 0, 1, 1));
  assertEquals(all.starts, Int32Array.of(0, 1, 1, 1, 1, 4, 4));
  assertEquals(collectPairs([], { which: "all" }).count, 0);
});

Deno.test("mirrorImages() exchanges sides, and left and right in names", () => {
  const image: AnnotatedImage = {
    id: "a",
    width: 100,
    height: 50,
    boxes: Float32Array.of(0, 1, 30, 2, 60, 3, 90, 4),
    entityLabels: Int32Array.of(0, 1),
    relations: Int32Array.of(0, 1, 0, 1, 0, 1, 0, 1, 2),
  };
  const names = ["left of", "on the right", "bright", "on the left", "right of"];
  const [mirrored] = mirrorImages([image], names);
  assertEquals(mirrored.boxes, Float32Array.of(70, 1, 100, 2, 10, 3, 40, 4));
  assertEquals(mirrored.relations, Int32Array.of(0, 1, 4, 1, 0, 3, 0, 1, 2));
  assertEquals(mirrorImages([mirrored], names)[0], image);
  // "left of" has no mirrored name here.
  assertEquals(mirrorImages([image], names.slice(0, 4)), []);
});

Deno.test("collectPairs() draws a random subset if there are too many pairs", () => {
  const image: AnnotatedImage = {
    id: "a",
    width: 10,
    height: 10,
    boxes: Float32Array.from({ length: 16 }, (_, k) => k % 4 < 2 ? 0 : 5 + k),
    entityLabels: Int32Array.of(0, 1, 2, 3),
    relations: Int32Array.of(0, 1, 5, 3, 2, 6, 3, 2, 7),
  };
  const taken = new Map<string, number>();
  for (let seed = 0; seed < 3000; seed++) {
    const pairs = collectPairs([image], { which: "all", most: 4, seed: [seed] });
    assertEquals([pairs.count, pairs.subjects.length, pairs.starts.length], [4, 4, 5]);
    for (let pair = 0; pair < 4; pair++) {
      const [subject, object] = [pairs.subjects[pair], pairs.objects[pair]];
      const found = pairs.predicates.subarray(pairs.starts[pair], pairs.starts[pair + 1]);
      const truth: Record<string, number[]> = { "0,1": [5], "3,2": [6, 7] };
      const key = `${subject},${object}`;
      assertEquals([...found], truth[key] ?? []);
      taken.set(key, (taken.get(key) ?? 0) + 1);
    }
  }
  // 12 pairs, each drawn with probability 1/3: 1000 times, with a standard deviation of 26.
  assertEquals(taken.size, 12);
  for (const [key, times] of taken) {
    assert(Math.abs(times - 1000) < 130, `${key} ${times}`);
  }
  const enough = collectPairs([image], { which: "all", most: 12 });
  assertEquals(enough, {
    ...collectPairs([image], { which: "all" }),
    writeFeatures: enough.writeFeatures,
  });
});

Deno.test("trainPairNetwork() stops after the greatest number of updates", async () => {
  await useBackend("wasm");
  const fit = async (mostUpdates: number, epochs: number) => {
    let updates = 0;
    const network = { ...TOY_TRAINING, epochs, mostUpdates };
    await fitPerceptron(toyImages(30, 1), {
      vocabulary: TOY_VOCABULARY,
      seed: 1,
      training: { predicates: network, relatedness: network },
      onProgress: () => updates++,
    });
    return updates;
  };
  // 60 related pairs, twice as many with their mirror images: 7 batches of 16; of all 360
  // pairs 22 batches, but no more pairs than the updates can see.
  assertEquals(await fit(1000, 1), 7 + 22);
  assertEquals(await fit(10, 1), 7 + 10);
  assertEquals(await fit(10, 2), 10 + 10);
});

testOnEachBackend(
  "runPairNetworks() equals a plain loop for every pair, and leaves no tensor behind",
  async () => {
    const random = new Random(3);
    const draw = (length: number) =>
      Float32Array.from({ length }, () => random.between(-1, 1));
    const [c, n] = [3, 50]; // several chunks
    const width = 6; // further features, of which the gate takes the first 4
    const networkOf = (h: number, o: number) => ({
      subjects: draw(c * h),
      objects: draw(c * h),
      spatial: draw((NUM_SPATIAL_FEATURES + width) * h),
      bias1: draw(h),
      weights2: draw(h * h),
      bias2: draw(h),
      weights3: draw(h * o),
      bias3: draw(o),
    });
    const networks = [{ ...networkOf(5, 4), gate: draw(4) }, networkOf(3, 2)];
    const extra = { width, values: draw(n * n * width) };
    const input = {
      boxes: Array.from({ length: n }, () => {
        const [x, y] = [random.between(0, 80), random.between(0, 80)];
        return [x, y, x + random.between(1, 20), y + random.between(1, 20)];
      }).flat(),
      width: 100,
      height: 100,
      entityProbabilities: Float32Array.from({ length: n * c }, () => random.uniform()),
    };
    let outputs: Float32Array[] = [];
    await assertNoLeak(async () => {
      outputs = await runPairNetworks(networks, input, extra);
    });
    const times = (x: ArrayLike<number>, matrix: Float32Array, width: number) =>
      Array.from({ length: width }, (_, k) => {
        let sum = 0;
        for (let i = 0; i < x.length; i++) sum += x[i] * matrix[i * width + k];
        return sum;
      });
    const add = (...rows: ArrayLike<number>[]) =>
      Array.from(rows[0], (_, k) => rows.reduce((sum, row) => sum + row[k], 0));
    const relu = (row: number[]) => row.map((value) => Math.max(0, value));
    const features = new Float32Array(NUM_SPATIAL_FEATURES + width);
    for (const [i, j] of [[0, 1], [1, 0], [17, 49], [49, 48], [41, 3], [40, 0]]) {
      const entity = (at: number) =>
        input.entityProbabilities.subarray(at * c, at * c + c);
      writeSpatialFeatures(
        input.boxes,
        { subject: i, object: j, width: 100, height: 100 },
        features,
        0,
      );
      const further = extra.values.subarray((i * n + j) * width, (i * n + j + 1) * width);
      features.set(further, NUM_SPATIAL_FEATURES);
      for (const [at, network] of networks.entries()) {
        const h = network.bias1.length, o = network.bias3.length;
        const first = relu(add(
          times(features, network.spatial, h),
          times(entity(i), network.subjects, h),
          times(entity(j), network.objects, h),
          network.bias1,
        ));
        const second = relu(add(times(first, network.weights2, h), network.bias2));
        const { gate = new Float32Array(o) } = network as { gate?: Float32Array };
        const gated = gate.map((factor, k) => factor * further[k]);
        const expected = add(times(second, network.weights3, o), network.bias3, gated);
        const pair = i * n + j;
        const found = outputs[at].subarray(pair * o, (pair + 1) * o);
        assertClose(found, expected, 1e-3, `network ${at}, ${i}, ${j}`);
      }
    }
    for (const [at, o] of [4, 2].entries()) {
      assertEquals(outputs[at].length, n * n * o);
      const withItself = outputs[at].subarray(51 * o, 52 * o); // of entity 1
      assertEquals(withItself, new Float32Array(o));
    }
    for (const n of [0, 1]) {
      const few = { ...input, boxes: input.boxes.slice(0, 4 * n) };
      const entityProbabilities = input.entityProbabilities.slice(0, n * c);
      assertEquals(
        await runPairNetworks(networks, { ...few, entityProbabilities }, {
          width,
          values: new Float32Array(n * width),
        }),
        [new Float32Array(n * 4), new Float32Array(n * 2)],
      );
    }
  },
);

/** A network that sums one number of each input. */
function tinyNetwork(numOutputs: number) {
  return {
    subjects: Float32Array.of(1, 2, 4),
    objects: Float32Array.of(10, 20, 40),
    spatial: new Float32Array(NUM_SPATIAL_FEATURES).fill(0),
    bias1: Float32Array.of(-0.5),
    weights2: Float32Array.of(0.1),
    bias2: Float32Array.of(1),
    weights3: new Float32Array(numOutputs).map((_, k) => k),
    bias3: new Float32Array(numOutputs),
  };
}

Deno.test("PerceptronPredictor combines predicates and relatedness", async () => {
  await useBackend("wasm");
  // Subject 0 and object 2: (1 + 40 - 0.5) / 10 + 1 = 5.05, so the logits of two
  // predicates are 0 and 5.05, and so are those of "not related" and "related".
  const predictor = new PerceptronPredictor(tinyNetwork(2), tinyNetwork(2));
  const boxes = [0, 0, 5, 5, 1, 1, 9, 9];
  const given = await predictor.predictRelations({
    boxes,
    width: 10,
    height: 10,
    entityProbabilities: Float32Array.of(1, 0, 0, 0, 0, 1),
  });
  const yes = 1 / (1 + Math.exp(-5.05));
  assertClose(
    given.subarray(3, 6).map(Math.exp),
    [yes * (1 - yes), yes * yes, 1 - yes],
    1e-6,
  );
  assertClose(given.subarray(0, 3).map(Math.exp), [0, 0, 1], 1e-6);
  // An uncertain subject: (0.5 * 1 + 0.5 * 2) + 40 - 0.5 = 41, a logit of 5.1.
  const uncertain = await predictor.predictRelations({
    boxes,
    width: 10,
    height: 10,
    entityProbabilities: Float32Array.of(0.5, 0.5, 0, 0, 0, 1),
  });
  assertClose([Math.exp(uncertain[5])], [1 - 1 / (1 + Math.exp(-5.1))], 1e-6);
  await assertRejects(
    () =>
      predictor.predictRelations({
        boxes,
        width: 10,
        height: 10,
        entityProbabilities: Float32Array.of(1, 0),
      }),
    RangeError,
    "Cannot predict relations as 2 boxes and 3 classes must have 6 probabilities: found 2",
  );
});

Deno.test("PerceptronPredictor.fromArrays() gives the same predictor again", () => {
  const predictor = new PerceptronPredictor(tinyNetwork(4), tinyNetwork(2));
  const arrays = predictor.toArrays();
  assertEquals(arrays["predicates/weights3"].shape, [1, 4]);
  assertEquals(arrays["predicates/subjects"].shape, [3, 1]);
  const again = PerceptronPredictor.fromArrays(arrays);
  assertEquals(again.predicates, predictor.predicates);
  assertEquals(again.relatedness, predictor.relatedness);
});

Deno.test("PerceptronPredictor.fromArrays() refuses arrays that do not fit", () => {
  const arrays = new PerceptronPredictor(tinyNetwork(4), tinyNetwork(2)).toArrays();
  const { "predicates/bias2": _, ...missing } = arrays;
  assertThrows(
    () => PerceptronPredictor.fromArrays(missing),
    RangeError,
    'Cannot read the label predictor "perceptron" as it must have a float32 array "predicates/bias2": found none',
  );
  const short = { shape: [2], data: new Float32Array(2) };
  assertThrows(
    () => PerceptronPredictor.fromArrays({ ...arrays, "relatedness/objects": short }),
    RangeError,
    '"relatedness/objects" must have 3 numbers: found 2',
  );
});
