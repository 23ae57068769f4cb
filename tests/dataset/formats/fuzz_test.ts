import { assert } from "@std/assert";
import { checkExample } from "../../../src/example.ts";
import { convertCocoRelations } from "../../../src/dataset/formats/coco_relations.ts";
import { convertPsg } from "../../../src/dataset/formats/psg_json.ts";
import { readSgpImages } from "../../../src/dataset/formats/sgp_pickle.ts";
import { openUserJson, Problems } from "../../../src/dataset/formats/user_json.ts";
import {
  readVgImageData,
  readVgVocabulary,
} from "../../../src/dataset/formats/_vg_json.ts";
import { readVgHdf5 } from "../../../src/dataset/formats/vg_hdf5.ts";
import { sourceOf } from "../../../src/io/byte_source.ts";
import { Hdf5Reader } from "../../../src/io/hdf5.ts";
import { Vocabulary } from "../../../src/vocabulary.ts";
import { fuzz, FUZZ_INPUTS } from "../../_fuzz.ts";

const utf8 = (text: string) => new TextEncoder().encode(text);

const HEADER = {
  format: "scene-graph-dataset",
  version: 1,
  name: "fuzz",
  entities: ["man", "horse"],
  predicates: ["on", "near"],
};
const IMAGE = {
  id: 7,
  split: "train",
  width: 100,
  height: 80,
  boxes: [[10, 0, 40, 60], [0, 20, 100, 80]],
  labels: ["man", 1],
  relations: [[0, 1, "on"], [1, 0, 1]],
  scores: [0.5, 0.25],
  relationLogits: [[[0, 1, 2], [3, 4, 5]], [[6, 7, 8], [9, 10, 11]]],
};

/** Checks that a user gets images without errors, or problems with their places. */
async function readUser(name: string, bytes: Uint8Array): Promise<void> {
  const problems = new Problems();
  const chunks = async function* () {
    yield bytes.subarray(0, 50);
    yield bytes.subarray(50);
  };
  const { header, images } = await openUserJson({ name, chunks }, problems);
  let count = 0;
  for await (const { image } of images) {
    count++;
    checkExample(image, header!.vocabulary);
  }
  assert(count > 0 || problems.count.errors > 0, "neither images nor problems");
  assert(problems.list.every(({ problem }) => problem !== ""));
}

const deep = (depth: number) => "[".repeat(depth) + "]".repeat(depth);
const many = (count: number, part: string) => `[${new Array(count).fill(part)}]`;
const withImage = (change: string) =>
  `${JSON.stringify({ ...HEADER }).slice(0, -1)},"images":[${
    JSON.stringify(IMAGE).slice(0, -1)
  },${change}}]}`;
const HOSTILE = [
  deep(100_000),
  `{"format":"scene-graph-dataset","version":1,"entities":${deep(50_000)}}`,
  withImage(`"boxes":${deep(50_000)}`),
  withImage(`"boxes":${many(100_000, "[0,0,1,1]")},"labels":${many(100_000, "0")}`),
  withImage(`"relations":${many(200_000, '[0,1,"on"]')}`),
  withImage(`"relations":${many(100_000, "[0,1,99]")}`),
  withImage(`"width":1e308,"height":1e-308`),
  withImage(`"__proto__":{"id":1},"constructor":3`),
  `{"images":${many(100_000, "{}")}}`,
  "9".repeat(1_000_000),
  '"' + "\\u0000".repeat(100_000),
].map(utf8);

for (const name of ["fuzz.json", "fuzz.jsonl"]) {
  Deno.test(`openUserJson() survives any input as ${name}`, async () => {
    const text = name.endsWith("l")
      ? `${JSON.stringify(HEADER)}\n${JSON.stringify(IMAGE)}\n${
        JSON.stringify({ ...IMAGE, id: "é" })
      }\n`
      : JSON.stringify({ ...HEADER, images: [IMAGE, { ...IMAGE, id: "é" }] });
    const { inputs, refused } = await fuzz({
      name,
      samples: [utf8(text)],
      hostile: HOSTILE,
      read: (bytes) => readUser(name, bytes),
    });
    assert(inputs >= FUZZ_INPUTS && refused === 0); // problems are told, not thrown
  });
}

const COCO = {
  categories: [{ id: 1, name: "man" }, { id: 2, name: "horse" }],
  rel_categories: [{ id: 1, name: "on" }],
  images: [{ id: 5, width: 100, height: 80 }],
  annotations: [
    { id: 1, image_id: 5, category_id: 1, bbox: [0, 0, 50, 50] },
    { id: 2, image_id: 5, category_id: 2, bbox: [0, 50, 90, 50] },
  ],
  rel_annotations: [{ id: 1, image_id: 5, subject_id: 1, object_id: 2, predicate_id: 1 }],
};
const PSG = {
  thing_classes: ["man", "horse"],
  stuff_classes: [],
  predicate_classes: ["on"],
  test_image_ids: [1],
  data: [{
    image_id: 1,
    width: 100,
    height: 80,
    annotations: [
      { bbox: [0, 0, 50, 50], bbox_mode: 0, category_id: 1 },
      { bbox: [0, 0, 9, 9], bbox_mode: 1, category_id: 0 },
    ],
    relations: [[0, 1, 0]],
  }],
};

