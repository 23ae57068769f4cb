/**
 * The names of `vg5k`: which raw classes and predicates are one, and how they are called.
 *
 * The publishers lemmatized every name, so "jeans" became "jean" and "riding" became "rid".
 *
 * @module
 */

import { ForeignRules } from "../../foreign/rules.ts";
import { Vocabulary } from "../../vocabulary.ts";
import { type JsonFile, parseJsonFile } from "./_json_file.ts";

/** The raw class that is no thing; its boxes and relations are left out. */
const BACKGROUND = "background";

/** Raw classes that are called otherwise, or are another class. */
const CLASSES: Readonly<Record<string, string>> = {
  jean: "jeans",
  pant: "pants",
  plane: "airplane",
  short: "shorts",
  ski: "skis",
};

/** Merged predicates, each with the raw ones that it stands for. */
const PREDICATES: Readonly<Record<string, readonly string[]>> = {
  on: ["on", "on a", "on top of", "be on"],
  has: ["have", "have a"],
  in: ["in", "in a", "be in", "inside", "inside of"],
  wearing: ["wear", "wear a"],
  of: ["of", "of a"],
  holding: ["hold"],
  near: ["near", "by"],
  "next to": ["next to", "beside"],
  under: ["under", "below"],
  above: ["above", "over"],
  "sitting on": ["sit on"],
  "sitting in": ["sit in"],
  "standing on": ["stand on"],
  "standing in": ["stand in"],
  "walking on": ["walk on"],
  "lying on": ["lay on"],
  "hanging from": ["hang from", "hang on"],
  "attached to": ["attach to"],
  "belonging to": ["belong to"],
  riding: ["rid"],
  eating: ["eat"],
  covering: ["cover"],
  carrying: ["carry"],
  watching: ["watch"],
  playing: ["play"],
};

const MERGED = new Map(
  Object.entries(PREDICATES).flatMap(([name, raw]) => raw.map((raw) => [raw, name])),
);

/** The vocabulary, and the place in it of each raw class and predicate. */
export interface Vg5kNames {
  vocabulary: Vocabulary;
  /** For each raw class: its index in the vocabulary, -1 for "background". */
  classes: readonly number[];
  /** For each raw predicate: its index in the vocabulary. */
  predicates: readonly number[];
}

/**
 * Reads the two lists of names.
 *
 * @param objects `objects.json`: the raw classes.
 * @param predicates `predicates.json`: the raw predicates.
 * @param rules The rules for foreign data.
 * @returns The vocabulary: 148 classes and 35 predicates of the published files, each in
 * the order in which the first raw name of it is listed.
 * @throws {SyntaxError} If a file is not JSON or not a list of names.
 * @throws {RangeError} If a list is empty or repeats a name.
 */
export function readVg5kNames(
  objects: JsonFile,
  predicates: JsonFile,
  rules: ForeignRules = new ForeignRules(),
): Vg5kNames {
  const raw = (file: JsonFile) => {
    const list = parseJsonFile(file);
    list.names();
    return rules.names(list.items());
  };
  const classes = raw(objects).map((name) => CLASSES[name] ?? name);
  const merged = raw(predicates).map((name) => MERGED.get(name) ?? name);
  const vocabulary = new Vocabulary({
    entities: [...new Set(classes)].filter((name) => name !== BACKGROUND),
    predicates: [...new Set(merged)],
  });
  return {
    vocabulary,
    classes: classes.map((name) =>
      name === BACKGROUND ? -1 : vocabulary.entityIndex(name)
    ),
    predicates: merged.map((name) => vocabulary.predicateIndex(name)),
  };
}
