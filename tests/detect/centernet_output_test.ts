import { assertEquals } from "@std/assert";
import { readCenterNet } from "../../src/detect/centernet_output.ts";
import { COCO_NAMES } from "../../src/detect/coco_names.ts";
import { assertClose } from "../_assert.ts";

const PLACE = {
  ...{ imageWidth: 1024, imageHeight: 256, left: 0, top: 0 },
  ...{ scaleX: 2, scaleY: 0.5 },
};
const [HORSE, SHEEP] = ["horse", "sheep"].map((name) => COCO_NAMES.indexOf(name));

/** Heat of some classes in cells, by row and column. */
function heatOf(...cells: [row: number, column: number, heat: Record<number, number>][]) {
  const heat = new Float32Array(128 * 128 * 80);
  for (const [row, column, beliefs] of cells) {
    for (const [label, value] of Object.entries(beliefs)) {
      heat[(row * 128 + column) * 80 + Number(label)] = value;
    }
  }
  return heat;
}

function detectionsOf(...rows: number[][]) {
  const detections = new Float32Array(600);
  rows.forEach((row, i) => detections.set(row, 6 * i));
  return detections;
}

Deno.test("readCenterNet() reads a box once, in pixels, with all beliefs of its cell", () => {
  // The middle of the box is (60, 40): row 10, column 15.
  const heat = heatOf([10, 15, { [HORSE]: 0.5, [SHEEP]: 0.25, 0: 0.125 }]);
  const box = [20, 20, 100, 60];
  const detections = detectionsOf([...box, 0.5, HORSE], [...box, 0.25, SHEEP]);
  const found = readCenterNet({ detections, heat }, PLACE, 0.25);
  assertEquals([found.imageWidth, found.imageHeight], [1024, 256]);
  assertClose(found.boxes, [40, 10, 200, 30], 1e-4);
  assertEquals(found.beliefs.length, 80);
  assertEquals([HORSE, SHEEP, 0, 1].map((i) => found.beliefs[i]), [0.5, 0.25, 0.125, 0]);
});

Deno.test("readCenterNet() finds the cell that is not the middle of the box", () => {
  const heat = heatOf(
    [10, 15, { [HORSE]: 0.3 }], // the middle
    [11, 16, { [HORSE]: 0.5, 3: 0.75 }],
    [100, 100, { [HORSE]: 0.5, 7: 0.75 }], // as hot, but far away
  );
  const detections = detectionsOf([20, 20, 100, 60, 0.5, HORSE]);
  const { beliefs } = readCenterNet({ detections, heat }, PLACE, 0.25);
  assertEquals([HORSE, 3, 7].map((i) => beliefs[i]), [0.5, 0.75, 0]);
});

Deno.test("readCenterNet() drops weak boxes and those on a likelier one of their class", () => {
  const heat = heatOf(
    [10, 15, { [HORSE]: 0.5 }],
    [10, 16, { [HORSE]: 0.375 }],
    [10, 17, { [SHEEP]: 0.3125 }],
    [50, 50, { [SHEEP]: 0.125 }],
  );
  const detections = detectionsOf(
    [24, 20, 104, 60, 0.375, HORSE], // overlap with the next: 76 / 84
    [20, 20, 100, 60, 0.5, HORSE],
    [28, 20, 108, 60, 0.3125, SHEEP],
    [190, 190, 210, 210, 0.125, SHEEP],
  );
  const { boxes } = readCenterNet({ detections, heat }, PLACE, 0.25);
  assertClose(boxes, [40, 10, 200, 30, 56, 10, 216, 30], 1e-4);
});

Deno.test("readCenterNet() takes off the rim of a letterbox, and keeps what sticks out", () => {
  const heat = heatOf([0, 0, { 0: 0.5 }]);
  const detections = detectionsOf([-4, -6, 3, 5, 0.5, 0]);
  const rim = { ...PLACE, left: 2, top: 10, scaleX: 3, scaleY: 3 };
  const { boxes } = readCenterNet({ detections, heat }, rim, 0.25);
  assertClose(boxes, [-18, -48, 3, -15], 1e-4);
});
