/**
 * Typed command-line flags: a task declares its arguments and flags and gets their values;
 * anything else on the command line is refused before any work.
 *
 * @module
 */

import { parseArgs } from "@std/cli/parse-args";
import { nearestName } from "../../../src/nearest.ts";
import { boundsOf, isWithin } from "../../../src/number_range.ts";
import { type PathKind, userPath } from "./user_path.ts";

/** The kind of a value; `numbers` is a comma-separated list of whole numbers. */
export type Kind = "boolean" | "integer" | "number" | "numbers" | "string";

/** One flag, or one positional argument. */
export interface Flag {
  /** One line for `--help`. */
  help: string;
  /** Its value if it is not given; if left out, `undefined`. */
  default?: boolean | number | string | readonly number[];
  /** Its kind; by default that of `default` (whole number: `integer`), else `string`. */
  type?: Kind;
  /** Whether it names a file or folder, which is then looked for where the user stands. */
  path?: PathKind;
  /** The allowed values of a `string`. */
  values?: readonly string[];
  /** The smallest allowed number; default 0. */
  min?: number;
  /** The largest allowed number; default: no limit. */
  max?: number;
  /** Whether a positional argument, the last one, takes all that are left, as an array. */
  many?: boolean;
  /**
   * For `--help`: describes the default where `default` is left out. A positional argument
   * that has it is optional.
   */
  unset?: string;
}

/** Flags by their name in camelCase; `batchSize` is given as `--batch-size`. */
export type Flags = Readonly<Record<string, Flag>>;

/** What an argument may be: commands under a title, each with a note or an empty text. */
export interface Choices {
  title: string;
  commands: readonly (readonly [command: string, note: string])[];
}

/** Name, arguments and flags of a task. */
export interface TaskSpec<A extends Flags = Flags, F extends Flags = Flags> {
  /** Name in `deno task`. */
  name: string;
  /** What it does, in one or a few lines of `--help`. */
  summary: string;
  /** Positional arguments in order; those without a default are required. */
  positionals?: A;
  /** Its flags, besides {@linkcode COMMON_FLAGS}. */
  flags?: F;
  /** Example commands for `--help`, without "deno task". */
  examples?: readonly string[];
  /** Lists what the arguments may be, for whoever leaves one out. */
  choices?: () => Promise<readonly Choices[]>;
}

/** The flags that every task has. */
export const COMMON_FLAGS = {
  seed: { default: 0, help: "Seed of all random choices", max: 2 ** 32 - 1 },
  json: { default: false, help: "Print JSON, one object per line, and hide progress" },
  quiet: { default: false, help: "Hide progress and notes" },
  trace: { default: false, help: "Print the stack trace of an error" },
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

/** The values of a task's arguments, of its flags and of {@linkcode COMMON_FLAGS}. */
export type Options<A extends Flags, F extends Flags> =
  & {
    -readonly [K in keyof A]: A[K] extends { many: true } ? readonly Given<A[K]>[]
      : A[K] extends { unset: string } ? Given<A[K]> | undefined
      : Given<A[K]>;
  }
  & { -readonly [K in keyof F]: ValueOf<F[K]> }
  & { -readonly [K in keyof typeof COMMON_FLAGS]: ValueOf<typeof COMMON_FLAGS[K]> };

/** An error in the command line: the task exits with 2 instead of 1. */
export class UsageError extends Error {
  /** `"UsageError"`. */
  override name = "UsageError";
}

/** An error for a missing argument: the task lists what it may be. */
export class MissingArgumentError extends UsageError {
  /** `"MissingArgumentError"`. */
  override name = "MissingArgumentError";

  /**
   * @param task Name of the task.
   * @param argument Name of the argument.
   */
  constructor(task: string, argument: string) {
    super(`Cannot run "${task}" without <${argument}>; see "deno task ${task} --help"`);
  }
}

/** The name as users write it: `batch-size` for `batchSize`. */
export function dashed(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

/** The kind of a flag's values. */
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
 * @param spec Arguments and flags of the task.
 * @param args The command line, such as `Deno.args`.
 * @returns Every value by name, or `"help"` if `--help` was given.
 * @throws {UsageError} For an unknown flag or argument (with the nearest name), a value of
 * the wrong kind or outside its range; {@linkcode MissingArgumentError} for a missing
 * argument.
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
        `Cannot use the flag "${written}": "${spec.name}" does not have it, the nearest is "${
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

/** Whether the command line switches a boolean flag off. */
function mentions(args: readonly string[], name: string): boolean {
  return args.includes(`--no-${dashed(name)}`) ||
    args.includes(`--${dashed(name)}=false`);
}

function parsePositionals(spec: TaskSpec, given: string[]): Record<string, unknown> {
  const entries = Object.entries(spec.positionals ?? {});
  const help = `see "deno task ${spec.name} --help"`;
  const hasMany = entries.at(-1)?.[1].many;
  if (given.length > entries.length && !hasMany) {
    throw new UsageError(
      `Cannot use the argument "${
        given[entries.length]
      }": "${spec.name}" takes at most ${entries.length}, besides flags; ${help}`,
    );
  }
  return Object.fromEntries(entries.map(([name, flag], i) => {
    const parse = (text: string) => parseValue(`<${name}>`, text, flag);
    if (i < given.length) {
      return [name, flag.many ? given.slice(i).map(parse) : parse(given[i])];
    }
    if (flag.default !== undefined || flag.unset) {
      return [name, flag.default ?? (flag.many ? [] : undefined)];
    }
    throw new MissingArgumentError(spec.name, name);
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
  const range = { min: flag.min ?? 0, max: flag.max };
  const isWhole = kind === "integer" || kind === "numbers";
  const must = (isWhole ? "a whole number" : "a number") + boundsOf(range);
  const numbers = (kind === "numbers" ? text.split(",") : [text]).map((part) => {
    const number = part.trim() === "" ? NaN : Number(part);
    const isRight = isWhole ? Number.isSafeInteger(number) : Number.isFinite(number);
    if (!isRight || !isWithin(number, range)) {
      fail(kind === "numbers" ? `a list like 64,32, each ${must}` : must);
    }
    return number;
  });
  return kind === "numbers" ? numbers : numbers[0];
}
