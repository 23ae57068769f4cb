/**
 * Checks the header and the images of a file of the user's own data.
 *
 * @module
 */

import { INPUT_KEYS, keyIn, twiceNamed } from "../../foreign/image_keys.ts";
import { readId } from "../../foreign/ids.ts";
import { MENDED, type MendedCounts } from "../../foreign/mended.ts";
import type { ForeignRules } from "../../foreign/rules.ts";
import { Vocabulary } from "../../vocabulary.ts";
import {
  type AnnotatedImage,
  type Annotation,
  type Logits,
  repeatedRow,
} from "../../example.ts";
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
  /** What was mended when it was converted. */
  mended?: MendedCounts;
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
  "mended",
  "images",
];

/**
 * Checks the header.
 *
 * @param root The object with the header.
 * @param hasImages Whether the object also holds the images.
 * @param problems Receives warnings; `root` reports errors by itself.
 * @param rules The rules for foreign data.
 * @returns The header, or `undefined` if it cannot be used.
 */
export function checkUserHeader(
  root: JsonValue<undefined>,
  hasImages: boolean,
  problems: Problems,
  rules: ForeignRules,
): UserHeader | undefined {
  const keys = hasImages ? HEADER_KEYS : HEADER_KEYS.slice(0, -1);
  if (!checkKeys(root, keys, problems)) return undefined;
  const format = root.at("format").exactly(
    USER_FORMAT,
    "deno task convert converts annotations in COCO's or OpenPSG's format",
  );
  if (format === undefined) return undefined;
  root.at("version").exactly(1);
  const entities = classNames(root.at("entities"), problems, rules);
  const predicates = classNames(root.at("predicates"), problems, rules);
  if (!entities || !predicates) return undefined;
  return {
    vocabulary: new Vocabulary({ entities, predicates }),
    name: root.at("name").optional?.id(),
    source: root.at("source").optional?.id(),
    licence: root.at("licence").optional?.id(),
    labelPredictor: labelPredictor(root.at("labelPredictor")),
    mended: mendedCounts(root.at("mended")),
  };
}

function mendedCounts(field: JsonValue<undefined>): MendedCounts | undefined {
  const counts = field.optional?.entries();
  for (const [key, count] of counts ?? []) {
    if (!Object.hasOwn(MENDED, key)) {
      count.refuse("left out: nothing of that name is mended");
    } else count.integer({ min: 1 });
  }
  return counts && field.value as MendedCounts;
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
  rules: ForeignRules,
): string[] | undefined {
  const names = field.names() && rules.names(field.items() ?? []);
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
  "fileName",
  "split",
  "width",
  "height",
  "boxes",
  "labels",
  "relations",
  "negatives",
  "annotated",
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
  rules: ForeignRules,
): { split?: SplitName; image: AnnotatedImage & Partial<Logits> } | undefined {
  const { errors } = problems.count;
  const keys = [...IMAGE_KEYS, ...Object.values(INPUT_KEYS)];
  if (!checkKeys(value, keys, problems)) return undefined;
  const object = value.value as Record<string, unknown>;
  const twice = twiceNamed(object);
  if (twice) {
    value.at(twice[1]).refuse(`left out beside "${twice[0]}", which is the same`);
  }
  const at = (key: string) => value.at(keyIn(object, key, INPUT_KEYS));
  const id = readId(value.at("id"));
  const fileName = value.at("fileName").optional?.id();
  const split = value.at("split").optional?.oneOf(SPLITS);
  const width = at("width").number({ above: 0 });
  const height = at("height").number({ above: 0 });
  const size = { width: width ?? Infinity, height: height ?? Infinity };
  const list = value.at("boxes").items();
  if (list === undefined) return undefined;
  const n = list.length;
  if (n > MOST_ENTITIES) {
    return value.at("boxes").refuse(`a list of at most ${MOST_ENTITIES} boxes`);
  }
  const rows = list.map((entry) => rules.box(entry, size));
  const labels = checkLabels(at("labels"), n, vocabulary, rules);
  const relations = checkRelations(value.at("relations"), n, vocabulary, rules);
  const negatives = value.at("negatives").isMissing
    ? undefined
    : checkRelations(value.at("negatives"), n, vocabulary, rules);
  const both = relations && negatives ? repeatedRow(relations, negatives) : -1;
  if (both >= 0) value.at("negatives").at(both).refuse("a row that is not in relations");
  const annotated = value.at("annotated").isMissing
    ? undefined
    : checkAnnotated(value.at("annotated"), size, vocabulary, problems, rules);
  const logits = checkLogits(at, labels, n, vocabulary, rules);
  if (problems.count.errors > errors) return undefined;
  if (!id || !width || !height || !labels || !relations) return undefined;
  const boxes = Float32Array.from(rows.flatMap((row) => row!));
  const image = { id, width, height, boxes, entityLabels: labels, relations, ...logits };
  return {
    split,
    image: {
      ...image,
      ...fileName !== undefined && { fileName },
      ...negatives && { negatives },
      ...annotated && { annotated },
    },
  };
}

const ANNOTATED_KEYS = ["boxes", "labels", "relations"];

/** Checks the annotation of an image whose boxes are a detector's. */
function checkAnnotated(
  value: JsonValue<undefined>,
  size: { width: number; height: number },
  vocabulary: Vocabulary,
  problems: Problems,
  rules: ForeignRules,
): Annotation | undefined {
  if (!checkKeys(value, ANNOTATED_KEYS, problems)) return undefined;
  const rows = value.at("boxes").items()?.map((entry) => rules.box(entry, size));
  if (rows === undefined) return undefined;
  const n = rows.length;
  const labels = checkLabels(value.at("labels"), n, vocabulary, rules);
  const relations = checkRelations(value.at("relations"), n, vocabulary, rules);
  if (!labels || !relations || rows.some((row) => row === undefined)) return undefined;
  const boxes = Float32Array.from(rows.flatMap((row) => row!));
  return { boxes, entityLabels: labels, relations };
}

function checkRelations(
  field: JsonValue<undefined>,
  n: number,
  { predicates }: Vocabulary,
  rules: ForeignRules,
) {
  const rows = field.items()?.map((row) => {
    const parts = row.items(3, "parts, [subject, object, predicate]");
    if (parts === undefined) return undefined;
    const subject = parts[0].index(n), object = parts[1].index(n);
    const predicate = rules.label(parts[2], predicates);
    if (subject === undefined || object === undefined || predicate === undefined) {
      return undefined;
    }
    return rules.isOfOneself(subject, object, row) ? [] : [subject, object, predicate];
  });
  return rows?.every((row) => row !== undefined)
    ? Int32Array.from(rows.flat())
    : undefined;
}
