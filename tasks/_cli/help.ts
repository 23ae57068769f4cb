/**
 * What a task says of itself: its `--help`, and the command that makes the same again.
 *
 * @module
 */

import { COMMON_FLAGS, dashed, type Flag, kindOf, type TaskSpec } from "./flags.ts";

/** What stands for the value of a flag. */
const PLACEHOLDERS = {
  boolean: "",
  integer: " <n>",
  number: " <n>",
  numbers: " <n,n,...>",
  string: " <text>",
} as const;

/** Flags that change what is shown, never what is made. */
const DISPLAY_FLAGS: readonly string[] = ["json", "quiet", "trace"];

/**
 * The text that `--help` prints.
 *
 * @param spec What the task takes.
 * @returns Usage, summary, each argument and flag with its default, examples.
 */
export function helpText(spec: TaskSpec): string {
  const positionals = Object.entries(spec.positionals ?? {});
  const usage = positionals.map(([name, flag]) =>
    flag.default === undefined && !flag.unset ? ` <${name}>` : ` [${name}]`
  );
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
    `  ${"--help".padEnd(width)}Print this`,
    ...(spec.examples?.length ? ["", "Examples:"] : []),
    ...(spec.examples ?? []).map((line) => `  deno task ${line}`),
  ].join("\n");
}

function describe(flag: Flag): string {
  const one = flag.values ? `: ${flag.values.join(" | ")}` : "";
  const initial = flag.default === undefined
    ? flag.unset
    : flag.default === false
    ? undefined
    : flag.default === true
    ? "on, --no-... switches it off"
    : String(flag.default);
  return `${flag.help}${one}${initial === undefined ? "" : ` (default: ${initial})`}`;
}

/**
 * The shortest command with the same values, for manifests and checkpoints: the same
 * however it was written, so that files that hold it are the same too.
 *
 * @param spec What the task takes.
 * @param options Values as the task got them.
 * @returns Such as `deno task train gpi_mean --epochs 3`.
 */
export function commandOf(
  spec: TaskSpec,
  options: Readonly<Record<string, unknown>>,
): string {
  const positionals = Object.keys(spec.positionals ?? {}).map((name) =>
    quoted(String(options[name]))
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

/** A word of a shell's command line. */
function quoted(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
