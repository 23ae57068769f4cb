/**
 * Every reader of foreign data as a function of one image, for tests of the common rules.
 *
 * @module
 */

import { convertAnnotations } from "../../src/dataset/convert.ts";
import {
  openUserJson,
  Problems,
  USER_FORMAT,
} from "../../src/dataset/formats/user_json.ts";
import { readVgHdf5 } from "../../src/dataset/formats/vg_hdf5.ts";
import { readVrdImages, readVrdVocabulary } from "../../src/dataset/formats/vrd_json.ts";
import type { BoxForm } from "../../src/foreign/box_forms.ts";
import type { MendedCounts } from "../../src/foreign/mended.ts";
import { type ForeignOptions, ForeignRules } from "../../src/foreign/rules.ts";
import { readInput } from "../../src/predict/input.ts";
import { Vocabulary } from "../../src/vocabulary.ts";
import { writeVg } from "./formats/_vg_writer.ts";

/** One image: boxes as the reader's format has them. */
export interface ForeignImage {
  width: number;
  height: number;
  boxes: number[][];
}

/** What a reader makes of it: corners; errors are thrown. */
export interface ReadImage {
  boxes: number[][];
  mended?: MendedCounts;
}

/** A reader, and the form in which its format has boxes. */
export interface ForeignReader {
  form: BoxForm;
  read: (image: ForeignImage, options?: ForeignOptions) => Promise<ReadImage>;
}

const CLASSES = { entities: ["cup"], predicates: ["on"] };

function rowsOf(boxes: Float32Array): number[][] {
  return Array.from({ length: boxes.length / 4 }, (_, i) => [
    ...boxes.subarray(4 * i, 4 * i + 4),
  ]);
}

function check(problems: Problems): void {
  const errors = problems.list.filter(({ isWarning }) => !isWarning);
  if (errors.length === 0) return;
  throw new RangeError(
    errors.map(({ place, problem, suggestion }) => `${place} ${problem}; ${suggestion}`)
      .join("\n"),
  );
}

function convert(
  document: unknown,
  options?: ForeignOptions,
  relations?: unknown,
): ReadImage {
  const { converted, problems } = convertAnnotations([{ name: "a.json", document }], {
    ...options,
    relations: relations ? { name: "rel.json", document: relations } : undefined,
  });
  check(problems);
  const { images, mended } = converted!;
  return { boxes: rowsOf(images[0].image.boxes), mended };
}

function coco({ width, height, boxes }: ForeignImage) {
  return {
    categories: [{ id: 1, name: "cup" }],
    images: [{ id: 1, width, height }],
    annotations: boxes.map((bbox, id) => ({ id, image_id: 1, category_id: 1, bbox })),
  };
}

async function readUser(name: string, text: string, options: ForeignOptions) {
  const problems = new Problems();
  async function* chunks() {
    yield new TextEncoder().encode(text);
  }
  const { images, rules } = await openUserJson({ name, chunks }, problems, options);
  const found = await Array.fromAsync(images);
  check(problems);
  return { boxes: rowsOf(found[0].image.boxes), mended: rules.counts };
}

const header = { format: USER_FORMAT, version: 1, ...CLASSES };
const userImage = ({ width, height, boxes }: ForeignImage) => ({
  ...{ id: "1", width, height, boxes, relations: [] },
  labels: boxes.map(() => "cup"),
});

/** The readers by name. */
export const FOREIGN_READERS: Record<string, ForeignReader> = {
  "COCO's relations": {
    form: "sizes",
    read: async (image, options) =>
      await convert({
        ...coco(image),
        ...{ rel_categories: [{ id: 1, name: "on" }], rel_annotations: [] },
      }, options),
  },
  "rel.json": {
    form: "sizes",
    read: async (image, options) =>
      await convert(coco(image), options, {
        rel_categories: ["__background__", "on"],
        train: { "1": [] },
      }),
  },
  "OpenPSG": {
    form: "corners",
    read: async ({ width, height, boxes }, options) =>
      await convert({
        thing_classes: ["cup"],
        stuff_classes: [],
        predicate_classes: ["on"],
        test_image_ids: [],
        data: [{
          ...{ image_id: 1, width, height, relations: [] },
          annotations: boxes.map((bbox) => ({ bbox, bbox_mode: 0, category_id: 0 })),
        }],
      }, options),
  },
  "VG-SGG": {
    form: "centres",
    async read({ width, height, boxes }, options) {
      const files = await writeVg([{ split: 2, width, height, boxes }]);
      const { images, mended } = await readVgHdf5(files, options);
      return { boxes: rowsOf(images.test[0].boxes), mended };
    },
  },
  "VRD": {
    form: "ranges",
    // deno-lint-ignore require-await -- so that errors are rejections, as of the others
    async read({ width, height, boxes }, options) {
      const json = (name: string, value: unknown) => ({
        name,
        text: JSON.stringify(value),
      });
      const rules = new ForeignRules(options);
      const vocabulary = readVrdVocabulary(json("o", ["cup"]), json("p", ["on"]), rules);
      const entity = (i: number) => ({ category: 0, bbox: boxes[i] });
      const rows = boxes.map((_, i) => ({
        ...{ subject: entity(i), predicate: 0 },
        object: entity((i + 1) % boxes.length),
      }));
      const [image] = readVrdImages(
        json("a.json", { "1.jpg": rows }),
        json("s.json", { "1.jpg": { width, height } }),
        vocabulary,
        rules,
      );
      return { boxes: rowsOf(image.boxes), mended: rules.counts };
    },
  },
  "own JSON": {
    form: "corners",
    read: (image, options = {}) =>
      readUser(
        "a.json",
        JSON.stringify({ ...header, images: [userImage(image)] }),
        options,
      ),
  },
  "own JSONL": {
    form: "corners",
    read: (image, options = {}) =>
      readUser(
        "a.jsonl",
        `${JSON.stringify(header)}\n${JSON.stringify(userImage(image))}`,
        options,
      ),
  },
  "predict()": {
    form: "corners",
    async read({ width, height, boxes }, options) {
      const n = boxes.length;
      const { boxes: found, mended } = await readInput(
        {
          ...{ imageWidth: width, imageHeight: height, boxes },
          entityLabels: boxes.map(() => "cup"),
          relationLogits: new Float32Array(2 * n * n),
        },
        new Vocabulary(CLASSES),
        {},
        options,
      );
      return { boxes: rowsOf(found), mended };
    },
  },
};
