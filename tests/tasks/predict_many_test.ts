/** `predict` with files of many images. */

import { assertEquals, assertStringIncludes } from "@std/assert";
import { testInFolder } from "../_in_folder.ts";
import { smallCheckpointBytes } from "../_samples.ts";
import { SAMPLES } from "../detect/_sample_images.ts";
import { runTask } from "./_run_script.ts";

const MODEL = ["--checkpoint", "model.safetensors", "--backend", "wasm", "--quiet"];

/** A box of COCO's results, whose first number tells it from others. */
const row = (image_id: number | string, left: number, category_id = 1) => ({
  ...{ image_id, category_id, score: 0.5 },
  bbox: [left, 10, 20, 30],
});

/** The images of a run, each with the left edges of its boxes. */
async function imagesOf(
  folder: string,
  ...args: string[]
): Promise<[image: string, lefts: number[]][]> {
  const { code, stdout, stderr } = await runTask(
    folder,
    ...["predict", ...args, ...MODEL, "--json"],
  );
  assertEquals(code, 0, stderr);
  return stdout.trim().split("\n").map((line) => {
    const { image, entities } = JSON.parse(line);
    return [image, entities.map(({ box }: { box: number[] }) => box[0])];
  });
}

async function write(folder: string, files: Record<string, unknown>): Promise<void> {
  await Deno.writeFile(`${folder}/model.safetensors`, smallCheckpointBytes());
  for (const [name, value] of Object.entries(files)) {
    const text = typeof value === "string" ? value : JSON.stringify(value);
    await Deno.writeTextFile(`${folder}/${name}`, text);
  }
}

/** Lines of JSON. */
const lines = (values: readonly unknown[]) =>
  values.map((value) => `${JSON.stringify(value)}\n`).join("\n"); // blank ones between

testInFolder("predict gives a graph for each image of COCO's results", async (folder) => {
  // The boxes of an image need not stand together, and its id may be a text.
  const rows = [row(7, 1), row(7, 2), row("a", 3), row(7, 4), row("a", 5), row(12, 6)];
  const images = [7, 12, 13].map((id) => ({ id, width: 100, height: 80 }));
  await write(folder, {
    "results.json": JSON.stringify(rows, null, 1),
    "results.jsonl": lines(rows),
    "instances.json": {
      images: [...images, { id: 5, width: 100, height: 80, file_name: "x/a.jpg" }],
      annotations: [{ image_id: 7, segmentation: [[1, 2]] }],
      categories: [{ id: 1, name: "man" }],
    },
  });
  const flags = ["--annotations", "instances.json"];
  const wanted = [["7", [1, 2, 4]], ["a", [3, 5]], ["12", [6]]];
  for (const file of ["results.json", "results.jsonl"]) {
    assertEquals(await imagesOf(folder, file, ...flags), wanted);
  }
  const chosen = ["results.json", ...flags, "--image-id", "12, 13,7"];
  assertEquals(await imagesOf(folder, ...chosen), [["12", [6]], ["13", []], wanted[0]]);
  const shards = await Promise.all(
    ["1/2", "2/2"].map((shard) =>
      imagesOf(folder, "results.json", ...flags, "--shard", shard)
    ),
  );
  assertEquals(shards, [wanted.slice(0, 1), wanted.slice(1)]);

  const drawn = await runTask(
    folder,
    ...["predict", "results.json", ...flags, ...MODEL, "--out", "graphs"],
    ...["--format", "graph-svg,text"],
  );
  assertEquals([drawn.code, drawn.stdout.trim().split("\n")], [
    0,
    ["7", "a", "12"].flatMap((id) => [
      `graphs/${id}.graph.svg`,
      `graphs/${id}.prompt.txt`,
    ]),
  ], drawn.stderr);
  const one = await runTask(
    folder,
    ...["predict", "results.json", ...flags, ...MODEL, "--svg", "a.svg"],
  );
  assertStringIncludes(
    one.stderr,
    'Cannot write the graphs of several images into "a.svg": add --out <folder>',
  );
});

