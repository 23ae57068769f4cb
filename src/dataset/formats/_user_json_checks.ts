/**
 * Checks the header and the images of a file of the user's own data.
 *
 * @module
 */

import { Vocabulary } from "../../vocabulary.ts";
import type { AnnotatedImage, Logits } from "../../example.ts";
import { type LabelPredictorInfo, type SplitName, SPLITS } from "../manifest.ts";
import type { JsonValue } from "../../json_value.ts";
import { nearestName } from "../../nearest.ts";
import type { Problems } from "./_problems.ts";
import { checkLabels, checkLogits } from "./_user_json_logits.ts";

/** The value of the key `format`. */
export const USER_FORMAT = "scene-graph-dataset";

/** The header: everything in the file except the images. */
export interface UserHeader {
  vocabulary: Vocabulary;
  name?: string;
  source?: string;
  licence?: string;
  labelPredictor?: LabelPredictorInfo;
}

/** Limit on the entities of an image, whose ordered pairs are then 17 million. */
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
];

/**
 * Checks the header.
 *
 * @param root The object with the header.
 * @param hasImages Whether the object also holds the images.
 * @param problems Receives warnings; `root` reports errors by itself.
 * @returns The header, or `undefined` if it cannot be used.
 */
export function checkUserHeader(
  root: JsonValue<undefined>,
  hasImages: boolean,
  problems: Problems,
): UserHeader | undefined {
  const keys = hasImages ? HEADER_KEYS : HEADER_KEYS.slice(0, -1);
  if (!checkKeys(root, keys, problems)) return undefined;
  const format = root.at("format").exactly(
    USER_FORMAT,
    "deno task convert converts annotations in COCO's or OpenPSG's format",
  );
  if (format === undefined) return undefined;
  root.at("version").exactly(1);
  const entities = classNames(root.at("entities"), problems);
  const predicates = classNames(root.at("predicates"), problems);
  if (!entities || !predicates) return undefined;
  return {
    vocabulary: new Vocabulary({ entities, predicates }),
    name: root.at("name").optional?.id(),
    source: root.at("source").optional?.id(),
    licence: root.at("licence").optional?.id(),
    labelPredictor: labelPredictor(root.at("labelPredictor")),
  };
}

/** Returns whether the value is an object, and warns about unknown keys. */
function checkKeys(
  value: JsonValue<undefined>,
  keys: readonly string[],
  problems: Problems,
): boolean {
  const object = value.object();
  if (object === undefined) return false;
  const unused = keys.filter((key) => !Object.hasOwn(object, key));
  for (const key of Object.keys(object)) {
    if (keys.includes(key)) continue;
    const nearest = nearestName(key, unused);
    problems.warn(
      value.at(key).place,
      "is not a key of this format and is ignored",
      nearest && isNear(key, nearest) ? `perhaps you mean "${nearest}"` : undefined,
    );
  }
  return true;
}

/** Whether a name may be a typo of another: one contains it, or half of it agrees. */
function isNear(a: string, b: string): boolean {
  const [x, y] = [a, b].map((name) => name.toLowerCase().replace(/[^a-z]/g, ""));
  let same = 0;
  while (same < Math.min(x.length, y.length) && x[same] === y[same]) same++;
  return x.includes(y) || y.includes(x) || 2 * same >= Math.min(x.length, y.length);
}

function classNames(
  field: JsonValue<undefined>,
  problems: Problems,
): string[] | undefined {
  const names = field.names();
  for (const [i, name] of names?.entries() ?? []) {
    if (/^(no relation|__?background__?|background)$/i.test(name)) {
      problems.warn(
        field.at(i).place,
        `is "${name}"`,
        'leave it out: this format has no class for "no relation" or background',
      );
    }
  }
  return names;
}

function labelPredictor(field: JsonValue<undefined>): LabelPredictorInfo | undefined {
  if (field.isMissing) return undefined;
  const { name, simulated } = Object(field.value);
  if (typeof name !== "string" || typeof simulated !== "boolean") {
    return field.refuseKind('an object with "name" and "simulated", true or false');
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
];

/** Checks one image and returns it, or `undefined` if it has an error. */
export function checkUserImage(
  value: JsonValue<undefined>,
  vocabulary: Vocabulary,
  problems: Problems,
): { split?: SplitName; image: AnnotatedImage & Partial<Logits> } | undefined {
  const { errors } = problems.count;
  if (!checkKeys(value, IMAGE_KEYS, problems)) return undefined;
  const id = value.at("id").id();
  const split = value.at("split").optional?.oneOf(SPLITS);
  const width = value.at("width").number({ above: 0 });
  const height = value.at("height").number({ above: 0 });
  const size = { width: width ?? Infinity, height: height ?? Infinity };
  const rows = checkBoxes(value.at("boxes"), size, problems);
  if (!rows) return undefined;
  const labels = checkLabels(value.at("labels"), rows.length, vocabulary);
  const relations = checkRelations(value.at("relations"), rows.length, vocabulary);
  const logits = checkLogits(value, labels, rows.length, vocabulary);
  if (problems.count.errors > errors) return undefined;
  if (!id || !width || !height || !labels || !relations) return undefined;
  const boxes = Float32Array.from(rows.flatMap((row) => row!));
  return {
    split,
    image: { id, width, height, boxes, entityLabels: labels, relations, ...logits },
  };
}

/** The corners of each box, with `undefined` for a box with an error. */
function checkBoxes(
  field: JsonValue<undefined>,
  { width, height }: { width: number; height: number },
  problems: Problems,
): (number[] | undefined)[] | undefined {
  const list = field.items();
  if (list === undefined) return undefined;
  if (list.length > MOST_ENTITIES) {
    return field.refuse(`a list of at most ${MOST_ENTITIES} boxes`);
  }
  const rows = list.map((entry) => checkBox(entry, width, height));
  const isShare = (row: number[] | undefined) => row?.every((end) => end <= 1) ?? false;
  if (rows.length > 0 && width > 2 && height > 2 && rows.every(isShare)) {
    problems.warn(
      field.place,
      "all lie within one pixel",
      "if they are fractions of the image, multiply them by its width and height",
    );
  }
  return rows;
}

function checkBox(
  entry: JsonValue<undefined>,
  width: number,
  height: number,
): number[] | undefined {
  const box = entry.float32s(4, "numbers, [left, top, right, bottom]");
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
        ? `clipped to the image it is [${left}, ${top}, ${right}, ${bottom}]`
        : undefined,
    );
  }
  // Rounding to float32 may move the right and lower ends just outside the image.
  return [x1, y1, inside(x2, width), inside(y2, height)];
}

/** The nearest float32 that does not exceed a limit. */
function inside(end: number, limit: number): number {
  const rounded = Math.fround(end);
  return rounded > limit ? Math.fround(rounded * (1 - 2 ** -24)) : rounded;
}

function checkRelations(
  field: JsonValue<undefined>,
  n: number,
  { predicates }: Vocabulary,
) {
  const rows = field.items()?.map((row) => {
    const parts = row.items(3, "parts, [subject, object, predicate]");
    if (parts === undefined) return undefined;
    const subject = parts[0].index(n), object = parts[1].index(n);
    const predicate = parts[2].label(predicates);
    if (subject === undefined || object === undefined || predicate === undefined) {
      return undefined;
    }
    return subject === object
      ? row.refuse("a relation between two different boxes", "leave it out")
      : [subject, object, predicate];
  });
  return rows?.every((row) => row !== undefined)
    ? Int32Array.from(rows.flat())
    : undefined;
}
