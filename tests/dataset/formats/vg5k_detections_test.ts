import { assert, assertEquals, assertThrows } from "@std/assert";
import {
  type BoxDetections,
  detectedEntities,
} from "../../../src/dataset/formats/box_detections.ts";
import {
  alignVg5kDetections,
  readVg5kDetections,
} from "../../../src/dataset/formats/vg5k_detections.ts";
import { pickleDetections, type RawDetections } from "./_vg5k_writer.ts";
import { DATA, isMissing } from "../../_fixtures.ts";

Deno.test("alignVg5kDetections() leaves out missing images and the four without a list", () => {
  const ids = ["1", undefined, "285840", "2", "2337869"];
  const images = ids.map((id) => id === undefined ? undefined : { id });
  const list = (n: number): BoxDetections => ({
    boxes: new Float32Array(4 * n),
    classes: new Int32Array(n),
    scores: new Float32Array(n),
  });
  const [a, b] = [list(1), list(2)];
  assertEquals([...alignVg5kDetections(images, [a, b])], [["1", a], ["2", b]]);
  assertThrows(
    () => alignVg5kDetections(images, [a]),
    RangeError,
    "there must be a list for each of 2 images: found 1",
  );
});

/** A pickle of protocol 0 from Python's literals: numbers, lists and dicts. */
function pickle(value: unknown): Uint8Array {
  const write = (value: unknown): string => {
    if (Array.isArray(value)) return `(${value.map(write).join("")}l`;
    if (typeof value === "number") return `F${value}\n`;
    if (typeof value === "string") return `V${value}\n`;
    return `(${Object.entries(value as object).flat().map(write).join("")}d`;
  };
  return new TextEncoder().encode(`${write(value)}.`);
}

const read = (...images: RawDetections[]) =>
  readVg5kDetections({ name: "det.pkl", bytes: pickleDetections(images) }, [2, -1, 0]);

Deno.test("readVg5kDetections() leaves out background and boxes without an area", () => {
  const nothing = { boxes: [], cls: [], confs: [] };
  const boxes = [[0, 0, 10, 20], [0, 0, 9, 9], [5, 5, 5, 9], [-3, 1, 300, 70_000]];
  const image = { boxes, cls: [0, 1, 0, 2], confs: [0.25, 1, 1, 0.5] };
  assertEquals(read(nothing, image), [
    {
      boxes: new Float32Array(0),
      classes: new Int32Array(0),
      scores: new Float32Array(0),
    },
    {
      boxes: Float32Array.of(0, 0, 10, 20, -3, 1, 300, 70_000),
      classes: Int32Array.of(2, 0),
      scores: Float32Array.of(0.25, 0.5),
    },
  ]);
});

Deno.test("readVg5kDetections() refuses classes and confidences that cannot be", () => {
  const box = [0, 0, 10, 20];
  const nothing = { boxes: [], cls: [], confs: [] };
  assertThrows(
    () => read(nothing, { boxes: [box], cls: [3], confs: [0.5] }),
    RangeError,
    'Cannot use "det.pkl": image 1: a class must be in [0, 3): found 3',
  );
  assertThrows(
    () => read({ boxes: [box], cls: [0], confs: [1.5] }),
    RangeError,
    'Cannot use "det.pkl": image 0: a confidence must be in [0, 1]: found 1.5',
  );
  assertThrows(
    () => read({ boxes: [box, box], cls: [0], confs: [0.5] }),
    SyntaxError,
    'Cannot read "det.pkl": image 0 must have as many boxes as classes and confidences: found 2, 1 and 1',
  );
});

Deno.test("readVg5kDetections() refuses other pickles", () => {
  const reading = (value: unknown) => () =>
    readVg5kDetections({ name: "det.pkl", bytes: pickle(value) }, [0]);
  assertThrows(
    reading([1]),
    SyntaxError,
    'Cannot read "det.pkl": it must have a list "boxes"',
  );
  assertThrows(
    reading({ boxes: [], cls: [1], confs: [] }),
    SyntaxError,
    "its lists must be equally long: found 0 of boxes, 1 of classes and 0 of confidences",
  );
  assertThrows(
    reading({ boxes: [1], cls: [1], confs: [1] }),
    SyntaxError,
    'Cannot read "det.pkl": image 0 must have arrays of numbers in 4 columns: found no array',
  );
});

const VG5K = `${DATA}/vg5k`;
type RawImage = { objs: { cls: number; bbox: number[] }[] };

Deno.test("alignVg5kDetections() aligns the published files as boxes and labels say", {
  ignore: isMissing(VG5K),
}, () => {
  const json = (name: string) => JSON.parse(Deno.readTextFileSync(`${VG5K}/${name}`));
  const classes: string[] = json("objects.json");
  const bytes = Deno.readFileSync(`${VG5K}/det_res.pkl`);
  const file = { name: "det_res.pkl", bytes };
  const detections = readVg5kDetections(file, classes.map((_, i) => i));
  const lists: [string | null, RawImage | null][] = json("data_annos_img_test.json");
  const images = lists.map(([path]) =>
    path === null ? undefined : { id: /(\d+)\.jpg/.exec(path)![1] }
  );
  const aligned = alignVg5kDetections(images, detections);
  const wanted: number[] = json("det_alignment.json");
  assertEquals([...aligned.keys()], wanted.map((index) => images[index]?.id));
  // The numbers of the README beside the data.
  let boxes = 0, found = 0, right = 0;
  lists.forEach(([, image], i) => {
    const list = aligned.get(images[i]?.id ?? "");
    if (!image || !list) return;
    boxes += list.scores.length;
    assert(list.scores.length <= 7);
    for (const { cls, bbox } of image.objs) {
      const box = Float32Array.from(bbox);
      if (detectedEntities(box, list)[0] >= 0) found++;
      // Whether any detection of the right class overlaps: the others have no score.
      const scores = list.scores.map((score, d) => list.classes[d] === cls ? score : -1);
      const best = detectedEntities(box, { boxes: list.boxes, scores })[0];
      if (best >= 0 && scores[best] >= 0) right++;
    }
  });
  // Two of the 34,167 detections have no area.
  assertEquals(boxes, 34165);
  assertEquals([found, right], [17516, 13442]);
});
