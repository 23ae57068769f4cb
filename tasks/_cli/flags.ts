/**
 * Flags over a record of defaults: a task says what it takes and gets typed values back;
 * whatever it does not take is refused before any work.
 *
 * @module
 */

import { parseArgs } from "@std/cli/parse-args";
import { nearestName } from "../../src/nearest.ts";
import { type PathKind, userPath } from "./user_path.ts";

/** What a value may be; `numbers` is a list with commas between. */
export type Kind = "boolean" | "integer" | "number" | "numbers" | "string";

/** One flag, or one argument without a name. */
export interface Flag {
  /** What it means, in one line. */
  help: string;
  /** Its value if it is not given; without one the value is then `undefined`. */
  default?: boolean | number | string | readonly number[];
  /** Taken from the default if there is one; a whole number makes it an `integer`. */
  type?: Kind;
  /** Whether it names a file or folder, which is then looked for where the user stands. */
  path?: PathKind;
  /** The only values that it may have. */
  values?: readonly string[];
  /** Least number; default 0. */
  min?: number;
  /** Greatest number; default: no limit. */
  max?: number;
  /** For `--help`: what holds if it is not given and has no default. */
  unset?: string;
}

/** Flags by name in camelCase: `batchSize` is written `--batch-size`. */
export type Flags = Readonly<Record<string, Flag>>;

/** What a task takes. */
export interface TaskSpec<A extends Flags = Flags, F extends Flags = Flags> {
  /** Name in `deno task`. */
  name: string;
  /** What it does, in one or a few lines. */
  summary: string;
  /** Arguments without a name, in order; those without a default are required. */
  positionals?: A;
  /** Everything else. */
  flags?: F;
  /** Lines for `--help`, without "deno task". */
  examples?: readonly string[];
}

/** The flags that every task has. */
export const COMMON_FLAGS = {
  seed: { default: 0, help: "Seed of everything that chance decides", max: 2 ** 32 - 1 },
  json: { default: false, help: "Print JSON, one object a line, and no progress" },
  quiet: { default: false, help: "Show no progress" },
  trace: { default: false, help: "If it fails, print where in the program" },
} as const satisfies Flags;

type KindOf<F> = F extends { type: infer K } ? K
  : F extends { default: boolean } ? "boolean"
  : F extends { default: number } ? "number"
  : F extends { default: readonly number[] } ? "numbers"
  : "string";
type Given<F> = KindOf<F> extends "boolean" ? boolean
  : KindOf<F> extends "integer" | "number" ? number
  : KindOf<F> extends "numbers" ? readonly number[]
  : F extends { values: readonly (infer V)[] } ? V
  : string;
type ValueOf<F> = F extends { default: unknown } ? Given<F> : Given<F> | undefined;

/** The values of a task's arguments and flags, and of {@linkcode COMMON_FLAGS}. */
export type Options<A extends Flags, F extends Flags> =
  & { -readonly [K in keyof A]: Given<A[K]> }
  & { -readonly [K in keyof F]: ValueOf<F[K]> }
  & { -readonly [K in keyof typeof COMMON_FLAGS]: ValueOf<typeof COMMON_FLAGS[K]> };

/** The command line is wrong: a task exits with 2 instead of 1. */
export class UsageError extends Error {
  /** `"UsageError"`. */
  override name = "UsageError";
}

