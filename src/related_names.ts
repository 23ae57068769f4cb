/**
 * Finds names of the same thing: detectors and scene graphs name everyday things
 * differently.
 *
 * @module
 */

/**
 * Names that data sets use for one thing; the first is COCO's. A name stands for the
 * others, but need not mean the same, so this serves messages only.
 */
const GROUPS: readonly (readonly string[])[] = [
  ["person", "man", "woman", "people", "boy", "girl", "child", "guy", "lady", "human"],
  ["cell phone", "phone", "cellphone", "mobile phone", "telephone"],
  ["bicycle", "bike"],
  ["motorcycle", "motorbike"],
  ["airplane", "plane", "aeroplane", "aircraft"],
  ["car", "vehicle", "automobile", "van"],
  ["couch", "sofa"],
  ["tv", "television", "monitor", "tvmonitor", "screen"],
  ["dining table", "diningtable", "table", "desk", "counter"],
  ["potted plant", "pottedplant", "plant"],
  ["wine glass", "glass", "glasses"],
  ["cup", "mug"],
  ["backpack", "bag", "handbag", "suitcase", "luggage"],
  ["sports ball", "ball"],
  ["donut", "doughnut"],
  ["hair drier", "hair dryer"],
  ["stop sign", "sign"],
  ["traffic light", "light"],
  ["refrigerator", "fridge"],
  ["remote", "remote control"],
  ["sneakers", "shoe", "boot"],
  ["trousers", "pants", "jeans"],
  ["t-shirt", "tshirt", "shirt"],
];

/** The most names that a message lists. */
const MAX_NAMES = 5;

/**
 * Finds names of a list that stand for the same thing as another name: the plural or
 * singular, another word for it, another form of a verb (`rides` for `riding`), or the noun
 * alone (`phone` for `cell phone`).
 *
 * @param name The name.
 * @param names The list.
 * @returns At most five names of the list, the closest kind first; often none.
 *
 * @example
 * ```ts
 * import { relatedNames } from "./related_names.ts";
 * const found = relatedNames("person", ["horse", "woman", "man"]);
 * if (found.join() !== "man,woman") throw new Error();
 * ```
 */
export function relatedNames(name: string, names: readonly string[]): string[] {
  const byKey = new Map<string, string>();
  for (const known of names) {
    if (!byKey.has(keyOf(known))) byKey.set(keyOf(known), known);
  }
  const key = keyOf(name), noun = nounOf(key);
  const same = byKey.get(key);
  if (same !== undefined) return [same];
  const groups = GROUPS.map((group) => group.map(keyOf));
  const group = groups.find((keys) => keys.includes(key)) ?? [];
  const words = group.flatMap((other) => byKey.get(other) ?? []);
  if (words.length > 0) return words.slice(0, MAX_NAMES);
  const kinds = [
    (other: string) => verbOf(other) === verbOf(key),
    (other: string) => key !== "" && (other === noun || nounOf(other) === key),
  ];
  const found = kinds.map((isLike) => [...byKey].filter(([other]) => isLike(other)))
    .find((names) => names.length > 0);
  return (found ?? []).map(([, known]) => known).slice(0, MAX_NAMES);
}

/** Words in lower case, without the `s` of a plural. */
function keyOf(name: string): string {
  const words = name.slice(0, 100).toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
  return words.join(" ").replace(/([^s])s$/, "$1");
}

/** Words without the endings of verbs and what these double, as in `sits` and `sitting`. */
function verbOf(key: string): string {
  return key.replace(/(?<=[a-z]{2})(ing|ed|es|e|s)\b/g, "").replace(/([a-z])\1\b/g, "$1");
}

/** The last of several words. */
function nounOf(key: string): string {
  return key.slice(key.lastIndexOf(" ") + 1);
}
