/**
 * What must hold in a file of the user's own data.
 *
 * @module
 */

import { Vocabulary } from "../../vocabulary.ts";
import type { AnnotatedImage, Logits } from "../../example.ts";
import { type LabelPredictorInfo, type SplitName, SPLITS } from "../manifest.ts";
import type { Checked } from "./_problems.ts";
import { checkLabels, checkLogits, indexByName } from "./_user_json_logits.ts";

/** What stands in `format`. */
export const USER_FORMAT = "scene-graph-dataset";

/** What stands before the images. */
export interface UserHeader {
  vocabulary: Vocabulary;
  name?: string;
  source?: string;
  licence?: string;
  labelPredictor?: LabelPredictorInfo;
}

/** All ordered pairs of so many entities are 17 million: no image has more. */
const MOST_ENTITIES = 4096;

const HEADER_KEYS = [
  "format",
  "version",
  "name",
  "entities",
  "predicates",
  "source",
  "licence",
  "labelPredictor",
  "images",
] as const;

/**
 * Checks what stands before the images.
 *
 * @param root The object.
 * @param hasImages Whether it holds the images too.
 */
export function checkUserHeader(
  root: Checked,
  hasImages: boolean,
): UserHeader | undefined {
  const keys = hasImages ? HEADER_KEYS : HEADER_KEYS.slice(0, -1);
  const fields = root.record(keys) as Record<typeof HEADER_KEYS[number], Checked>;
  if (fields === undefined) return undefined;
  const { format, version } = fields;
  if (format.value !== USER_FORMAT) {
    return format.refuse(
      `"${USER_FORMAT}"`,
      "annotations in COCO's or OpenPSG's form become this form by: deno task convert",
    );
  }
  if (version.value !== 1) version.refuse("1");
  const entities = names(fields.entities);
  const predicates = names(fields.predicates);
  if (!entities || !predicates) return undefined;
  const text = (field: Checked) => field.isMissing ? undefined : field.text();
  return {
    vocabulary: new Vocabulary({ entities, predicates }),
    name: text(fields.name),
    source: text(fields.source),
    licence: text(fields.licence),
    labelPredictor: labelPredictor(fields.labelPredictor),
  };
}

function names(field: Checked): string[] | undefined {
  const list = field.list();
  if (list === undefined) return undefined;
  if (list.length === 0) return field.refuse("a list of names");
  const found = new Map<string, string>();
  for (const entry of list) {
    if (typeof entry.value !== "string") return entry.refuse("a name");
    const before = found.get(entry.value);
    if (before !== undefined) return entry.refuse(`another name than ${before}`);
    if (/^(no relation|__?background__?|background)$/i.test(entry.value)) {
      field.problems.warn(
        entry.place,
        `is "${entry.value}"`,
        'leave it out: "no relation" and background are no classes of this format',
      );
    }
    found.set(entry.value, entry.place);
  }
  return [...found.keys()];
}

function labelPredictor(field: Checked): LabelPredictorInfo | undefined {
  if (field.isMissing) return undefined;
  const { name, simulated } = Object(field.value);
  if (typeof name !== "string" || typeof simulated !== "boolean") {
    return field.refuse('an object with "name" and "simulated", true or false');
  }
  return field.value as LabelPredictorInfo;
}

const IMAGE_KEYS = [
  "id",
  "split",
  "width",
  "height",
  "boxes",
  "labels",
  "relations",
  "detectedLabels",
  "scores",
  "entityLogits",
  "relationLogits",
] as const;

