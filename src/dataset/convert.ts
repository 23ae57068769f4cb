/**
 * Converts annotation files in other formats, and processed datasets, to the JSON format
 * for the user's own data.
 *
 * @module
 */

import type { Dataset } from "./dataset.ts";
import {
  type CocoFile,
  convertCocoRelations,
  type ConvertedDataset,
  isCoco,
  isCocoRelations,
} from "./formats/coco_relations.ts";
import { convertPsg, isPsg } from "./formats/psg_json.ts";
import { isRelJson, RelJson } from "./formats/rel_json.ts";
import { Problems, USER_FORMAT, type UserHeader } from "./formats/user_json.ts";
import type { WrittenImage } from "./formats/user_json_text.ts";
import { type ForeignOptions, ForeignRules } from "../foreign/rules.ts";
import { JsonValue } from "../json_value.ts";
import { SPLITS } from "./manifest.ts";

/**
 * Converts annotations in COCO's format (one file per split) or in OpenPSG's (one file).
 *
 * @param files The parsed files.
 * @param options `relations`: the `rel.json` of COCO files without relations; and what to
 * do about boxes, names and scores that can be mended.
 * @returns The dataset, which is missing if there are errors, and all problems.
 * @throws {RangeError} If a file is in neither format.
 */
export function convertAnnotations(
  files: readonly CocoFile[],
  options: ForeignOptions & { relations?: Omit<CocoFile, "split"> } = {},
): { converted?: ConvertedDataset; problems: Problems } {
  const problems = new Problems(), rules = new ForeignRules(options);
  const [first] = files, { relations } = options;
  if (files.length === 1 && isPsg(first.document)) {
    const converted = convertPsg(first.document, first.name, problems, rules);
    return { converted, problems };
  }
  const isOwn = (document: unknown) =>
    new JsonValue(document, first.name).at("format").value === USER_FORMAT;
  const isRight = relations ? isCoco : isCocoRelations;
  const other = files.find(({ document }) => !isRight(document));
  if (other) {
    const missing = isOwn(other.document)
      ? "it needs no conversion, as it is in the format of own data; use it by deno task preprocess json --raw"
      : isCoco(other.document)
      ? `it has no "rel_annotations"; if the relations are in a rel.json, as for RelTR and EGTR, name it by --relations`
      : `it has neither COCO's "rel_annotations" nor OpenPSG's "data" and "predicate_classes"`;
    throw new RangeError(`Cannot convert "${other.name}": ${missing}`);
  }
  if (relations && !isRelJson(relations.document)) {
    throw new RangeError(
      `Cannot convert "${relations.name}": it must have "rel_categories" and one of "train", "val" and "test"`,
    );
  }
  const rows = relations &&
    new RelJson(relations.name, relations.document, problems, rules);
  return { converted: convertCocoRelations(files, problems, rules, rows), problems };
}

/** The header for a processed dataset. */
export function headerOf({ vocabulary, manifest }: Dataset): UserHeader {
  const { name, source, licence, labelPredictor } = manifest;
  return { vocabulary, name, source, licence, labelPredictor };
}

/**
 * The images of a processed dataset, unchanged, split by split.
 *
 * @param dataset The dataset.
 * @param options `logits`: whether to include them; `onProgress`: called after every
 * image.
 */
export async function* imagesOf(
  dataset: Dataset,
  options: { logits: boolean; onProgress?: (done: number, total: number) => void },
): AsyncGenerator<WrittenImage> {
  const total = SPLITS.reduce((sum, split) => sum + dataset.size(split), 0);
  let done = 0;
  for (const split of SPLITS) {
    for await (const example of dataset.examples(split)) {
      const { entityLogits: _, relationLogits: __, ...annotated } = example;
      yield { split, image: options.logits ? example : annotated };
      options.onProgress?.(++done, total);
    }
  }
}
