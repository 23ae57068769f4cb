/**
 * What is wrong with a value of JSON, and who is told: a problem is thrown, or kept with
 * all others of its file.
 *
 * @module
 */

/** What is wrong with a value. */
export interface JsonProblem {
  /** The file, as a message names it: `"a.json"`, `line 3`. */
  name: string;
  /** The value's path in the file, such as `images[3].boxes[2]`; empty for the whole. */
  path: string;
  /** What must hold and what was found: `must be a list: found 3`. */
  problem: string;
  /** What to do about it, if there is a good guess. */
  suggestion?: string;
  /**
   * `SyntaxError` for text that is not JSON, `TypeError` for a value of the wrong kind,
   * `RangeError` for one outside the allowed values.
   */
  ErrorClass: ErrorConstructor;
  /** The error behind it. */
  cause?: unknown;
}

/**
 * Takes a problem: {@linkcode throwProblem}, or a function that keeps it and returns
 * `undefined`. The failed check returns the same.
 */
export type Report<Failed> = (problem: JsonProblem) => Failed;

/** Throws a problem as an error: `Cannot use "a.json": width must be a number: found "7"`. */
export function throwProblem(
  { name, path, problem, suggestion, ErrorClass, cause }: JsonProblem,
): never {
  const what = `${path || "it"} ${problem}${suggestion ? `; ${suggestion}` : ""}`;
  const verb = ErrorClass === SyntaxError ? "read" : "use";
  throw new ErrorClass(`Cannot ${verb} ${name}: ${what}`, { cause });
}

/** Throws as {@linkcode throwProblem} does, but another error for a value of the wrong kind. */
export function throwKindAs(KindError: ErrorConstructor): Report<never> {
  return (problem) => {
    const isKind = problem.ErrorClass === TypeError;
    throwProblem(isKind ? { ...problem, ErrorClass: KindError } : problem);
  };
}

/** A file and a path in it; either may be empty. */
export function placeOf(name: string, path: string): string {
  return name && path ? `${name}: ${path}` : name || path;
}
