/**
 * The flags of tasks that are filters.
 *
 * @module
 */

import { dashed, UsageError } from "./flags.ts";

/** The flag that makes a task a filter. */
export const LINES_FLAG = {
  default: false,
  help:
    "Read an input from each line of the files, or of stdin (-), and give a line of JSON for each: see docs/filters.md",
} as const;

/** The flag of tasks whose arguments name something else than lines. */
export const LINES_FILE_FLAG = {
  type: "string",
  path: "path",
  unset: "none",
  help:
    "File of lines, or - for stdin: give a line of JSON for each, see docs/filters.md",
} as const;

/** The file for the answers of tasks that write other files without lines. */
export const LINES_OUT_FLAG = {
  type: "string",
  path: "path",
  unset: "print them",
  help:
    "With --lines: file to write the answers to, whole or not at all; with --shard 2/8, found.jsonl is found.2-of-8.jsonl, for merge",
} as const;

/**
 * Refuses flags that have no meaning beside lines.
 *
 * @param options The values of flags.
 * @param names Flags, such as `state`.
 */
export function refuseBeside(
  options: Readonly<Record<string, unknown>>,
  ...names: string[]
): void {
  const wrong = names.find((name) =>
    options[name] !== undefined && options[name] !== false
  );
  if (wrong === undefined) return;
  throw new UsageError(
    `Cannot use --lines with --${
      dashed(wrong)
    } as each line must be answered by itself; leave one of them out`,
  );
}
