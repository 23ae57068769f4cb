import { assertEquals, assertRejects } from "@std/assert";
import { readVrdDetections } from "../../../src/dataset/formats/vrd_detections.ts";
import { DATA, isMissing } from "../../_fixtures.ts";
import { mat5Bytes } from "../../io/_mat5_bytes.ts";

const PATHS = { imagePath: { cells: ["a.jpg", "b.jpg"] } };
const FOUND = {
  detection_labels: { cells: [[[2], [1], [1]], []] },
  detection_bboxes: { cells: [[[1, 2, 30, 40], [5, 5, 5, 9], [9, 8, 20, 60]], []] },
  detection_confs: { cells: [[[0.75], [0.5], [1]], []] },
};

const read = (found: typeof FOUND, paths = PATHS, numClasses = 2) =>
  readVrdDetections(
    { name: "found.mat", bytes: mat5Bytes(found) },
    { name: "paths.mat", bytes: mat5Bytes(paths) },
    numClasses,
  );

Deno.test("readVrdDetections() counts classes from 0 and leaves out flat boxes", async () => {
  const found = await read(FOUND);
  assertEquals([...found.keys()], ["a.jpg", "b.jpg"]);
  assertEquals(found.get("a.jpg"), {
    boxes: Float32Array.of(1, 2, 30, 40, 9, 8, 20, 60),
    classes: Int32Array.of(1, 0),
    scores: Float32Array.of(0.75, 1),
  });
  assertEquals(found.get("b.jpg")!.classes.length, 0);
});

Deno.test("readVrdDetections() refuses what does not fit, by file and image", async () => {
  const refused = async (found: typeof FOUND, message: string, paths = PATHS) => {
    await assertRejects(() => read(found, paths), Error, message);
  };
  await refused(
    FOUND,
    `Cannot read "found.mat": its cells must be as many as the names in "paths.mat": found 2, 2, 2 and 1`,
    { imagePath: { cells: ["a.jpg"] } },
  );
  await refused(
    { ...FOUND, detection_labels: { cells: [[[3], [1], [1]], []] } },
    `Cannot use "found.mat": image 1, "a.jpg": a class must be in [1, 3): found 3`,
  );
  await refused(
    { ...FOUND, detection_confs: { cells: [[[2], [1], [1]], []] } },
    `Cannot use "found.mat": image 1, "a.jpg": a confidence must be in [0, 1]: found 2`,
  );
  await refused(
    { ...FOUND, detection_confs: { cells: [[[1], [1]], []] } },
    `Cannot read "found.mat": image 1, "a.jpg" must have as many boxes as classes and confidences: found 3, 3 and 2`,
  );
  await assertRejects(
    () =>
      readVrdDetections(
        { name: "found.mat", bytes: mat5Bytes({ other: [[1]] }) },
        { name: "paths.mat", bytes: mat5Bytes(PATHS) },
        2,
      ),
    SyntaxError,
    `Cannot read "found.mat": it must have a cell array "detection_labels": found other`,
  );
});

Deno.test("readVrdDetections() reads the published file", {
  ignore: isMissing(`${DATA}/vrd/lu2016`),
}, async () => {
  const file = async (name: string) => ({
    name,
    bytes: await Deno.readFile(`${DATA}/vrd/lu2016/${name}`),
  });
  const found = await readVrdDetections(
    await file("objectDetRCNN.mat"),
    await file("imagePath.mat"),
    100,
  );
  // 1,000 images and 7,221 detections, as the data's README says.
  assertEquals(found.size, 1000);
  const all = [...found.values()];
  assertEquals(all.reduce((sum, { classes }) => sum + classes.length, 0), 7221);
  const least = Math.min(...all.flatMap(({ scores }) => [...scores]));
  assertEquals(Math.round(100 * least), 41);
});