Deno.test("convertCocoRelations() and convertPsg() survive any input", async () => {
  const { inputs } = await fuzz({
    name: "fuzz.json",
    samples: [utf8(JSON.stringify(COCO)), utf8(JSON.stringify(PSG))],
    read(bytes) {
      let document: unknown;
      try {
        document = JSON.parse(new TextDecoder().decode(bytes));
      } catch {
        return; // the task tells what is no JSON
      }
      for (
        const convert of [
          (problems: Problems) =>
            convertCocoRelations([{ name: "fuzz.json", document }], problems),
          (problems: Problems) => convertPsg(document, "fuzz.json", problems),
        ]
      ) {
        const problems = new Problems();
        const converted = convert(problems);
        assert(converted || problems.count.errors > 0, "neither images nor problems");
        for (const { image } of converted?.images ?? []) {
          checkExample(image, converted!.header.vocabulary);
        }
      }
    },
  });
  assert(inputs >= FUZZ_INPUTS);
});

const dicts = JSON.stringify({
  idx_to_label: { "1": "cup", "2": "table", "3": "man" },
  idx_to_predicate: { "1": "on", "2": "near" },
});
const sizes = JSON.stringify(
  [7, 8, 9, 10].map((image_id) => ({ image_id, width: 512, height: 512 })),
);

Deno.test("Hdf5Reader and readVgHdf5() survive any input", async () => {
  const folder = new URL("./samples/", import.meta.url);
  const samples = ["old_contiguous", "latest_packed", "latest_contiguous"].map((kind) =>
    Deno.readFileSync(new URL(`${kind}.h5`, folder))
  );
  using reader = new Hdf5Reader();
  const read = async (bytes: Uint8Array) => {
    const { images, vocabulary } = await readVgHdf5({
      annotations: { name: "fuzz.h5", bytes },
      dicts: { name: "dicts.json", text: dicts },
      imageData: { name: "image_data.json", text: sizes },
    }, { reader });
    for (const image of Object.values(images).flat()) checkExample(image, vocabulary);
  };
  await read(samples[0]); // starts the reader
  const { inputs, refused } = await fuzz({
    name: "", // a spoiled number of images is told of image_data.json
    samples,
    read,
  });
  assert(inputs >= FUZZ_INPUTS && refused > inputs / 4);
});

Deno.test("readVgVocabulary() and readVgImageData() survive any input", async () => {
  const readers: [string, (file: { name: string; text: string }) => unknown][] = [
    [dicts, readVgVocabulary],
    [sizes, (file) => readVgImageData(file, 4)],
  ];
  for (const [sound, read] of readers) {
    const { inputs } = await fuzz({
      // Vocabulary refuses to have no names, or a name twice.
      name: read === readVgVocabulary ? "" : "fuzz.json",
      samples: [utf8(sound)],
      hostile: HOSTILE,
      read: (bytes) => read({ name: "fuzz.json", text: new TextDecoder().decode(bytes) }),
    });
    assert(inputs >= FUZZ_INPUTS);
  }
});

Deno.test("readSgpImages() survives any input", async () => {
  const latin1 = (text: string) => Uint8Array.from(text, (c) => c.charCodeAt(0));
  const array = (shape: number[], numbers: number[]) =>
    "cnumpy.core.multiarray\n_reconstruct\n(cnumpy\nndarray\n(I0\ntS'b'\ntR" +
    `(I1\n(${shape.map((n) => `I${n}\n`).join("")}tcnumpy\ndtype\n(S'u1'\ntRI00\n` +
    `U${String.fromCharCode(numbers.length)}${String.fromCharCode(...numbers)}tb`;
  const object = (x: number) =>
    "(iData.VisualGenome.models\nObject\n(S'x'\nI" + x +
    "\nS'y'\nI0\nS'width'\nI9\nS'height'\nI9\nS'names'\n(S'cup'\nldb";
  const graphs = latin1(
    "(lp0\n(iData.VisualGenome.models\nGraph\n(" +
      "S'image'\n(iData.VisualGenome.models\nImage\n(S'id'\nI1\nS'width'\nI50\nS'height'\nI40\ndb" +
      `S'objects'\n(${object(1)}${object(20)}l` +
      `S'objects_labels'\n${array([2, 2], [1, 0, 0, 1])}` +
      `S'predicates_labels'\n${array([2, 2, 2], [0, 1, 1, 0, 0, 1, 0, 1])}dba.`,
  );
  const baseline = latin1(
    `(S'obj_dist_mapped'\n${array([2, 2], [1, 2, 3, 4])}` +
      `S'rel_dist_mapped'\n${array([2, 2, 2], [1, 2, 3, 4, 5, 6, 7, 8])}d.`,
  );
  const vocabulary = new Vocabulary({
    entities: ["a", "b"],
    predicates: ["c"],
  });
  const read = async (list: Uint8Array, logits: Uint8Array) => {
    const images = readSgpImages(
      sourceOf(list, "fuzz.p"),
      () => Promise.resolve({ name: "fuzz.p", bytes: logits }),
    );
    for await (const image of images) {
      if (image?.numEntityClasses === 2 && image.numPredicates === 2) {
        checkExample(image.example, vocabulary);
      }
    }
  };
  await read(graphs, baseline);
  for (const part of ["graphs", "baseline"]) {
    const { inputs, refused } = await fuzz({
      name: "fuzz.p",
      samples: [part === "graphs" ? graphs : baseline],
      read: (bytes) => part === "graphs" ? read(bytes, baseline) : read(graphs, bytes),
    });
    assert(inputs >= FUZZ_INPUTS && refused > inputs / 2);
  }
});
