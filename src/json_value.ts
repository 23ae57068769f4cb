/**
 * JSON values that know their place in a file, so that a failed check can name the file,
 * the place, the rule and the value.
 *
 * @module
 */

import { type JsonProblem, placeOf, type Report, throwProblem } from "./json_problem.ts";
import { isFloat32, isList, isObject, joinPath, listOf, notJson } from "./json_kinds.ts";
import { indexOf } from "./name_index.ts";
import { nearestName, typoOf } from "./nearest.ts";
import { boundsOf, isWithin, type NumberRange } from "./number_range.ts";
import { showValue } from "./show_value.ts";
import { nameSuggestion } from "./similar_names.ts";

/**
 * Parses JSON.
 *
 * @param source The text, or its bytes in UTF-8.
 * @param name The file, in the form for messages: `"a.json"`, with its quotes.
 * @param report Receives problems of the text and of the values in it; by default it
 * throws.
 * @returns The value of the whole text.
 * @throws {SyntaxError} If it is not JSON.
 *
 * @example
 * ```ts
 * import { parseJson } from "./json_value.ts";
 * const image = parseJson('{"boxes": [[0, 0, 9]]}', '"a.json"');
 * let message = "";
 * try {
 *   for (const box of image.at("boxes").items()) box.numbers(4);
 * } catch (error) {
 *   message = (error as Error).message;
 * }
 * if (message !== 'Cannot use "a.json": boxes[0] must be a list of 4: found [0,0,9]') {
 *   throw new Error(message);
 * }
 * ```
 */
export function parseJson<Failed = never>(
  source: string | Uint8Array,
  name: string,
  report: Report<Failed> = throwProblem,
): JsonValue<Failed> | Failed {
  let text = "";
  try {
    text = typeof source === "string"
      ? source
      : new TextDecoder("utf-8", { fatal: true }).decode(source);
    return new JsonValue(JSON.parse(text), name, report);
  } catch (cause) {
    return report({ name, path: "", ...notJson(source, text, cause as Error) });
  }
}

/**
 * A JSON value with its place. A method that checks the value returns it with its type.
 * If the check fails, it returns the result of `report`: `undefined` if problems are
 * collected.
 */
export class JsonValue<Failed = never> {
  readonly #key: string | number;
  readonly #report: Report<Failed>;
  readonly #parent?: JsonValue<Failed>;

  /**
   * Wraps a value.
   *
   * @param value The value, as `JSON.parse` returns it.
   * @param key The file, in the form for messages; with a parent, the key or index in it.
   * @param report Receives problems; by default it throws them.
   * @param parent The object or list that holds the value.
   */
  constructor(
    readonly value: unknown,
    key: string | number,
    report: Report<Failed> = throwProblem,
    parent?: JsonValue<Failed>,
  ) {
    this.#key = key;
    this.#report = report;
    this.#parent = parent;
  }

  /** The file. */
  get name(): string {
    return this.#parent?.name ?? String(this.#key);
  }

  /** The path in the file, such as `images[3].boxes[2]`. */
  get path(): string {
    return this.#parent ? joinPath(this.#parent.path, this.#key) : "";
  }

  /** The file and the path. */
  get place(): string {
    return placeOf(this.name, this.path);
  }

  /** Whether the value is missing or null. */
  get isMissing(): boolean {
    return this.value === undefined || this.value === null;
  }

  /** This value, or `undefined` if it is missing or null. */
  get optional(): JsonValue<Failed> | undefined {
    return this.isMissing ? undefined : this;
  }

  /** Reports that the value has the right kind but is not allowed. */
  refuse(must: string, suggestion?: string): Failed {
    return this.#refuse(must, RangeError, suggestion);
  }

  /** Reports that the value has the wrong kind. */
  refuseKind(must: string, suggestion?: string): Failed {
    return this.#refuse(must, TypeError, suggestion);
  }

