/**
 * What the paper's synthetic experiment shows.
 *
 * @module
 */

import { gainText, percent } from "../src/eval/comparison/table.ts";
import { chartFile } from "../src/render/charts/file.ts";
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
    ...namesOf(lines).map(() => percent(value)),
  ];
  return bySize(
    lines,
    ({ accuracy }) => withHalf(accuracy),
    constant("_at best without edges_", ORACLES.withoutEdges),
    constant("_most frequent answer_", ORACLES.mostFrequent),
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
  const nodes = Object.keys(able[0].larger).map(Number);
  const columns = nodes.flatMap((n) => namesOf(able).map((name) => ({ n, name })));
  return markdownTable([
    ["training graphs", ...columns.map(({ n, name }) => `${titleOf(name)}, ${n} nodes`)],
    ...sizesOf(able).map((size) => [
      show(size),
      ...columns.map(({ n, name }) => withHalf(lineOf(able, name, size).larger[n])),
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

/** A row for each number of training graphs, a column for each network. */
function bySize(
  lines: Lines,
  cell: (line: StudyLine) => string,
  ...more: string[][]
): string {
  const names = namesOf(lines);
  return markdownTable([
    ["training graphs", ...names.map(titleOf)],
    ...sizesOf(lines).map((size) => [
      show(size),
      ...names.map((name) => cell(lineOf(lines, name, size))),
    ]),
    ...more,
  ]);
}

function lineOf(lines: Lines, name: string, size: number): StudyLine {
  return lines.find(({ architecture, graphs }) =>
    architecture === name && graphs === size
  )!;
}

const namesOf = (lines: Lines) => [
  ...new Set(lines.map(({ architecture }) => architecture)),
];
const titleOf = (name: StudyLine["architecture"]) => ARCHITECTURES[name].title;
/** Every second number of training graphs, as a page has room for; the chart has all. */
const sizesOf = (lines: Lines) =>
  [...new Set(lines.map(({ graphs }) => graphs))].filter((_, i) => i % 2 === 0);
const show = (count: number) => count.toLocaleString("en");