/** `batchSize` as it is written: `batch-size`. */
export function dashed(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

/** What the values of a flag are. */
export function kindOf(flag: Flag): Kind {
  if (flag.type) return flag.type;
  if (typeof flag.default === "boolean") return "boolean";
  if (typeof flag.default === "number") {
    return Number.isInteger(flag.default) ? "integer" : "number";
  }
  return Array.isArray(flag.default) ? "numbers" : "string";
}

/**
 * Reads the command line of a task.
 *
 * @param spec What the task takes.
 * @param args The command line, such as `Deno.args`.
 * @returns Every value by name, or `"help"` if help was asked for.
 * @throws {UsageError} For an unknown flag or argument (with the nearest name), a missing
 * argument, a value of the wrong kind or outside its range.
 */
export function parseFlags<const A extends Flags, const F extends Flags>(
  spec: TaskSpec<A, F>,
  args: readonly string[],
): Options<A, F> | "help" {
  const flags: Flags = { ...spec.flags, ...COMMON_FLAGS };
  const names = Object.keys(flags);
  const isBoolean = (name: string) => kindOf(flags[name]) === "boolean";
  const known = [...names.map((name) => `--${dashed(name)}`), "--help"];
  const parsed = parseArgs([...args], {
    boolean: [...names.filter(isBoolean).map(dashed), "help", "h"],
    negatable: names.filter(isBoolean).map(dashed),
    string: names.filter((name) => !isBoolean(name)).map(dashed),
    unknown: (arg, key) => {
      if (key === undefined) return true;
      const written = arg.split("=")[0];
      throw new UsageError(
        `Cannot use the flag "${written}": "${spec.name}" has none of that name, the nearest is "${
          nearestName(written, known)
        }"`,
      );
    },
  });
  if (parsed.help || parsed.h) return "help";
  const options: Record<string, unknown> = {};
  for (const [name, flag] of Object.entries(flags)) {
    const given = parsed[dashed(name)];
    options[name] = given === undefined || given === false && !mentions(args, name)
      ? flag.default
      : typeof given === "boolean"
      ? given
      : parseValue(`--${dashed(name)}`, String(given), flag);
  }
  Object.assign(options, parsePositionals(spec, parsed._.map(String)));
  return options as Options<A, F>;
}

/** Whether a boolean flag was switched off by hand. */
function mentions(args: readonly string[], name: string): boolean {
  return args.includes(`--no-${dashed(name)}`) ||
    args.includes(`--${dashed(name)}=false`);
}

function parsePositionals(spec: TaskSpec, given: string[]): Record<string, unknown> {
  const entries = Object.entries(spec.positionals ?? {});
  const help = `see "deno task ${spec.name} --help"`;
  if (given.length > entries.length) {
    throw new UsageError(
      `Cannot use the argument "${
        given[entries.length]
      }": "${spec.name}" takes ${entries.length} without a flag; ${help}`,
    );
  }
  return Object.fromEntries(entries.map(([name, flag], i) => {
    if (i < given.length) return [name, parseValue(`<${name}>`, given[i], flag)];
    if (flag.default !== undefined) return [name, flag.default];
    throw new UsageError(`Cannot run "${spec.name}": <${name}> is missing; ${help}`);
  }));
}

function parseValue(name: string, text: string, flag: Flag): unknown {
  const fail = (must: string): never => {
    throw new UsageError(`Cannot use ${name}: it must be ${must}: found "${text}"`);
  };
  const kind = kindOf(flag);
  if (kind === "string") {
    if (text === "" || text.startsWith("--")) fail("followed by a value");
    if (flag.path) return userPath(text, flag.path);
    if (!flag.values || flag.values.includes(text)) return text;
    const nearest = nearestName(text, flag.values);
    return fail(`one of ${flag.values.join(", ")} (the nearest is "${nearest}")`);
  }
  const { min = 0, max = Infinity } = flag;
  const isWhole = kind === "integer" || kind === "numbers";
  const range = max === Infinity ? `>= ${min}` : `in [${min}, ${max}]`;
  const must = isWhole ? `a whole number ${range}` : `a number ${range}`;
  const numbers = (kind === "numbers" ? text.split(",") : [text]).map((part) => {
    const number = part.trim() === "" ? NaN : Number(part);
    const isRight = isWhole ? Number.isSafeInteger(number) : Number.isFinite(number);
    if (!isRight || number < min || number > max) {
      fail(kind === "numbers" ? `a list like 64,32, each ${must}` : must);
    }
    return number;
  });
  return kind === "numbers" ? numbers : numbers[0];
}
