/**
 * The README's example of a detector's results, as a program of the npm package.
 *
 * @module
 */

import { assert } from "@std/assert";
import { ROOT } from "./_run_script.ts";

/** What the program is to do besides: print its scores on each of these backends. */
const CASES = {
  cpu: { backend: "cpu" },
  wasm: { backend: "wasm" },
  plain: { backend: "wasm", deterministic: true },
} as const;

/** The name of a case. */
export type Case = keyof typeof CASES;

/** What a case gives. */
export interface CaseResult {
  /** Such as `wasm (plain SIMD)`. */
  backend: string;
  /** Subject, predicate, object and probability of each relation. */
  relations: [string, string, string, number][];
}

/**
 * The README's example, with each backend in turn.
 *
 * @param mod What it imports the library from.
 * @param checkpoint Expression of the checkpoint.
 * @param report Statement that uses the results, `results`, by case.
 */
export function exampleProgram(
  mod: string,
  checkpoint: string,
  report: string,
): string {
  const readme = Deno.readTextFileSync(`${ROOT}README.md`);
  const blocks = Array.from(readme.matchAll(/^```ts\n(.*?)^```$/gms), ([, code]) => code);
  const example = blocks.find((code) => code.includes("fromTransformersJs"));
  assert(example !== undefined, "README.md must have an example of fromTransformersJs");
  const [imports, body] = replaced(example, [
    ['"./mod.ts"', JSON.stringify(mod)],
    [/^const checkpoint = .*$/m, ""],
    ["new URL(checkpoint, import.meta.url)", "checkpoint, options"],
    // Node.js 20 and 22 lack "using".
    ["using sgp", "const sgp"],
    [/^console\.log\(.*$/m, ""],
  ]).split(/(?<=from .*;\n)/);
  return `${imports}
const checkpoint = ${checkpoint};
const all = {};
for (const [name, options] of Object.entries(${JSON.stringify(CASES)})) {
${body}
  const relations = graph.relations.map((relation) => {
    const { subject, predicate, object } = tripletOf(graph, relation);
    return [subject, predicate, object, relation.score];
  });
  all[name] = { backend: sgp.backend.description, relations };
  sgp.dispose();
}
${report}
`;
}

/** Replaces each text, which must be there once. */
function replaced(text: string, pairs: [string | RegExp, string][]): string {
  for (const [old, next] of pairs) {
    const changed = text.replace(old, next);
    assert(changed !== text, `the README's example must have ${old}`);
    text = changed;
  }
  return text;
}
