import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { Dataset, DatasetWriter } from "../../src/dataset/dataset.ts";
import { openUserJson, Problems } from "../../src/dataset/formats/user_json.ts";
import { INFO, manOnHorse } from "../dataset/_examples.ts";
import { testInFolder } from "../_in_folder.ts";
import { runTask } from "./_run_script.ts";

const image = {
  id: 1,
  width: 100,
  height: 80,
  boxes: [[10, 0, 40, 60], [0, 20, 100, 80]],
  labels: ["man", "horse"],
  relations: [[0, 1, "on"]],
};
const mine = (...images: unknown[]) =>
  JSON.stringify({
    format: "scene-graph-dataset",
    version: 1,
    entities: ["man", "horse"],
    predicates: ["on", "near"],
    images,
  });

testInFolder("validate reports problems, and fails", async (cwd) => {
  const images = [{ ...image, labels: ["man", "hose"] }, image];
  await Deno.writeTextFile(`${cwd}/mine.json`, mine(...images));
  const { code, stdout, stderr } = await runTask(cwd, "validate", "mine.json");
  assertEquals(code, 1);
  assertStringIncludes(
    stdout,
    'error: images[0].labels[1]: must be a name of the vocabulary: found "hose"; the nearest is "horse"\n',
  );
  assertStringIncludes(stdout, 'warning: no image is in the split "');
  assertEquals(stderr, 'error: Cannot use "mine.json": 1 errors, 2 warnings\n');
  const json = await runTask(cwd, "validate", "mine.json", "--json");
  const lines = json.stdout.trim().split("\n").map((line) => JSON.parse(line));
  assertEquals(lines[0], {
    place: "images[0].labels[1]",
    problem: 'must be a name of the vocabulary: found "hose"',
    suggestion: 'the nearest is "horse"',
    isWarning: false,
  });
  assertEquals(lines.at(-1).statistics.entities[0], { name: "man", count: 1 });
});

testInFolder(
  "validate shows the statistics of a sound file, as text and as a page",
  async (cwd) => {
    const splits = ["train", "validation", "test"];
    const images = splits.map((split, id) => ({ ...image, id, split }));
    await Deno.writeTextFile(`${cwd}/mine.json`, mine(...images));
    const args = ["validate", "mine.json", "--page", "reports/mine.html"];
    const { code, stdout, stderr } = await runTask(cwd, args[0], ...args.slice(1));
    assertEquals([code, stderr], [0, ""]);
    assertStringIncludes(stdout, "\nreports/mine.html\n");
    assertStringIncludes(stdout, "mine.json can be used: 0 errors, 0 warnings\n");
    const page = await Deno.readTextFile(`${cwd}/reports/mine.html`);
    assertStringIncludes(page, "Relations by predicate");
    // Logits of some images only, and a split without relations.
    const some = [
      { ...images[0], scores: [1, 1] },
      { ...images[1], relations: [] },
      images[2],
    ];
    await Deno.writeTextFile(`${cwd}/mine.json`, mine(...some));
    const mixed = await runTask(cwd, "validate", "mine.json");
    assertStringIncludes(
      mixed.stdout,
      "error: 1 of 3 images have logits of entities; give them for all images or for none\n",
    );
    assertStringIncludes(
      mixed.stdout,
      'warning: no image of the split "validation" has a relation\n',
    );
  },
);

testInFolder(
  "convert writes a processed dataset without losing a bit, and validate reads both",
  async (cwd) => {
    const folder = `${cwd}/data/processed/horses`;
    const writer = await DatasetWriter.create(folder, {
      ...INFO,
      name: "horses",
      logitsType: "float32",
    });
    const third = Float32Array.from({ length: 12 }, (_, i) => i / 3);
    await writer.add("train", manOnHorse({ relationLogits: third }));
    await writer.add("test", manOnHorse({ id: "2", relations: new Int32Array() }));
    await writer.close();
    for (const name of ["out.jsonl", "out.json"]) {
      const { code, stdout, stderr } = await runTask(
        cwd,
        "convert",
        "horses",
        name,
        "--quiet",
      );
      assertEquals([code, stdout, stderr], [0, `${name}\n`, ""]);
      const problems = new Problems();
      const bytes = await Deno.readFile(`${cwd}/${name}`);
      const chunks = async function* () {
        yield bytes;
      };
      const { header, images } = await openUserJson({ name, chunks }, problems);
      assertEquals([header!.name, header!.source, header!.licence], [
        "horses",
        INFO.source,
        INFO.licence,
      ]);
      const dataset = await Dataset.open(folder);
      assertEquals(header!.labelPredictor, dataset.manifest.labelPredictor);
      const found = await Array.fromAsync(images);
      const train = await Array.fromAsync(dataset.examples("train"));
      const test = await Array.fromAsync(dataset.examples("test"));
      assertEquals(found, [
        { split: "train", image: train[0] },
        { split: "test", image: test[0] },
      ]);
      assertEquals(problems.list, []);
    }
    await runTask(cwd, "convert", "horses", "bare.json", "--no-logits", "--quiet");
    assert(!(await Deno.readTextFile(`${cwd}/bare.json`)).includes("Logits"));
    const counted = await runTask(cwd, "validate", "horses");
    assertStringIncludes(counted.stdout, "train            1         2          1 ");
  },
);

