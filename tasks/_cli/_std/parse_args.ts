/**
 * The part of `@std/cli/parse-args` that the tasks use, with the same signature, built on
 * `node:util`. One line of `deno.json` switches to the original.
 *
 * @module
 */

import { parseArgs as parse } from "node:util";

/** The known flags. */
export interface ParseOptions {
  /** Flags that take no value. */
  boolean?: readonly string[];
  /** Flags that take a value. */
  string?: readonly string[];
  /** Flags without a value that the prefix `--no-` switches off. */
  negatable?: readonly string[];
  /** Called with each unknown flag or argument; false leaves it out. */
  unknown?: (arg: string, key?: string, value?: unknown) => unknown;
}

/** The values of the flags by name, and all other arguments in `_`. */
export type Args = { _: (string | number)[]; [flag: string]: unknown };

/**
 * Parses command-line arguments.
 *
 * @param args The arguments, such as `Deno.args`.
 * @param options The known flags.
 * @returns Values by flag, other arguments in `_`.
 */
export function parseArgs(args: string[], options: ParseOptions = {}): Args {
  const known = {
    ...Object.fromEntries((options.boolean ?? []).map((f) => [f, { type: "boolean" }])),
    ...Object.fromEntries((options.string ?? []).map((f) => [f, { type: "string" }])),
  } as Record<string, { type: "boolean" | "string" }>;
  const { tokens } = parse({
    args,
    options: known,
    strict: false,
    tokens: true,
  });
  const result: Args = { _: [] };
  for (const token of tokens) {
    if (token.kind === "positional") result._.push(token.value);
    if (token.kind !== "option") continue;
    const negated = options.negatable?.find((flag) => token.name === `no-${flag}`);
    const isKnown = Object.hasOwn(known, token.name) || negated !== undefined;
    if (!isKnown && options.unknown?.(token.rawName, token.name, token.value) === false) {
      continue;
    }
    if (negated !== undefined) result[negated] = false;
    else if (isKnown && known[token.name].type === "boolean") {
      result[token.name] = token.value !== "false";
    } else result[token.name] = token.value ?? "";
  }
  for (const flag of options.boolean ?? []) result[flag] ??= false;
  return result;
}
