import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import { differingImages } from "../../../src/eval/comparison/differing_images.ts";
import type { ImagePrediction } from "../../../src/eval/prediction_files/image_prediction.ts";
import type { Prediction } from "../../../src/eval/prediction.ts";
import { parseProtocol } from "../../../src/eval/protocol.ts";
import { RecallEvaluator } from "../../../src/eval/evaluator.ts";
import {
  annotationsById,
  imageFinder,
  type ScoreOptions,
  scorePredictions,
} from "../../../src/eval/prediction_files/score.ts";
import { imageOf } from "../_toy.ts";

const images = ["b", "a", "c"].map((id) =>
  imageOf([0, 1], [[0, 1, 0], [1, 0, 1]], { id })
);
const truths = await annotationsById(images);
const hit = (id: string): ImagePrediction => {
  return { id, prediction: { triplets: [0, 1, 0, 1, 0, 1], scores: [0.9, 0.5] } };
};
const miss = (id: string): ImagePrediction => {
  return { id, prediction: { triplets: [0, 1, 1], scores: [0.9] } };
};
const options: ScoreOptions = {
  protocols: [parseProtocol("motifs"), parseProtocol("sgg-benchmark")],
  task: "predcls",
  metrics: "R",
  ks: [20],
  numPredicates: 2,
};

async function recalls(
  predictions: ImagePrediction[],
  changes: Partial<ScoreOptions> = {},
) {
  const { scores } = await scorePredictions(truths, predictions, {
    ...options,
    ...changes,
  });
  return scores.map(({ evaluator }) => evaluator.result().values[0].value);
}

Deno.test("annotationsById() drops the logits", async () => {
  const example = { ...images[0], entityLogits: new Float32Array(4) };
  assertEquals([...await annotationsById([example])], [["b", images[0]]]);
});

Deno.test("scorePredictions() matches images by id, in any order", async () => {
  const progress: number[][] = [];
  const { scores, missing } = await scorePredictions(
    truths,
    [hit("c"), miss("a"), hit("b")],
    { ...options, onProgress: (...numbers) => progress.push(numbers) },
  );
  assertEquals(scores[0].evaluator.result().values[0].value, 2 / 3);
  assertEquals(scores[0].evaluator.imageIds, ["b", "a", "c"]);
  // Only "a", now the second, is missed.
  const [{ perImage }] = scores[0].evaluator.statistics();
  assertEquals(perImage, {
    images: Uint32Array.of(0, 1, 2),
    rows: Float64Array.of(2, 2, 2),
    hits: Float64Array.of(2, 0, 2),
  });
  assertEquals([missing, scores[0].original], [0, undefined]);
  assertEquals(progress, [[1, 3], [2, 3], [3, 3]]);
});

Deno.test("scorePredictions() refuses unknown and repeated images", async () => {
  await assertRejects(
    () => recalls([hit("d")]),
    RangeError,
    'Cannot score "d" as exactly one image of the dataset must have that id or file name: found none, the nearest is "b"',
  );
  await assertRejects(
    () => recalls([hit("a"), hit("a")]),
    RangeError,
    'Cannot score image "a" as it must have one prediction: found two',
  );
});

Deno.test("scorePredictions() refuses, skips or empties images without prediction", async () => {
  await assertRejects(
    () => recalls([hit("c")]),
    RangeError,
    'Cannot score all images as 2 of 3 have no prediction, first "b": leave them out (--missing skip), or score them as empty (--missing empty), as the originals do: motifs counts them as 0; sgg-benchmark leaves them out',
  );
  assertEquals(await recalls([hit("c")], { missing: "skip" }), [1, 1]);
  // Empty is a miss under motifs; sgg-benchmark leaves images without pairs out anyway.
  assertEquals(await recalls([hit("c")], { missing: "empty" }), [1 / 3, 1]);
  const boxes = [...images[0].boxes];
  const detected = {
    id: "c",
    prediction: { ...hit("c").prediction, boxes, entityLabels: [0, 1] } as Prediction,
  };
  const sgdet = { missing: "empty", task: "sgdet" } as const;
  assertEquals(await recalls([detected], sgdet), [1 / 3, 1]);
});

Deno.test("scorePredictions() also returns the values that the original programs print", async () => {
  const list = (triplets: number[], scores: number[]) =>
    ["a", "b", "c"].map((id) => ({ id, prediction: { triplets, scores } }));
  const run = async (predictions: ImagePrediction[], k: number) => {
    const { scores } = await scorePredictions(truths, predictions, {
      ...options,
      ks: [k],
    });
    return [scores[0].evaluator, scores[0].original]
      .map((evaluator) => evaluator?.result().values[0].value);
  };
  // This project keeps 011 and 101, one per pair, and finds 101; the original also finds 010.
  const several = list([0, 1, 1, 0, 1, 0, 1, 0, 1], [0.9, 0.8, 0.7]);
  assertEquals(await run(several, 20), [0.5, 1]);
  // Unsorted: this project begins with the right 101, the original with the wrong 011.
  const unsorted = list([0, 1, 1, 1, 0, 1], [0.5, 0.9]);
  assertEquals(await run(unsorted, 1), [0.5, 0]);
  // Without a difference, `original` is missing.
  assertEquals(await run(unsorted, 20), [0.5, undefined]);
});