/** Checks one image; `undefined` if it has an error. */
export function checkUserImage(
  value: Checked,
  vocabulary: Vocabulary,
): { split?: SplitName; image: AnnotatedImage & Partial<Logits> } | undefined {
  const { errors } = value.problems.count;
  const fields = value.record(IMAGE_KEYS);
  if (fields === undefined) return undefined;
  const id = fields.id.text();
  const split = fields.split.isMissing ? undefined : fields.split.oneOf(SPLITS);
  const width = fields.width.positive();
  const height = fields.height.positive();
  const rows = checkBoxes(fields.boxes, width ?? Infinity, height ?? Infinity);
  if (!rows) return undefined;
  const labels = checkLabels(fields.labels, rows.length, vocabulary);
  const relations = checkRelations(fields.relations, rows.length, vocabulary);
  const logits = checkLogits(fields, labels, rows.length, vocabulary);
  if (value.problems.count.errors > errors) return undefined;
  if (!id || !width || !height || !labels || !relations) return undefined;
  const boxes = Float32Array.from(rows.flatMap((row) => row!));
  return {
    split,
    image: { id, width, height, boxes, entityLabels: labels, relations, ...logits },
  };
}

/** The rows of all boxes, `undefined` for one with an error. */
function checkBoxes(
  field: Checked,
  width: number,
  height: number,
): (number[] | undefined)[] | undefined {
  const list = field.list();
  if (list === undefined) return undefined;
  if (list.length > MOST_ENTITIES) {
    return field.refuse(`a list of at most ${MOST_ENTITIES} boxes`);
  }
  const rows = list.map((entry) => checkBox(entry, width, height));
  const isShare = (row: number[] | undefined) => row?.every((end) => end <= 1) ?? false;
  if (rows.length > 0 && width > 2 && height > 2 && rows.every(isShare)) {
    field.problems.warn(
      field.place,
      "are all within one pixel",
      "if they are shares of the image, multiply them by its width and height",
    );
  }
  return rows;
}

function checkBox(entry: Checked, width: number, height: number): number[] | undefined {
  const box = entry.numbers(4, "numbers, [left, top, right, bottom]");
  if (box === undefined) return undefined;
  const [x1, y1, x2, y2] = box;
  if (!(Math.fround(x1) < Math.fround(x2) && Math.fround(y1) < Math.fround(y2))) {
    return entry.refuse(
      "[left, top, right, bottom] with left < right and top < bottom",
      x1 + x2 <= width && y1 + y2 <= height && x2 > 0 && y2 > 0
        ? `if it is [left, top, width, height], write [${x1}, ${y1}, ${x1 + x2}, ${
          y1 + y2
        }]`
        : undefined,
    );
  }
  if (!(x1 >= 0 && y1 >= 0 && x2 <= width && y2 <= height)) {
    const [left, top] = [Math.max(x1, 0), Math.max(y1, 0)];
    const [right, bottom] = [Math.min(x2, width), Math.min(y2, height)];
    return entry.refuse(
      `inside the image${
        width < Infinity && height < Infinity ? ` of ${width} x ${height}` : ""
      }`,
      left < right && top < bottom
        ? `cut to the image it is [${left}, ${top}, ${right}, ${bottom}]`
        : undefined,
    );
  }
  // The right and lower ends may be a hair outside once they are rounded to float32.
  return [x1, y1, inside(x2, width), inside(y2, height)];
}

/** The nearest float32 that is not beyond a limit. */
function inside(end: number, limit: number): number {
  const rounded = Math.fround(end);
  return rounded > limit ? Math.fround(rounded * (1 - 2 ** -24)) : rounded;
}

function checkRelations(field: Checked, n: number, { predicates }: Vocabulary) {
  const indexOf = indexByName(predicates);
  const rows = field.list()?.map((row) => {
    const parts = row.list(3, "parts, [subject, object, predicate]");
    if (parts === undefined) return undefined;
    const subject = parts[0].index(n), object = parts[1].index(n);
    const predicate = parts[2].label(predicates, indexOf);
    if (subject === undefined || object === undefined || predicate === undefined) {
      return undefined;
    }
    return subject === object
      ? row.refuse("a relation of two different boxes", "leave it out")
      : [subject, object, predicate];
  });
  return rows?.every((row) => row !== undefined)
    ? Int32Array.from(rows.flat())
    : undefined;
}
