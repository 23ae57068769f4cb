import { assertEquals } from "@std/assert";
import { ForeignRules } from "../../src/foreign/rules.ts";

/** The warnings of `count` boxes of one image. */
function warningsOf(count: number, box: (i: number) => number[], side = 300): string[] {
  const rules = new ForeignRules();
  for (let i = 0; i < count; i++) {
    rules.boxes.take(box(i), { width: 640, height: side }, { place: `boxes[${i}]` });
  }
  return rules.warnings.map(({ place, problem }) => `${place} ${problem}`);
}

Deno.test("ForeignRules warns of boxes that seem to be percentages", () => {
  const percent = (i: number) => [i, 20, 60 + i, 100];
  assertEquals(warningsOf(20, percent), [
    "boxes[0] all 20 boxes lie within 100 pixels of the upper left corner, first [0, 20, 60, 100] in an image of 640 x 300; if they are percentages of the image, multiply them by its width and height, divided by 100",
  ]);
  // Fewer boxes, smaller images, or one box elsewhere tell nothing.
  assertEquals(warningsOf(19, percent), []);
  assertEquals(warningsOf(20, percent, 299), []);
  assertEquals(warningsOf(20, (i) => [i, 20, i === 7 ? 101 : 90, 100]), []);
});
