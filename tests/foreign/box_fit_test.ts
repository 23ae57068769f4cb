import { assertEquals, assertStringIncludes } from "@std/assert";
import { BoxFit } from "../../src/foreign/box_fit.ts";
import { RecallEvaluator } from "../../src/eval/evaluator.ts";

const boxes = [105, 20, 260, 300, 60, 140, 420, 470, 150, 20, 200, 60];
const images = Array.from({ length: 3 }, (_, i) => ({
  id: `${i}`,
  width: 640,
  height: 480,
  boxes: Float32Array.from(boxes),
  entityLabels: Int32Array.of(0, 1, 2),
  relations: Int32Array.of(0, 1, 0),
}));

/** What the boxes seem to be if each x and y is changed. */
function guessOf(x: number, y: number): string | undefined {
  const fit = new BoxFit();
  const changed = boxes.map((value, i) => value * (i % 2 === 0 ? x : y));
  for (const image of images) fit.add(image, { boxes: changed, labels: [0, 1, 2] });
  return fit.guess();
}

Deno.test("BoxFit says nothing of boxes in pixels", () => {
  assertEquals(guessOf(1, 1), undefined);
  assertEquals(guessOf(1.05, 0.96), undefined);
  assertEquals(new BoxFit().guess(), undefined);
});

Deno.test("BoxFit notices fractions of the image", () => {
  assertStringIncludes(
    guessOf(1 / 640, 1 / 480)!,
    "if they are fractions of the image (0 to 1), multiply",
  );
});

Deno.test("BoxFit guesses by how much boxes are too large or too small", () => {
  assertStringIncludes(
    guessOf(5 / 3, 5 / 3)!,
    "another resolution, 1.67 times as wide and 1.67 times as high (see --test-size",
  );
  assertStringIncludes(guessOf(0.5, 0.5)!, "0.50 times as wide and 0.50 times as high");
  assertStringIncludes(
    guessOf(2, 3)!,
    "2.00 times as wide and 3.00 times as high",
  );
});

Deno.test("BoxFit sees boxes outside, also without a class in common", () => {
  const fit = new BoxFit().add(images[0], { boxes: [0, 0, 900, 400], labels: [7] });
  assertStringIncludes(fit.guess()!, "another resolution, 1.41 times as wide and 1.00");
  // The image is 640 x 480; the box would lie in one of 480 x 640.
  const swapped = new BoxFit().add(images[0], { boxes: [0, 0, 400, 640], labels: [7] });
  assertStringIncludes(swapped.guess()!, "width and height of the images are swapped");
  // Those of a worker count as well.
  const merged = new BoxFit();
  merged.merge(swapped);
  assertEquals(merged.guess(), swapped.guess());
});

Deno.test("RecallEvaluator warns of boxes that do not fit, also when merged", () => {
  const evaluators = images.map((image) =>
    new RecallEvaluator("motifs", { task: "sgdet" }).add(image, {
      boxes: boxes.map((x) => 2 * x),
      entityLabels: [0, 1, 2],
      triplets: [0, 1, 0, 1, 2, 0],
    })
  );
  const [first, ...others] = evaluators;
  for (const other of others) first.merge(other);
  const [warning] = first.result().warnings;
  assertStringIncludes(
    warning,
    'Boxes do not fit their images (9 boxes of 3 images, first "0"): the likely cause: the boxes are of images of another resolution, 2.00 times as wide',
  );
});