testInFolder("predict gives a graph for each image of other files", async (folder) => {
  const box = (left: number) => ({ xmin: left, ymin: 2, xmax: 30, ymax: 40 });
  const list = (left: number) => [{ score: 0.5, label: "man", box: box(left) }];
  const size = { imageWidth: 100, imageHeight: 80 };
  const wrapped = (left: number, name?: object) => ({
    ...{ ...size, detections: list(left) },
    ...name,
  });
  const lists = (left: number) => ({
    ...{ boxes: [[left, 2, 30, 40]], labels: ["man"], scores: [0.5] },
  });
  const own = { ...size, boxes: [[9, 2, 30, 40]], entityLabels: ["man"] };
  await Deno.writeFile(`${folder}/a.png`, SAMPLES.rgb);
  await write(folder, {
    "batch.json": [list(1), [], list(2)],
    "lists.json": [lists(1), lists(2)],
    "mmdet.json": { predictions: [lists(1), lists(2)], visualization: [] },
    "wrapped.json": [wrapped(1, { image: "b.jpg" }), wrapped(2)],
    "mixed.jsonl": lines([own, wrapped(3, { id: 4 }), { image: "a.png" }]),
    "lines.json": lines([wrapped(1, { file_name: "c.jpg" }), own]),
    "d.js": `export default ({ width, height }) => ({ imageWidth: width,
      imageHeight: height, classes: ["man"], boxes: [[8, 2, 15, 12]], beliefs: [[1]] });`,
  });
  const sized = ["--image-size", "100x80"];
  assertEquals(await imagesOf(folder, "batch.json", ...sized), [
    ["batch.json[0]", [1]],
    ["batch.json[1]", []],
    ["batch.json[2]", [2]],
  ]);
  assertEquals(await imagesOf(folder, "batch.json", ...sized, "--image-id", "2"), [
    ["batch.json[2]", [2]],
  ]);
  for (const file of ["lists.json", "mmdet.json"]) {
    assertEquals(await imagesOf(folder, file, ...sized), [
      [`${file}[0]`, [1]],
      [`${file}[1]`, [2]],
    ]);
  }
  // Several files follow one another, whatever is in them.
  const several = ["wrapped.json", "mixed.jsonl", "lines.json", "--detector", "d.js"];
  assertEquals(await imagesOf(folder, ...several), [
    ["b.jpg", [1]],
    ["wrapped.json[1]", [2]],
    ["mixed.jsonl[0]", [9]],
    ["4", [3]],
    ["a.png", [8]],
    ["c.jpg", [1]],
    ["lines.json[1]", [9]],
  ]);
});

