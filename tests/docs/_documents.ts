/**
 * The documents of the project, and the code that stands in them.
 *
 * @module
 */

import { ROOT } from "../tasks/_run_script.ts";

/** One fenced block of a document. */
export interface Block {
  /** Such as `console`. */
  language: string;
  /** Words after the language: `ignore` is not run, `varies` has other output each time. */
  attributes: readonly string[];
  text: string;
}

/** A command of a document. */
export interface Command {
  text: string;
  /** The output that the document shows; none if it shows none. */
  output?: readonly string[];
  isIgnored: boolean;
}

/** Every document by its path from the root of the checkout. */
export const DOCUMENTS: ReadonlyMap<string, string> = new Map(
  [
    ...["README.md", "ARCHITECTURE.md", "CHANGELOG.md", "CONTRIBUTING.md"],
    ...["checkpoints/README.md", "data/README.md", "examples/README.md"],
    ...["slurm", "parallel", "kubernetes"].map((name) => `examples/${name}/README.md`),
    ...[...Deno.readDirSync(`${ROOT}docs`)].map(({ name }) => `docs/${name}`)
      .filter((path) => path.endsWith(".md")).sort(),
  ].map((path) => [path, Deno.readTextFileSync(ROOT + path)]),
);

/** The fenced blocks of a document. */
export function blocksOf(text: string): Block[] {
  const fenced = /^([ ]*)```(\w+)([^\n]*)\n([\s\S]*?)^\1```$/gm;
  return [...text.matchAll(fenced)].map(([, indent, language, rest, body]) => ({
    language,
    attributes: rest.split(" ").filter((word) => word !== ""),
    text: body.split("\n").map((line) => line.slice(indent.length)).join("\n"),
  }));
}

/** The document without its fenced blocks. */
export function proseOf(text: string): string {
  return text.replace(/^([ ]*)```\w+[^\n]*\n[\s\S]*?^\1```$/gm, "");
}

/** The commands of a block; of `console` those after `$`, with what they print. */
export function commandsOf({ language, attributes, text }: Block): Command[] {
  const isIgnored = attributes.includes("ignore");
  const lines = text.split("\n").filter((line) => line !== "");
  const withoutComment = (line: string) => line.replace(/\s+#.*$/, "");
  if (language === "sh") {
    return lines.map((line) => ({ text: withoutComment(line), isIgnored }));
  }
  if (language !== "console") return [];
  const commands: { text: string; output: string[] }[] = [];
  for (const line of lines) {
    if (!line.startsWith("$ ")) commands.at(-1)!.output.push(line);
    else commands.push({ text: withoutComment(line.slice(2)), output: [] });
  }
  return commands.map(({ text, output }) => {
    const isShown = output.length > 0 && !attributes.includes("varies");
    return { text, isIgnored, ...(isShown && { output }) };
  });
}

/**
 * The first line of a command's output that is not as a document shows it.
 *
 * `...` stands for any lines. A number may differ by two in its last digit, as processors
 * round differently; and every backend is right.
 *
 * @returns The line that was expected, or `undefined` if all is as shown.
 */
export function differenceOf(
  expected: readonly string[],
  actual: readonly string[],
): string | undefined {
  let at = 0;
  let isGap = false;
  for (const line of expected) {
    if (line === "...") {
      isGap = true;
      continue;
    }
    const found = actual.findIndex((other, i) => i >= at && isSameLine(line, other));
    if (found < 0 || !isGap && found !== at) return line;
    at = found + 1;
    isGap = false;
  }
  return isGap || at === actual.length ? undefined : "the end of the output";
}

function isSameLine(expected: string, actual: string): boolean {
  const number = /\d+\.\d+/g;
  const rest = (line: string) => line.trimEnd().replace(number, "#");
  const numbers = (line: string) => line.match(number) ?? [];
  if (/^Backend: /.test(expected) && /^Backend: /.test(actual)) return true;
  if (rest(expected) !== rest(actual)) return false;
  const theirs = numbers(actual);
  return numbers(expected).every((text, i) => {
    const digits = text.length - text.indexOf(".") - 1;
    return Math.abs(Number(text) - Number(theirs[i])) <= 2.5 * 10 ** -digits;
  });
}
