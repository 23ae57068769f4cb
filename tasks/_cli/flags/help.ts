/**
 * Texts made from the declaration of a task: its `--help`, and the command for a run.
 *
 * @module
 */

import { withoutSecrets } from "../../../src/address.ts";
import {
  type Choices,
  COMMON_FLAGS,
  dashed,
  type Flag,
  kindOf,
  type TaskSpec,
} from "./flags.ts";

/** Placeholders for the values of flags, by kind. */
const PLACEHOLDERS = {
  boolean: "",
  integer: " <n>",
  number: " <n>",
  numbers: " <n,n,...>",
  string: " <text>",
} as const;

/** Flags that change only the display, never a result. */
const DISPLAY_FLAGS: readonly string[] = ["json", "quiet", "trace"];

/**
 * The text that `--help` prints.
 *
 * @param spec Arguments and flags of the task.
 * @returns Usage, summary, each argument and flag with its default, examples.
 */
export function helpText(spec: TaskSpec): string {
  const positionals = Object.entries(spec.positionals ?? {});
  const usage = positionals.map(([name, flag]) => {
    const isNeeded = flag.default === undefined && !flag.unset;
    return ` ${isNeeded ? `<${name}>` : `[${name}]`}${flag.many ? "..." : ""}`;
  });
  const rows = [
    ...positionals.map(([name, flag]): [string, Flag] => [`<${name}>`, flag]),
    ...Object.entries({ ...spec.flags, ...COMMON_FLAGS }).map((
      [name, flag],
    ): [string, Flag] => {
      return [`--${dashed(name)}${PLACEHOLDERS[kindOf(flag)]}`, flag];
    }),
  ];
  const width = Math.max(...rows.map(([name]) => name.length)) + 2;
  return [
    spec.summary,
    "",
    `Usage: deno task ${spec.name}${usage.join("")} [flags]`,
    "",
    ...rows.map(([name, flag]) => `  ${name.padEnd(width)}${describe(flag)}`),
    `  ${"--help".padEnd(width)}Print this help`,
    ...(spec.examples?.length ? ["", "Examples:"] : []),
    ...(spec.examples ?? []).map((line) => `  deno task ${line}`),
  ].join("\n");
}

function describe(flag: Flag): string {
  const initial = flag.default === undefined
    ? flag.unset
    : flag.default === false
    ? undefined
    : flag.default === true
    ? "on, --no-... turns it off"
    : String(flag.default);
  const notes = [
    ...flag.values ? [flag.values.join(" | ")] : [],
    ...initial === undefined ? [] : [`default: ${initial}`],
  ];
  return notes.length === 0 ? flag.help : `${flag.help} (${notes.join("; ")})`;
}

/**
 * The text of lists of commands.
 *
 * @returns Lines without a line break at the end; lists without a command are left out.
 */
export function choicesText(lists: readonly Choices[]): string {
  const commands = lists.flatMap(({ commands }) => commands);
  const width = Math.max(0, ...commands.map(([command]) => command.length));
  return lists.filter(({ commands }) => commands.length > 0).map((list) => {
    const lines = list.commands.map(([command, note]) =>
      `  deno task ${command.padEnd(width)}  ${note}`.trimEnd()
    );
    return [`${list.title}:`, ...lines].join("\n");
  }).join("\n");
}

/**
 * The shortest command line with these values. It does not depend on how the user wrote
 * the command, so the manifests and checkpoints that keep it do not either. Addresses stand
 * without their queries, which may be secrets.
 *
 * @param spec Arguments and flags of the task.
 * @param options The values that the task got.
 * @returns Such as `deno task train gpi_mean --epochs 3`.
 */
export function commandOf(
  spec: TaskSpec,
  options: Readonly<Record<string, unknown>>,
): string {
  const positionals = Object.keys(spec.positionals ?? {}).flatMap((name) =>
    [options[name]].flat().map((value) => quoted(String(value)))
  );
  const flags = Object.entries({ ...spec.flags, ...COMMON_FLAGS })
    .filter(([name, flag]) =>
      !DISPLAY_FLAGS.includes(name) && options[name] !== undefined &&
      String(options[name]) !== String(flag.default)
    )
    .flatMap(([name]) => {
      const value = options[name];
      if (value === true) return [`--${dashed(name)}`];
      if (value === false) return [`--no-${dashed(name)}`];
      return [`--${dashed(name)}`, quoted(String(value))];
    });
  return ["deno task", spec.name, ...positionals, ...flags].join(" ");
}

/**
 * The command of a task that writes lines, without what may differ from job to job: its
 * inputs, the job and the output.
 */
export function lineCommand(
  spec: TaskSpec,
  options: Readonly<Record<string, unknown>>,
): string {
  const { positionals: _, ...rest } = spec;
  return commandOf(rest, { ...options, shard: undefined, out: undefined });
}

/** Text quoted for a shell where it needs quotes; addresses without their secrets. */
function quoted(value: string): string {
  const text = withoutSecrets(value);
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
