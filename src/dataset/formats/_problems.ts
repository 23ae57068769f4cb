/**
 * Problems of a file, collected instead of thrown, so that all can be reported at once.
 *
 * @module
 */

import type { ForeignRules } from "../../foreign/rules.ts";
import { placeOf, type Report } from "../../json_problem.ts";

/** An error, or a warning of something that looks wrong. */
export interface Problem {
  /** Place in the file, such as `line 3: boxes[2]`. */
  place: string;
  /** What must hold and what was found. */
  problem: string;
  /** What to do about it, if there is a good guess. */
  suggestion?: string;
  /** Whether the file can be used in spite of it. */
  isWarning: boolean;
}

/** Number of problems to keep; further ones are only counted. */
const MOST_PROBLEMS = 1000;

/** The problems of a file. */
export class Problems {
  /** The first problems, at most 1000, in the order of the file. */
  readonly list: Problem[] = [];
  /** Numbers of all errors and warnings, including those not in the list. */
  readonly count = { errors: 0, warnings: 0 };

  /** Adds a problem of a JSON value as an error. */
  readonly report: Report<undefined> = ({ name, path, problem, suggestion }) => {
    this.error(placeOf(name, path), problem, suggestion);
    return undefined;
  };

  /** Adds an error. */
  error(place: string, problem: string, suggestion?: string): void {
    this.#add({ place, problem, suggestion, isWarning: false });
  }

  /** Adds a warning. */
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
