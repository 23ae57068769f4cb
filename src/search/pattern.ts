/**
 * Patterns of relations, such as `person riding horse, horse on ?place`.
 *
 * @module
 */

import { showValue } from "../show_value.ts";
import { nameSuggestion } from "../similar_names.ts";

/** An entity of a pattern. */
export interface Term {
  /** Its class; any if absent. */
  label?: string;
  /** Its variable without the question mark: terms with the same one are one entity. */
  variable?: string;
}

/** A relation of a pattern, or an entity alone. */
export interface Clause {
  subject: Term;
  /** The predicate; any if absent. */
  predicate?: string;
  /** Absent if the clause is an entity alone. */
  object?: Term;
}

/** Names that a pattern may use. */
export interface PatternNames {
  entities: Iterable<string>;
  predicates: Iterable<string>;
}

/**
 * Reads a pattern: clauses with commas between them, each `subject predicate object`, or an
 * entity alone. An entity is a class (`traffic light`), a variable (`?x`) or both
 * (`person ?x`); a predicate that begins with `?` is any. Case does not matter.
 *
 * @param text The pattern.
 * @param names Classes and predicates.
 * @returns The clauses, in order.
 * @throws {RangeError} If a clause cannot be read; the message names the nearest class or
 * predicate.
 *
 * @example
 * ```ts
 * import { parsePattern } from "./pattern.ts";
 * const names = { entities: ["man", "traffic light"], predicates: ["next to"] };
 * const [{ subject, predicate, object }] = parsePattern("?who next to traffic light", names);
 * if (subject.variable !== "who") throw new Error();
 * if (`${predicate} ${object?.label}` !== "next to traffic light") throw new Error();
 * ```
 */
export function parsePattern(text: string, names: PatternNames): Clause[] {
  const known = {
    entities: new Map(Array.from(names.entities, (name) => [keyOf(name), name])),
    predicates: new Map(Array.from(names.predicates, (name) => [keyOf(name), name])),
  };
  return text.split(",").map((clause) => {
    const words = clause.trim().split(/\s+/).filter((word) => word !== "");
    if (words.length === 0) {
      refuse(text, "each part between commas must have words", clause);
    }
    return parseClause(words, known) ?? explain(text, words, known);
  });
}

interface Known {
  entities: Map<string, string>;
  predicates: Map<string, string>;
}

const keyOf = (name: string) => name.trim().replace(/[\s_]+/g, " ").toLowerCase();

/** Reads a clause; of several readings that with the longest predicate counts. */
function parseClause(words: readonly string[], known: Known): Clause | undefined {
  const alone = parseTerm(words, known);
  if (alone) return { subject: alone };
  for (let length = words.length - 2; length >= 1; length--) {
    for (let from = 1; from + length < words.length; from++) {
      const subject = parseTerm(words.slice(0, from), known);
      const predicate = parsePredicate(words.slice(from, from + length), known);
      const object = parseTerm(words.slice(from + length), known);
      if (subject && predicate && object) return { subject, ...predicate, object };
    }
  }
}

function parseTerm(words: readonly string[], { entities }: Known): Term | undefined {
  const last = words[words.length - 1];
  const variable = last.startsWith("?") ? last.slice(1) : undefined;
  const name = words.slice(0, variable === undefined ? undefined : -1);
  if (name.length === 0) return { variable: variable || undefined };
  const label = entities.get(keyOf(name.join(" ")));
  return label === undefined ? undefined : { label, variable: variable || undefined };
}

function parsePredicate(
  words: readonly string[],
  { predicates }: Known,
): { predicate?: string } | undefined {
  if (words.length === 1 && words[0].startsWith("?")) return {};
  const predicate = predicates.get(keyOf(words.join(" ")));
  return predicate === undefined ? undefined : { predicate };
}

/** Says which word of a clause is not known. */
function explain(text: string, words: readonly string[], known: Known): never {
  const from = (names: Map<string, string>, at: number) => {
    for (let end = words.length; end > at; end--) {
      if (names.has(keyOf(words.slice(at, end).join(" ")))) return end;
    }
    return words[at]?.startsWith("?") ? at + 1 : undefined;
  };
  const unknown = (kind: string, names: Map<string, string>, at: number) => {
    const word = words[at];
    const hint = word === undefined
      ? ""
      : `; ${nameSuggestion(word, [...names.values()])}`;
    refuse(
      text,
      `"${words.join(" ")}" must be an entity, or subject, predicate and object`,
      `${showValue(word)}, which is no ${kind} of these graphs${hint}`,
    );
  };
  let at = from(known.entities, 0);
  if (at === undefined) return unknown("class", known.entities, 0) as never;
  if (words[at]?.startsWith("?") && at === words.length - 2) at++;
  const predicate = at < words.length ? from(known.predicates, at) : undefined;
  if (predicate === undefined) return unknown("predicate", known.predicates, at) as never;
  if (predicate < words.length) {
    return unknown("class", known.entities, predicate) as never;
  }
  refuse(text, `"${words.join(" ")}" must have an object`, "none");
}

function refuse(text: string, condition: string, found: string): never {
  throw new RangeError(
    `Cannot search for ${showValue(text)} as ${condition}: found ${found}`,
  );
}
