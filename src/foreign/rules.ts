/**
 * The one door for data from outside: every reader brings ids, boxes, names and scores
 * through these rules. docs/foreign_data.md lists them.
 *
 * @module
 */

import type { JsonValue } from "../json_value.ts";
import { BOX_FORMS, type BoxForm, type Corners, type Size } from "./box_forms.ts";
import { type BoxOptions, BoxRules } from "./boxes.ts";
import { Mended, type MendedCounts, type Placed, type RuleProblem } from "./mended.ts";
import { takeLabel, takeNames } from "./names.ts";
import { SCORE, scoreSuggestion, takeScore } from "./scores.ts";

/** How strictly data from outside is read; `docs/foreign_data.md` has the rules. */
export interface ForeignOptions {
  /** Refuse everything that would be mended; default false. */
  strict?: boolean;
  /** Cut boxes to their images however much is lost; default false. */
  cutBoxes?: boolean;
}

/** What stands after a row of five numbers. */
export const FIVE_NUMBERS = "rows have 5 numbers: x1, y1, x2, y2, score?";

/** The rules for one file, for several that belong together, or for one call. */
export class ForeignRules {
  /** Counts what was mended. */
  readonly mended: Mended = new Mended();
  /** The rules for boxes that stand in no JSON. */
  readonly boxes: BoxRules;
  readonly #isStrict: boolean;
  readonly #lookAlikes: RuleProblem[] = [];

  /** @param options What the user says, and how the boxes are written. */
  constructor(options: ForeignOptions & BoxOptions = {}) {
    this.#isStrict = options.strict ?? false;
    this.boxes = new BoxRules(this.mended, options);
  }

  /** What was mended, if anything was. */
  get counts(): MendedCounts | undefined {
    return this.mended.counts();
  }

  /** What looks wrong, and what was mended: nothing of it is an error. */
  get warnings(): RuleProblem[] {
    const isWrong = this.problems().length > 0;
    const ofBoxes = [...this.boxes.warnings(), ...this.mended.problems()];
    return [...this.#lookAlikes, ...isWrong ? [] : ofBoxes];
  }

  /** A box in corners, cut to its image; or what a refusal returns. */
  box<Failed>(
    field: JsonValue<Failed>,
    size: Size,
    form: BoxForm = "corners",
  ): Corners | Failed {
    const { name } = BOX_FORMS[form];
    if (Array.isArray(field.value) && field.value.length === 5) {
      return field.refuseKind(`a list of 4 numbers, ${name}`, FIVE_NUMBERS);
    }
    const numbers = field.float32s(4, `numbers, ${name}`);
    if (!Array.isArray(numbers)) return numbers;
    const taken = this.boxes.take(numbers, size, field, { form });
    return "must" in taken ? field.refuse(taken.must, taken.suggestion) : taken;
  }

  /** A label, by name or index; or what a refusal returns. */
  label<Failed>(field: JsonValue<Failed>, names: readonly string[]): number | Failed {
    return takeLabel(field, names, this.mended);
  }

  /** Names of classes, without spaces around them; or what a refusal returns. */
  names<Failed>(fields: readonly JsonValue<Failed>[]): string[] | Failed {
    return takeNames(fields, this.mended, (problem) => this.#lookAlikes.push(problem));
  }

  /** A probability; or what a refusal returns. */
  score<Failed>(field: JsonValue<Failed>): number | Failed {
    const { value } = field;
    const score = takeScore(value, this.mended, field);
    if (score !== undefined) return score;
    return typeof value === "number"
      ? field.refuse(SCORE, scoreSuggestion(value))
      : field.refuseKind(SCORE);
  }

  /** Whether a relation of these two is left out, as it joins an entity with itself. */
  isOfOneself(subject: unknown, object: unknown, at: Placed): boolean {
    if (subject !== object) return false;
    this.mended.add("selfRelations", at);
    return true;
  }

  /** Throws what is wrong with the whole, if anything is. */
  throwProblems(): void {
    const [first] = this.problems();
    if (first === undefined) return;
    const { place, problem, suggestion } = first;
    const what = suggestion ? `${problem}; ${suggestion}` : problem;
    throw new RangeError(`Cannot use ${place}: ${what}`);
  }

  /** Faults of the data as a whole; call it when all has been read. */
  problems(): RuleProblem[] {
    const mended = this.#isStrict ? this.mended.problems() : [];
    const refused = mended.map((problem) => ({
      ...problem,
      suggestion: "--strict (strict) refuses what would be mended",
    }));
    return [...this.boxes.problems(), ...refused];
  }
}
