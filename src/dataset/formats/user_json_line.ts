/**
 * Reads one line of the user's own data in JSONL by itself, as a filter does.
 *
 * @module
 */

import type { AnnotatedImage, Logits } from "../../example.ts";
import { type ForeignOptions, ForeignRules } from "../../foreign/rules.ts";
import { JsonValue, parseJson } from "../../json_value.ts";
import type { Vocabulary } from "../../vocabulary.ts";
import type { SplitName } from "../manifest.ts";
import { Problems } from "./_problems.ts";
import { checkUserHeader, checkUserImage } from "./_user_json_checks.ts";

/** An image that a line is of; it may name no split. */
export interface LineImage {
  split?: SplitName;
  image: AnnotatedImage & Partial<Logits>;
}

/**
 * Reads one line.
 *
 * @param line Its bytes.
 * @param vocabulary Names of the classes.
 * @param options What to do about boxes, names and scores that can be mended.
 * @returns The image; `undefined` for a first line, which describes the file.
 * @throws {SyntaxError | RangeError} If it is not JSON, has a wrong value, or is a first
 * line with other names of classes.
 */
export function readUserLine(
  line: Uint8Array,
  vocabulary: Vocabulary,
  options: ForeignOptions = {},
): LineImage | undefined {
  // What is wrong with the text itself is thrown, as for a file.
  const { value } = parseJson(line, "the line");
  const problems = new Problems(), rules = new ForeignRules(options);
  const root = new JsonValue(value, "", problems.report);
  const isHeader = "format" in Object(value);
  const header = isHeader ? checkUserHeader(root, false, problems, rules) : undefined;
  const found = isHeader ? undefined : checkUserImage(root, vocabulary, problems, rules);
  problems.addAll(rules);
  const error = problems.list.find(({ isWarning }) => !isWarning);
  if (error) {
    const { place, problem, suggestion } = error;
    const what = `${place || "it"} ${problem}${suggestion ? `; ${suggestion}` : ""}`;
    throw new RangeError(`Cannot use the line: ${what}`);
  }
  if (header) checkNames(header.vocabulary, vocabulary);
  return found;
}

function checkNames(mine: Vocabulary, theirs: Vocabulary): void {
  for (const kind of ["entities", "predicates"] as const) {
    const [found, wanted] = [mine[kind], theirs[kind]];
    const at = wanted.findIndex((name, i) => found[i] !== name);
    if (at < 0 && found.length === wanted.length) continue;
    throw new RangeError(
      `Cannot use the line: "${kind}" must be the ${wanted.length} names of the dataset in its order: found ${found.length} names${
        at < 0 ? "" : `, "${found[at]}" in place of "${wanted[at]}"`
      }`,
    );
  }
}
