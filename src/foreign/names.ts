/**
 * The rules for names of classes from outside.
 *
 * @module
 */

import type { JsonValue } from "../json_value.ts";
import { ambiguousName, lookAlikes, similarNames } from "../similar_names.ts";
import type { Mended, RuleProblem } from "./mended.ts";

/**
 * Reads names of classes, without spaces around them unless two would then be the same.
 *
 * @param fields The names, all different, in order.
 * @param mended Counts names with spaces.
 * @param warn Takes pairs of names that look alike.
 * @returns The names, or what a refusal returns: none may be blank.
 */
export function takeNames<Failed>(
  fields: readonly JsonValue<Failed>[],
  mended: Mended,
  warn: (problem: RuleProblem) => void,
): string[] | Failed {
  const written: string[] = [];
  for (const field of fields) {
    const name = field.id();
    if (typeof name !== "string") return name;
    if (name.trim() === "") return field.refuse("a name that is not blank");
    if (!name.isWellFormed()) return field.refuse("a name of whole characters");
    written.push(name);
  }
  const trimmed = written.map((name) => name.trim());
  const areDifferent = new Set(trimmed).size === written.length;
  const names = areDifferent ? trimmed : written;
  for (const [i, name] of written.entries()) {
    if (name !== names[i]) mended.add("namesTrimmed", fields[i]);
  }
  for (const { later, earlier, difference } of lookAlikes(names)) {
    warn({
      place: fields[later].place,
      problem: `is ${JSON.stringify(names[later])}, which differs from ${
        JSON.stringify(names[earlier])
      } in ${difference} only`,
      suggestion: "if they are one class, write them alike",
    });
  }
  return names;
}

/**
 * Reads a label, a name or an index from 0. A name that differs from one of the vocabulary
 * in its Unicode form, spaces or case only is taken for it.
 *
 * @param field The label.
 * @param names The vocabulary.
 * @param mended Counts names that were not written exactly.
 * @returns The index, or else what a refusal returns.
 */
export function takeLabel<Failed>(
  field: JsonValue<Failed>,
  names: readonly string[],
  mended: Mended,
): number | Failed {
  const { value } = field;
  const match = typeof value === "string" ? similarNames(value, names) : undefined;
  if (match === undefined || match.difference === undefined) return field.label(names);
  const { places } = match;
  if (places.length > 1) {
    return field.refuse("a name of the vocabulary", ambiguousName(match, names));
  }
  const what = `${
    JSON.stringify(value)
  } differs from the class in ${match.difference} only`;
  mended.add("namesMatched", field, what);
  return places[0];
}
