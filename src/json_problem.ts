/**
 * Problems of JSON values, which are either thrown as errors or collected for a whole
 * file.
 *
 * @module
 */

/** A problem of a value. */
export interface JsonProblem {
  /** The file, in the form for messages: `"a.json"` with its quotes, or `line 3`. */
  name: string;
  /** Path of the value in the file, such as `images[3].boxes[2]`; empty for the whole. */
  path: string;
  /** What must hold and what was found: `must be a list: found 3`. */
  problem: string;
  /** What to do about it, if there is a good guess. */
  suggestion?: string;
  /**
   * `SyntaxError` for text that is not JSON, `TypeError` for a value of the wrong kind,
   * `RangeError` for a value that is not allowed.
   */
  ErrorClass: ErrorConstructor;
  /** The error that caused the problem. */
  cause?: unknown;
}

/**
 * Receives a problem. {@linkcode throwProblem} throws it; other functions collect it and
 * return `undefined`. The failed check returns the same value.
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

/** Returns a {@linkcode throwProblem} with another error class for values of the wrong kind. */
export function throwKindAs(KindError: ErrorConstructor): Report<never> {
  return (problem) => {
    const isKind = problem.ErrorClass === TypeError;
    throwProblem(isKind ? { ...problem, ErrorClass: KindError } : problem);
  };
}

/** Joins a file and a path in it, either of which may be empty. */
export function placeOf(name: string, path: string): string {
  return name && path ? `${name}: ${path}` : name || path;
}
