/**
 * Problems of a file, gathered instead of thrown, so that all can be told at once.
 *
 * @module
 */

import { nearestName } from "../../nearest.ts";
import { showValue } from "../../show_value.ts";

/** One thing that is wrong, or looks wrong. */
export interface Problem {
  /** Where: `line 3: boxes[2]`. */
  place: string;
  /** What must hold and what was found. */
  problem: string;
  /** What to do about it, if there is a good guess. */
  suggestion?: string;
  /** True if the file can be used all the same. */
  isWarning: boolean;
}

/** A problem is told no more often than this; the rest are counted. */
const MOST_PROBLEMS = 1000;

/** What is wrong with a file. */
export class Problems {
  /** The first so many, in the order of the file. */
  readonly list: Problem[] = [];
  /** Number of errors and of warnings, those that are not in the list too. */
  readonly count = { errors: 0, warnings: 0 };

  /** Tells an error. */
  error(place: string, problem: string, suggestion?: string): void {
    this.#add({ place, problem, suggestion, isWarning: false });
  }

  /** Tells of something that looks wrong. */
  warn(place: string, problem: string, suggestion?: string): void {
    this.#add({ place, problem, suggestion, isWarning: true });
  }

  #add(problem: Problem): void {
    this.count[problem.isWarning ? "warnings" : "errors"]++;
    if (this.list.length < MOST_PROBLEMS) this.list.push(problem);
  }
}

/** A value of JSON with its place; readers give `undefined` after telling what is wrong. */
export class Checked {
  constructor(
    readonly value: unknown,
    readonly place: string,
    readonly problems: Problems,
  ) {}

  /** True if there is nothing, or null. */
  get isMissing(): boolean {
    return this.value === undefined || this.value === null;
  }

  /** Says what must stand here. */
  refuse(must: string, suggestion?: string): undefined {
    this.problems.error(
      this.place,
      this.isMissing
        ? `is missing, it must be ${must}`
        : `must be ${must}: found ${showValue(this.value)}`,
      suggestion,
    );
  }

  /** The fields of this object by name; tells of keys that are none. */
  record<Key extends string>(
    keys: readonly Key[],
  ): Record<Key, Checked> | undefined {
    const { value, place, problems } = this;
    if (typeof value !== "object" || value === null || Array.isArray(value)) {
      return this.refuse("an object");
    }
    const record = value as Record<string, unknown>;
    const unused = keys.filter((key) => !Object.hasOwn(record, key));
    for (const key of Object.keys(record)) {
      if ((keys as readonly string[]).includes(key)) continue;
      const nearest = nearestName(key, unused);
      problems.warn(
        place === "" ? key : `${place}: ${key}`,
        "is no key of this format and is not read",
        nearest && isNear(key, nearest) ? `"${nearest}" may be meant` : undefined,
      );
    }
    const fields = keys.map((key) => {
      const inside = Object.hasOwn(record, key) ? record[key] : undefined;
      return [
        key,
        new Checked(inside, place === "" ? key : `${place}: ${key}`, problems),
      ];
    });
    return Object.fromEntries(fields) as Record<Key, Checked>;
  }

  /** A field of this object, whatever else it has; told as missing if this is none. */
  get(key: string): Checked {
    const inside = Object(this.value);
    const value = Object.hasOwn(inside, key) ? inside[key] : undefined;
    const place = this.place === "" ? key : `${this.place}: ${key}`;
    return new Checked(value, place, this.problems);
  }

  /** The entries of this list, of a certain length if one is given. */
  list(length?: number, what = "entries"): Checked[] | undefined {
    const { value, place, problems } = this;
    if (!Array.isArray(value)) return this.refuse("a list");
    if (length !== undefined && value.length !== length) {
      return this.refuse(`a list of ${length} ${what}`);
    }
    return value.map((entry, i) => new Checked(entry, `${place}[${i}]`, problems));
  }

  /** This list of finite numbers. */
  numbers(length: number, what: string): number[] | undefined {
    const { value } = this;
    if (!Array.isArray(value) || value.length !== length) {
      return this.refuse(`a list of ${length} ${what}`);
    }
    const bad = value.findIndex((number) =>
      !Number.isFinite(number) || !Number.isFinite(Math.fround(number))
    );
    if (bad < 0) return value;
    return new Checked(value[bad], `${this.place}[${bad}]`, this.problems)
      .refuse("a finite number, as float32 holds it");
  }

  /** This number above 0. */
  positive(): number | undefined {
    const { value } = this;
    return typeof value === "number" && value > 0 && value < Infinity
      ? value
      : this.refuse("a number above 0");
  }

  /** This text, or a whole number as text. */
  text(): string | undefined {
    const { value } = this;
    if (Number.isSafeInteger(value)) return String(value);
    return typeof value === "string" && value !== "" ? value : this.refuse("a text");
  }

  /** This text, one of a few. */
  oneOf<Name extends string>(names: readonly Name[]): Name | undefined {
    const { value } = this;
    if (names.includes(value as Name)) return value as Name;
    const nearest = typeof value === "string" ? nearestName(value, names) : undefined;
    return this.refuse(
      `one of ${names.map((name) => `"${name}"`).join(", ")}`,
      nearest && `the nearest is "${nearest}"`,
    );
  }

  /** This class: its name, or its index from 0. */
  label(names: readonly string[], indexOf: ReadonlyMap<string, number>) {
    const { value } = this;
    if (typeof value === "string") {
      const index = indexOf.get(value);
      if (index !== undefined) return index;
      return this.refuse(
        "a name of the vocabulary",
        `the nearest is "${nearestName(value, names)}"`,
      );
    }
    return this.index(names.length);
  }

  /** This whole number from 0 to below a bound. */
  index(bound: number): number | undefined {
    const { value } = this;
    if (Number.isInteger(value) && (value as number) >= 0 && (value as number) < bound) {
      return value as number;
    }
    return this.refuse(
      `a whole number in [0, ${bound})`,
      value === bound ? "indices count from 0" : undefined,
    );
  }
}

/** Whether a name could be a slip for another: one contains the other, or nearly so. */
function isNear(a: string, b: string): boolean {
  const [x, y] = [a, b].map((name) => name.toLowerCase().replace(/[^a-z]/g, ""));
  let same = 0;
  while (same < Math.min(x.length, y.length) && x[same] === y[same]) same++;
  return x.includes(y) || y.includes(x) || 2 * same >= Math.min(x.length, y.length);
}
