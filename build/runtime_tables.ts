/**
 * The speed of the npm package by runtime.
 *
 * @module
 */

import type { RuntimeRow } from "../benches/runtimes.ts";
import { markdownTable } from "./markdown_table.ts";

/** A line of `docs/results/runtimes.jsonl`. */
export type RuntimeLine = RuntimeRow & { processor: string };

/** Names of the runtimes in words. */
const TITLES: Readonly<Record<string, string>> = {
  ...{ node20: "Node.js", node22: "Node.js", node24: "Node.js" },
  ...{ bun: "Bun", deno: "Deno" },
};

const BUILDS = ["relaxed", "plain"] as const;

/** The time of an image with each build, and how many times as fast as Deno that is. */
export function runtimesTable(lines: readonly RuntimeLine[]): string {
  const timeOf = (runtime: string, build: string) =>
    lines.find((line) => line.runtime === runtime && line.backend.includes(build))
      ?.core_ms;
  const runtimes = [...new Set(lines.map(({ runtime }) => runtime))];
  return markdownTable([
    ["runtime", ...BUILDS.flatMap((build) => [`${build} SIMD, ms`, "against Deno"])],
    ...runtimes.map((runtime) => [
      `${TITLES[runtime]} ${lines.find((line) => line.runtime === runtime)!.version}`,
      ...BUILDS.flatMap((build) => {
        const time = timeOf(runtime, build);
        if (time === undefined) return ["", ""];
        return [time.toFixed(1), `${(timeOf("deno", build)! / time).toFixed(2)} x`];
      }),
    ]),
  ]);
}
