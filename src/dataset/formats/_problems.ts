/**
 * Problems of a file, gathered instead of thrown, so that all can be told at once.
 *
 * @module
 */

import type { ForeignRules } from "../../foreign/rules.ts";
import { placeOf, type Report } from "../../json_problem.ts";

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

  /** Takes what is wrong with a value of JSON. */
  readonly report: Report<undefined> = ({ name, path, problem, suggestion }) => {
    this.error(placeOf(name, path), problem, suggestion);
    return undefined;
  };

  /** Tells an error. */
  error(place: string, problem: string, suggestion?: string): void {
    this.#add({ place, problem, suggestion, isWarning: false });
  }

  /** Tells of something that looks wrong. */
  warn(place: string, problem: string, suggestion?: string): void {
    this.#add({ place, problem, suggestion, isWarning: true });
  }

  /** Tells what the rules for foreign data have found, when all has been read. */
  addAll(rules: ForeignRules): void {
    for (const { place, problem, suggestion } of rules.problems()) {
      this.error(place, problem, suggestion);
    }
    for (const { place, problem, suggestion } of rules.warnings) {
      this.warn(place, problem, suggestion);
    }
  }

  #add(problem: Problem): void {
    this.count[problem.isWarning ? "warnings" : "errors"]++;
    if (this.list.length < MOST_PROBLEMS) this.list.push(problem);
  }
}