testInFolder("predict gives a graph for each image of a table", async (folder) => {
  const table = (rows: string[], header = "image,label,score,x1,y1,x2,y2") =>
    [header, ...rows, ""].join("\r\n");
  const line = (image: string, left: number, label = "man") =>
    `${image},${label},0.5,${left},2,30,40`;
  await write(folder, {
    // The rows of an image need not stand together; the last one ends without a line end.
    "plain.csv": table([line("a.jpg", 1), line('"b, c.jpg"', 2), line("a.jpg", 3)])
      .trim(),
    "one.csv": table(["man,0.5,7,2,30,40"], "label,score,x1,y1,x2,y2"),
    "open.csv": table(
      ["x,/m/04yx4,0.5,0.05,0.3,0.02,0.4", "y,/m/04yx4,0.5,0.06,0.3,0.02,0.4"],
      "ImageID,LabelName,Confidence,XMin,XMax,YMin,YMax",
    ),
    "names.csv": "/m/04yx4,Man\n/m/01g317,Person\n",
    "rows.json": [1, 2].map((frame_number) => ({
      ...{ x_min: frame_number, y_min: 2, x_max: 30, y_max: 40, class_id: 0 },
      ...{ class_name: "man", confidence: 0.5, tracker_id: "", frame_number },
    })),
    "wrong.csv": table([line("a.jpg", 1), line("b.jpg", NaN), line("a.jpg", 3)]),
    "cut.csv": table([line("a.jpg", 1), "b.jpg,man"]),
  });
  const size = ["--image-size", "100x80"];
  assertEquals(await imagesOf(folder, "plain.csv", ...size), [
    ["a.jpg", [1, 3]],
    ["b, c.jpg", [2]],
  ]);
  assertEquals(await imagesOf(folder, "plain.csv", ...size, "--image-id", "a.jpg"), [
    ["a.jpg", [1, 3]],
  ]);
  assertEquals(await imagesOf(folder, "one.csv", ...size), [["one.csv", [7]]]);
  assertEquals(await imagesOf(folder, "rows.json", ...size), [["1", [1]], ["2", [2]]]);
  const named = ["open.csv", ...size, "--classes", "names.csv"];
  assertEquals(await imagesOf(folder, ...named), [["x", [5]], ["y", [6]]]);
  const messages: [file: string, lines: string[]][] = [
    ["open.csv", [
      'error: Cannot use "open.csv": it does not have the names of its classes, such as that of "/m/04yx4", give them as classes (--classes names.txt)',
    ]],
    ["wrong.csv", [
      'error: b.jpg: Cannot use "wrong.csv, image b.jpg": [0].x1 must be a finite number: found "NaN"',
      "error: Cannot predict 1 of 2 images, as said above; the others are done",
    ]],
    ["cut.csv", [
      'error: Cannot read "cut.csv": it is not CSV (Invalid Record Length: expect 7, got 2 on line 3)',
    ]],
  ];
  for (const [file, lines] of messages) {
    const { code, stderr } = await runTask(folder, "predict", file, ...size, ...MODEL);
    assertEquals([code, stderr.trim().split("\n")], [1, lines]);
  }
});

testInFolder("predict says which image of a file is wrong", async (folder) => {
  const wrong = { ...row(2, 1), score: null };
  await write(folder, {
    "results.json": [row(1, 1), wrong, row(3, 2)],
    "cut.json": '[{"image_id": 1, "bbox": [1, 2, 3, 4], "category_id": 1, "score',
    "comma.json": '[{"image_id": 1, "bbox": [1, 2, 3, 4]},]',
    "noid.json": [row(1, 1), { bbox: [1, 2, 3, 4] }],
    "python.json": "[{'image_id': 1}]",
  });
  const run = (...args: string[]) => runTask(folder, "predict", ...args, ...MODEL);
  const size = ["--image-size", "100x80"];
  const some = await run("results.json", ...size, "--json");
  assertEquals(some.stdout.trim().split("\n").length, 2);
  assertEquals(some.stderr.trim().split("\n"), [
    'error: 2: Cannot use "results.json, image 2": [0].score must be a probability in [0, 1]: found null',
    "error: Cannot predict 1 of 3 images, as said above; the others are done",
  ]);
  // What all images lack is said once, and before the model is loaded.
  const unsized = await run("results.json");
  assertEquals([unsized.code, unsized.stdout], [1, ""]);
  assertStringIncludes(unsized.stderr, "give the images of the annotations (--annota");
  const messages: [file: string, message: string][] = [
    ["cut.json", 'Cannot read "cut.json": it is cut off: 2 brackets are open'],
    ["comma.json", 'Cannot read "comma.json": it is not JSON: [1] is empty; JSON has'],
    ["noid.json", 'Cannot use [1] of "noid.json": image_id is missing'],
    ["python.json", "it looks like text of Python: write it by json.dump"],
  ];
  for (const [file, message] of messages) {
    const { code, stderr } = await run(file, ...size);
    assertEquals(code, 1);
    assertStringIncludes(stderr, message);
  }
});