  #refuse(must: string, ErrorClass: ErrorConstructor, suggestion?: string): Failed {
    const { value } = this, parent = this.#parent;
    if (value !== undefined) {
      const problem = `must be ${must}: found ${showValue(value)}`;
      return this.#fail({ problem, suggestion, ErrorClass });
    }
    if (parent && typeof this.#key === "string" && !isObject(parent.value)) {
      return parent.refuseKind("an object");
    }
    const problem = `is missing, it must be ${must}`;
    return this.#fail({ problem, suggestion, ErrorClass: TypeError });
  }

  #fail(problem: Omit<JsonProblem, "name" | "path">): Failed {
    const { name, path } = this;
    return this.#report({ name, path, ...problem });
  }

  /** The value of a key or at an index; if it is missing, checking it reports that. */
  at(key: string | number): JsonValue<Failed> {
    const { value } = this;
    const holder = typeof key === "number" ? Array.isArray(value) : isObject(value);
    const found = holder && Object.hasOwn(value as object, key)
      ? (value as Record<string | number, unknown>)[key]
      : undefined;
    return new JsonValue(found, key, this.#report, this);
  }

  /** This object. */
  object(): Record<string, unknown> | Failed {
    return isObject(this.value) ? this.value : this.refuseKind("an object");
  }

  /** The keys and values of this object. */
  entries(): [key: string, value: JsonValue<Failed>][] | Failed {
    if (!isObject(this.value)) return this.refuseKind("an object");
    return Object.keys(this.value).map((key) => [key, this.at(key)]);
  }

  /**
   * Reports every key of this object that is not in `known`, with the one that it may be a
   * misspelling of, or with all.
   */
  onlyKeys(known: readonly string[]): void {
    for (const key of Object.keys(Object(this.object()))) {
      if (known.includes(key)) continue;
      const near = typoOf(key, known);
      this.at(key).#fail({
        problem: "is not a known key",
        suggestion: near ? `the nearest is "${near}"` : `known are ${known.join(", ")}`,
        ErrorClass: TypeError,
      });
    }
  }

  /** The items of this list; `what` names them in messages if `length` is given. */
  items(length?: number, what?: string): JsonValue<Failed>[] | Failed {
    const { value } = this;
    if (!isList(value, length)) return this.refuseKind(listOf(length, what));
    // Unlike `map()`, it does not leave out holes.
    return Array.from(value, (item, i) => new JsonValue(item, i, this.#report, this));
  }

  /** The finite numbers of this list. */
  numbers(length?: number, what?: string): number[] | Failed {
    return this.#numbers(Number.isFinite, "a finite number", length, what);
  }

  /** The numbers of this list, which must be finite as float32. */
  float32s(length?: number, what?: string): number[] | Failed {
    return this.#numbers(isFloat32, "a finite number, as float32 holds it", length, what);
  }

  #numbers(
    isRight: (item: unknown) => boolean,
    must: string,
    length?: number,
    what?: string,
  ): number[] | Failed {
    const { value } = this;
    if (!isList(value, length)) return this.refuseKind(listOf(length, what));
    const wrong = value.findIndex((item) => !isRight(item));
    return wrong < 0 ? value as number[] : this.at(wrong).#refuseNumber(must);
  }

  /** The names in this list, which must differ; at least `least` of them. */
  names(least = 1): string[] | Failed {
    const list = this.value;
    if (!Array.isArray(list)) return this.refuseKind("a list of names");
    if (list.length < least) return this.refuse("a list of names");
    const seen = new Map<unknown, number>();
    for (const [i, name] of list.entries()) {
      if (typeof name !== "string") return this.at(i).refuseKind("a name");
      const before = seen.get(name);
      if (before !== undefined) {
        return this.at(i).refuse(`a name other than ${this.at(before).path}`);
      }
      seen.set(name, i);
    }
    return [...list];
  }

  /** This text. */
  string(): string | Failed {
    const { value } = this;
    return typeof value === "string" ? value : this.refuseKind("a text");
  }

  /** This text, which must not be empty and no half of a character; or this whole number. */
  id(): string | Failed {
    const { value } = this;
    if (Number.isSafeInteger(value)) return String(value);
    if (typeof value !== "string") return this.refuseKind("a text");
    if (!value.isWellFormed()) return this.refuse("a text of whole characters");
    return value === "" ? this.refuse("a text") : value;
  }

  /** This boolean. */
  boolean(): boolean | Failed {
    const { value } = this;
    return typeof value === "boolean" ? value : this.refuseKind("true or false");
  }

  /** This number, which must be finite and in the range. */
  number(range: NumberRange = {}): number | Failed {
    const { value } = this;
    if (typeof value === "number" && Number.isFinite(value) && isWithin(value, range)) {
      return value;
    }
    const bounds = boundsOf(range);
    return this.#refuseNumber(bounds ? `a number${bounds}` : "a finite number");
  }

  /** This whole number, which must be in the range. */
  integer(range: NumberRange = {}): number | Failed {
    const value = this.value as number;
    return Number.isSafeInteger(value) && isWithin(value, range)
      ? value
      : this.#refuseNumber(`a whole number${boundsOf(range)}`);
  }

  /** This whole number in [0, bound). */
  index(bound: number): number | Failed {
    return this.value === bound
      ? this.refuse(`a whole number in [0, ${bound})`, "indices count from 0")
      : this.integer({ min: 0, below: bound });
  }

  /** The index of this class, given by name or as an index from 0. */
  label(names: readonly string[]): number | Failed {
    const { value } = this;
    if (typeof value !== "string") return this.index(names.length);
    const index = indexOf(names).get(value);
    if (index !== undefined) return index;
    return this.refuse("a name of the vocabulary", nameSuggestion(value, names));
  }

  /** This text, which must be one of `names`. */
  oneOf<Name extends string>(names: readonly Name[]): Name | Failed {
    const { value } = this;
    if (names.includes(value as Name)) return value as Name;
    const must = `one of ${names.map((name) => `"${name}"`).join(", ")}`;
    if (typeof value !== "string") return this.refuseKind(must);
    return this.refuse(must, `the nearest is "${nearestName(value, names)}"`);
  }

  /** This value, which must equal `wanted`. */
  exactly<Value extends string | number>(
    wanted: Value,
    suggestion?: string,
  ): Value | Failed {
    if (this.value === wanted) return wanted;
    const ErrorClass = typeof this.value === typeof wanted ? RangeError : TypeError;
    return this.#refuse(JSON.stringify(wanted), ErrorClass, suggestion);
  }

  #refuseNumber(must: string): Failed {
    return this.#refuse(must, typeof this.value === "number" ? RangeError : TypeError);
  }
}
