/**
 * Scene graphs for tests of the drawings.
 *
 * @module
 */

import type { SceneGraph } from "../../src/scene_graph.ts";

/** A man wearing a hat, the hat on the man, and a dog without relations. */
export function smallGraph(): SceneGraph {
  return {
    imageWidth: 200,
    imageHeight: 100,
    entities: [
      { label: "man", labelIndex: 0, score: 0.5, box: [0, 0, 100, 100] },
      { label: "hat", labelIndex: 1, score: 0.25, box: [20, 0, 60, 20] },
      { label: "dog", labelIndex: 2, score: 1, box: [120, 50, 200, 100] },
    ],
    relations: [
      { subject: 0, object: 1, predicate: "wearing", predicateIndex: 0, score: 0.125 },
      { subject: 1, object: 0, predicate: "on", predicateIndex: 1, score: 0.0625 },
      { subject: 0, object: 1, predicate: "has", predicateIndex: 2, score: 0.03125 },
    ],
  };
}

/** Names with a meaning in XML, DOT, JavaScript objects or terminals. */
export const HOSTILE_NAMES = [
  "</text><script>alert(1)</script>",
  `"double" & 'single' <b>`,
  "two\nlines\u0000\u0007\ufffe",
  "\ud800 half a character",
  "back\\slash \\N \\",
  "",
  "__proto__",
  "&amp;&lt;",
  "]]>",
  "日本語の犬",
  "x".repeat(500),
];

/** A ring of entities with each name as a label and as a predicate. */
export function ringOf(names: readonly string[]): SceneGraph {
  return {
    imageWidth: 10 * names.length,
    imageHeight: 50,
    entities: names.map((label, i) => ({
      label,
      labelIndex: i,
      score: 0.5,
      box: [10 * i, 0, 10 * i + 9, 40],
    })),
    relations: names.map((predicate, i) => ({
      subject: i,
      object: (i + 1) % names.length,
      predicate,
      predicateIndex: i,
      score: 0.5,
    })),
  };
}

/**
 * Whether all tags of the XML are closed in order and all text is escaped.
 */
export function isWellFormed(xml: string): boolean {
  const open: string[] = [];
  const tag = /<(\/?)([a-z][a-z0-9]*)((?: [a-z:-]+="[^"<]*")*)(\/?)>/gi;
  const hasBareAmpersand = (text: string) => /&(?!(amp|lt|gt|quot|#39);)/.test(text);
  let end = 0;
  for (const match of xml.matchAll(tag)) {
    if (/[<>]/.test(xml.slice(end, match.index))) return false;
    end = match.index + match[0].length;
    const [, closes, name, , isEmpty] = match;
    if (closes) {
      if (open.pop() !== name) return false;
    } else if (!isEmpty) open.push(name);
  }
  // deno-lint-ignore no-control-regex -- XML cannot contain these
  const isClean = !/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/.test(xml);
  return open.length === 0 && end === xml.length && !hasBareAmpersand(xml) &&
    xml.isWellFormed() && isClean;
}