testInFolder("convert reads COCO's relations by split, and OpenPSG's", async (cwd) => {
  const coco = (id: number) => ({
    categories: [{ id: 1, name: "man" }, { id: 2, name: "horse" }],
    rel_categories: [{ id: 1, name: "on" }],
    images: [{ id, width: 10, height: 10 }],
    annotations: [
      { id: 1, image_id: id, category_id: 1, bbox: [0, 0, 5, 5] },
      { id: 2, image_id: id, category_id: 2, bbox: [0, 5, 9, 5] },
    ],
    rel_annotations: [
      { id: 1, image_id: id, subject_id: 1, object_id: 2, predicate_id: 1 },
      { id: 2, image_id: id, subject_id: 1, object_id: 1, predicate_id: 1 },
    ],
  });
  const write = (name: string, document: unknown) =>
    Deno.writeTextFile(`${cwd}/${name}`, JSON.stringify(document));
  for (const id of [1, 2, 3]) await write(`${id}.json`, coco(id));
  const files = ["1.json", "out.json", "--validation", "2.json", "--test", "3.json"];
  const { code, stdout, stderr } = await runTask(cwd, "convert", ...files);
  assertEquals(code, 0);
  const left = "3 relations of an entity with itself were left out";
  const place = '"1.json": rel_annotations[1]';
  assertEquals(stderr, `warning: ${place}: ${left}, first here\n`);
  assertEquals(stdout, `out.json: ${left}\n`);
  const { images } = JSON.parse(await Deno.readTextFile(`${cwd}/out.json`));
  assertEquals(images.map((image: { split: string }) => image.split), [
    "train",
    "validation",
    "test",
  ]);
  assertEquals((await runTask(cwd, "validate", "out.json")).code, 0);
  const json = await runTask(cwd, "convert", "1.json", "out.json", "--json");
  const mended = { selfRelations: 1 };
  assertEquals(JSON.parse(json.stdout), {
    output: "out.json",
    selfRelations: 1,
    mended,
  });
  await write("psg.json", {
    thing_classes: ["man"],
    stuff_classes: [],
    predicate_classes: ["on"],
    test_image_ids: [],
    data: [{ image_id: "1", width: 9, height: 9, annotations: [], relations: [] }],
  });
  assertEquals(
    (await runTask(cwd, "convert", "psg.json", "psg.jsonl")).stdout,
    "psg.jsonl\n",
  );

  await write("odd.json", { ...coco(1), rel_categories: [] });
  const odd = await runTask(cwd, "convert", "odd.json", "out.json");
  assertEquals(
    odd.stdout,
    '"odd.json": rel_categories: must be a list of classes: found []\n',
  );
  await Deno.writeTextFile(`${cwd}/none.json`, "{}");
  const cases: [string, string[]][] = [
    ['Cannot convert "odd.json": 1 errors', ["odd.json", "out.json"]],
    ['Cannot write "out.txt": its name must end with', ["1.json", "out.txt"]],
    ['Cannot convert "out.json": it needs no conversion, as', ["out.json", "2.json"]],
    ['Cannot convert "none.json": it has neither COCO', ["none.json", "2.json"]],
    ['Cannot read "broken.json": it is not JSON', ["broken.json", "out.json"]],
    ['Cannot find the dataset "unheard"', ["unheard", "out.json"]],
  ];
  await Deno.writeTextFile(`${cwd}/broken.json`, "{");
  for (const [message, args] of cases) {
    const { code, stderr } = await runTask(cwd, "convert", ...args);
    assertEquals(code, 1);
    assertStringIncludes(stderr, message);
  }
});

testInFolder(
  "convert finds rel.json beside the file, whatever the case of its ending, and counts",
  async (cwd) => {
    const write = (name: string, document: unknown) =>
      Deno.writeTextFile(`${cwd}/${name}`, JSON.stringify(document));
    await write("TRAIN.JSON", {
      categories: [{ id: 1, name: "man" }, { id: 2, name: "horse" }],
      images: [1, 2, 3, 4, 5].map((id) => ({
        ...{ id, width: 100, height: 80, file_name: `${id}.jpg` },
      })),
      annotations: [1, 2, 3, 4, 5].flatMap((image_id) => [
        { id: 2 * image_id, image_id, category_id: 1, bbox: [-0.5, 0, 50, 60] },
        { id: 2 * image_id + 1, image_id, category_id: 2, bbox: [0, 20, 90, 60] },
      ]),
    });
    await write("rel.json", {
      rel_categories: ["__background__", "on"],
      train: Object.fromEntries([1, 2, 3, 4, 5].map((id) => [id, [[0, 1, 1]]])),
    });
    const found = await runTask(cwd, "convert", "TRAIN.JSON", "mine.jsonl");
    const cut = "5 boxes were cut to their image";
    assertEquals([found.code, found.stdout], [0, `mine.jsonl: ${cut}\n`]);
    assertStringIncludes(found.stderr, `annotations[0].bbox: ${cut}, first here`);
    const named = ["strict.jsonl", "--relations", "rel.json", "--strict"];
    const strict = await runTask(cwd, "convert", "TRAIN.JSON", ...named);
    assertEquals(strict.code, 1);
    assertStringIncludes(strict.stdout, `${cut}, first here; --strict`);
    assertEquals((await Array.fromAsync(Deno.readDir(cwd))).length, 3); // nothing written
    const args = ["json", "--raw", "mine.jsonl", "--label-predictor", "frequency"];
    const made = await runTask(cwd, "preprocess", ...args, "--json", "--quiet");
    assertEquals(JSON.parse(made.stdout).mended, { boxesCut: 5 });
    const { details } = JSON.parse(
      await Deno.readTextFile(`${cwd}/data/processed/json/manifest.json`),
    );
    assertEquals(details, { mended: { boxesCut: 5 } });
    await Deno.writeTextFile(`${cwd}/page.txt`, "<!doctype html><p>Not found");
    const page = await runTask(cwd, "validate", "page.txt");
    assertStringIncludes(page.stderr, "it looks like a web page (HTML)");
  },
);
