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
  /** Time of an image of 20 entities, if it was asked for: the median of 20. */
  milliseconds?: number;
  /** Subject, predicate, object and probability of each relation. */
  relations: [string, string, string, number][];
}

/** Predicts 20 entities in a grid 25 times; the first five are slower. */
const TIMED = `  if (name !== "cpu") {
    const boxes = Array.from({ length: 20 }, (_, i) => {
      const x = 100 * (i % 5), y = 80 * Math.floor(i / 5);
      return [x, y, x + 140, y + 100];
    });
    const entityLabels = boxes.map((_, i) => sgp.vocabulary.entities[5 * i]);
    const entityScores = boxes.map(() => 0.6);
    const times = [];
    for (let i = 0; i < 25; i++) {
      const start = performance.now();
      await sgp.predict({ boxes, imageWidth: 640, imageHeight: 424, entityLabels, entityScores });
      times.push(performance.now() - start);
    }
    all[name].milliseconds = times.slice(5).sort((a, b) => a - b)[10];
  }
`;

/**
 * The README's example, with each backend in turn.
 *
 * @param mod What it imports the library from.
 * @param checkpoint Expression of the checkpoint.
 * @param report Statement that uses the results, `results`, by case.
 * @param isTimed Whether to measure the time on WebAssembly.
 */
export function exampleProgram(
  mod: string,
  checkpoint: string,
  report: string,
  isTimed = false,
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
${isTimed ? TIMED : ""}  sgp.dispose();
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
