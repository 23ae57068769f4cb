/**
 * What the paper's synthetic experiment shows.
 *
 * @module
 */

import { gainText, percent } from "../src/eval/comparison/table.ts";
import { chartFile } from "../src/render/chart_file.ts";
import { ARCHITECTURES } from "../src/study/graph_labelling/architectures.ts";
import {
  ORACLES,
  studyChart,
  type StudyLine,
  withHalf,
} from "../src/study/graph_labelling/summary.ts";
import { markdownTable } from "./markdown_table.ts";

type Lines = readonly StudyLine[];

/** The networks and their sizes. */
export function studyNetworksTable(lines: Lines): string {
  return markdownTable([
    ["", "parameters", "takes other sizes of graphs"],
    ...namesOf(lines).map((name) => [
      `${ARCHITECTURES[name].title} (\`${name}\`)`,
      lines.find((line) => line.architecture === name)!.parameters.toLocaleString("en"),
      ARCHITECTURES[name].takesAnySize ? "yes" : "no",
    ]),
  ]);
}

/** Right answers by number of training graphs. */
export function studyAccuracyTable(lines: Lines): string {
  const constant = (title: string, value: number) => [
    title,
    ...sizesOf(lines).map(() => percent(value)),
  ];
  return bySize(
    lines,
    ({ accuracy }) => withHalf(accuracy),
    constant("_at best without edges_", ORACLES.withoutEdges),
    constant("_most frequent answer_", ORACLES.mostFrequent),
    ["_seeds_", ...sizesOf(lines).map((size) => seedsOf(lines, size))],
  );
}

/** Accuracy of the invariant network minus that of others. */
export function studyGainTable(lines: Lines): string {
  const others = lines.filter(({ architecture }) => architecture !== "invariant");
  return bySize(
    others,
    ({ gain: { mean, low, high } }) =>
      low === null ? percent(mean, true) : gainText(mean, low, high),
  );
}

/** Right answers on larger graphs than those of training. */
export function studyLargerTable(lines: Lines): string {
  const able = lines.filter(({ larger }) => Object.keys(larger).length > 0);
  const sizes = sizesOf(able);
  const nodes = Object.keys(able[0].larger).map(Number);
  return markdownTable([
    ["", ...nodes.flatMap((n) => sizes.map((size) => `${n} nodes, ${show(size)}`))],
    ...namesOf(able).map((name) => [
      ARCHITECTURES[name].title,
      ...nodes.flatMap((n) =>
        sizes.map((size) => withHalf(lineOf(able, name, size).larger[n]))
      ),
    ]),
  ]);
}

/** Answers that do not change with the order of nodes. */
export function studyConsistencyTable(lines: Lines): string {
  return bySize(lines, ({ consistency }) => withHalf(consistency));
}

/** The curves of accuracy, as an SVG file. */
export function studyPicture(lines: Lines): Promise<string> {
  return chartFile(studyChart(lines));
}

function bySize(
  lines: Lines,
  cell: (line: StudyLine) => string,
  ...more: string[][]
): string {
  const sizes = sizesOf(lines);
  return markdownTable([
    ["training graphs", ...sizes.map(show)],
    ...namesOf(lines).map((name) => [
      ARCHITECTURES[name].title,
      ...sizes.map((size) => cell(lineOf(lines, name, size))),
    ]),
    ...more,
  ]);
}

function seedsOf(lines: Lines, size: number): string {
  return String(lines.find(({ graphs }) => graphs === size)!.seeds);
}

function lineOf(lines: Lines, name: string, size: number): StudyLine {
  return lines.find(({ architecture, graphs }) =>
    architecture === name && graphs === size
  )!;
}

const namesOf = (lines: Lines) => [
  ...new Set(lines.map(({ architecture }) => architecture)),
];
const sizesOf = (lines: Lines) => [...new Set(lines.map(({ graphs }) => graphs))];
const show = (count: number) => count.toLocaleString("en");
