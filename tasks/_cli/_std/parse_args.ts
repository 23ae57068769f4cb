/**
 * The part of `@std/cli/parse-args` that our tasks use, with its signature, over
 * `node:util`. Taking the original is one line of `deno.json`.
 *
 * @module
 */

import { parseArgs as parse } from "node:util";

/** Which flags there are. */
export interface ParseOptions {
  /** Flags that take no value. */
  boolean?: readonly string[];
  /** Flags that take a value. */
  string?: readonly string[];
  /** Of those without a value, which `--no-` switches off. */
  negatable?: readonly string[];
  /** Called with each unknown flag or argument; false leaves it out. */
  unknown?: (arg: string, key?: string, value?: unknown) => unknown;
}

/** The flags' values by name, and what is no flag in `_`. */
export type Args = { _: (string | number)[]; [flag: string]: unknown };

/**
 * Parses command-line arguments.
 *
 * @param args Such as `Deno.args`.
 * @param options The flags to know.
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