Deno.test("scorePredictions() requires the annotated boxes in tasks with given boxes", async () => {
  const [x1, y1, x2, y2, ...rest] = images[0].boxes;
  const prediction = (boxes: number[]): ImagePrediction => {
    return { id: "a", prediction: { ...hit("a").prediction, boxes } };
  };
  const other = [hit("b"), hit("c")];
  // One pixel more is a different convention, not a different box.
  const near = prediction([x1, y1, x2 + 1, y2 + 1, ...rest]);
  assertEquals(await recalls([near, ...other]), [1, 1]);
  await assertRejects(
    () => recalls([prediction([x1 + 3, y1, x2 + 3, y2, ...rest]), ...other]),
    RangeError,
    'Cannot score image "a" as its box 0 must be the annotated [0, 0, 9, 9] in predcls: found [3, 0, 12, 9]; detected boxes are scored by sgdet',
  );
});

Deno.test("scorePredictions() warns about lists that hold true pairs only", async () => {
  const many = Array.from({ length: 20 }, (_, i) => {
    return imageOf([0, 1, 2], [[0, 1, 0]], { id: `${i}` });
  });
  const predictions = many.map(({ id }) => ({ id, prediction: { triplets: [0, 1, 0] } }));
  const run = async (predictions: ImagePrediction[]) => {
    const truths = await annotationsById(many);
    const { scores } = await scorePredictions(truths, predictions, options);
    return scores[0].evaluator.result().warnings;
  };
  assertEquals(await run(predictions), [
    'Only annotated pairs are scored, in all of 20 images, first "0": that is predicate detection (preddet), the other tasks rank all pairs; the originals do not notice',
  ]);
  predictions[3].prediction.triplets.push(1, 2, 0);
  assertEquals(await run(predictions), []);
});

Deno.test("imageFinder() finds images by file names, and refuses ambiguous ones", async () => {
  const truths = await annotationsById(
    ["1.jpg", "2.jpg", "2.png", "7"].map((id) => imageOf([0], [], { id })),
  );
  const find = imageFinder(truths);
  assertEquals(find("some/where/1.jpg"), { id: "1.jpg", size: [1e4, 1e4] });
  assertEquals(find("1.png").id, "1.jpg");
  assertEquals(find("2.png").id, "2.png");
  assertEquals(find("C:\\images\\7.jpg").id, "7");
  const must =
    "as exactly one image of the dataset must have that id or file name: found";
  assertThrows(
    () => find("x/2.bmp"),
    RangeError,
    `Cannot score "x/2.bmp" ${must} 2.jpg, 2.png`,
  );
  assertThrows(
    () => find("8.jpg"),
    RangeError,
    `Cannot score "8.jpg" ${must} none, the nearest is "1"`,
  );
});

Deno.test("imageFinder() finds images by id or by file name, whichever is given", async () => {
  const truths = await annotationsById([
    { ...imageOf([0], [], { id: "17" }), fileName: "photos/street.jpg" },
    { ...imageOf([0], [], { id: "street.png" }), fileName: "18.jpg" },
    { ...imageOf([0], [], { id: "a.1" }), fileName: "19.jpg" },
    { ...imageOf([0], [], { id: "20" }), fileName: "19.jpg" },
  ]);
  const find = imageFinder(truths);
  assertEquals(find("17").id, "17");
  assertEquals(find("photos/street.jpg").id, "17");
  assertEquals(find("other/18.webp").id, "street.png");
  // An exact name counts more than one with another extension.
  assertEquals(find("street.png").id, "street.png");
  assertThrows(() => find("street.jpg"), RangeError, "found 17, street.png");
  assertThrows(() => find("19.jpg"), RangeError, "found a.1, 20");
  // A number after a point is part of a name.
  assertThrows(() => find("a.2"), RangeError, "found none");
});

Deno.test("scorePredictions() matches predictions by file names, too", async () => {
  const named = await annotationsById(
    images.map((image, i) => ({ ...image, fileName: `${i}.jpg` })),
  );
  const byFile = ["c", "a", "b"].map((id) => ({
    ...hit(id),
    id: named.get(id)!.fileName!,
  }));
  const { scores } = await scorePredictions(named, byFile, options);
  assertEquals(scores[0].evaluator.result().values[0].value, 1);
  assertEquals(scores[0].evaluator.imageIds, ["b", "a", "c"]);
  await assertRejects(
    () => scorePredictions(named, [hit("a"), ...byFile], options),
    RangeError,
    'Cannot score image "a" as it must have one prediction: found two',
  );
  // Those of images that are not scored are passed over by either name.
  const some = new Map([...named].slice(0, 1));
  const rest = { others: new Set(["a", "c"]), findImage: imageFinder(named) };
  const few = await scorePredictions(some, byFile, { ...options, ...rest });
  assertEquals(few.scores[0].evaluator.imageIds, ["b"]);
});

function evaluatorOf(predictions: Prediction[], metrics = "mR,R"): RecallEvaluator {
  const evaluator = new RecallEvaluator("motifs", {
    task: "predcls",
    metrics,
    ks: [1, 20],
    numPredicates: 2,
  });
  images.forEach((image, i) => evaluator.add(image, predictions[i]));
  return evaluator;
}

Deno.test("differingImages() puts the greatest difference first", () => {
  const all = { triplets: [0, 1, 0, 1, 0, 1] }, half = { triplets: [0, 1, 0] };
  const none = { triplets: [0, 1, 1] };
  const a = evaluatorOf([all, half, all]), b = evaluatorOf([half, half, none]);
  assertEquals(differingImages(a, b, 5), {
    metric: "R",
    k: 20,
    images: [{ image: "c", a: 2, b: 0, rows: 2 }, { image: "b", a: 2, b: 1, rows: 2 }],
  });
  assertEquals(differingImages(a, b, 1).images.length, 1);
  assertThrows(
    () => differingImages(evaluatorOf([all, all, all], "mR"), b, 5),
    RangeError,
    "Cannot compare images by mR as it does not add up over images: ask for R too",
  );
});
