/**
 * Means and intervals of the runs, as lines of JSON, a table and curves.
 *
 * @module
 */

import { alignColumns, percent } from "../../eval/comparison/table.ts";
import type { Chart } from "../../render/charts/chart.ts";
import { type MeanInterval, meanInterval } from "../../eval/comparison/student.ts";
import { type ArchitectureName, ARCHITECTURES, NODES } from "./architectures.ts";
import { accuracyOfMostFrequent, accuracyWithoutEdges } from "./oracles.ts";
import type { FinishedRun } from "./study.ts";

/** What the runs of one network with one number of graphs show; shares, not percent. */
export interface StudyLine {
  study: "graph-labelling";
  architecture: ArchitectureName;
  /** Number of trained parameters. */
  parameters: number;
  /** Number of training graphs. */
  graphs: number;
  /** Number of runs. */
  seeds: number;
  /** Updates of the weights, on average. */
  updates: number;
  accuracy: MeanInterval;
  /** Accuracy of the invariant network minus this one's, seed by seed. */
  gain: MeanInterval;
  /** Accuracy on larger graphs, by number of nodes. */
  larger: Record<number, MeanInterval>;
  /** Share of answers that reordering the nodes does not change. */
  consistency: MeanInterval;
}

/** One line for each network and number of graphs. */
export function studyLines(runs: readonly FinishedRun[]): StudyLine[] {
  const byLine = Map.groupBy(
    runs,
    ({ architecture, graphs }) => `${architecture} ${graphs}`,
  );
  return byLine.values().map((group) => {
    const [{ architecture, graphs, parameters, larger }] = group;
    const rivals = new Map(
      byLine.get(`invariant ${graphs}`)!.map(({ seed, accuracy }) => [seed, accuracy]),
    );
    const nodes = Object.keys(larger).map(Number);
    return {
      study: "graph-labelling" as const,
      ...{ architecture, parameters, graphs, seeds: group.length },
      updates: group.reduce((sum, { updates }) => sum + updates, 0) / group.length,
      accuracy: meanInterval(group.map(({ accuracy }) => accuracy)),
      gain: meanInterval(
        group.map(({ seed, accuracy }) => rivals.get(seed)! - accuracy),
      ),
      larger: Object.fromEntries(
        nodes.map((n) => [n, meanInterval(group.map(({ larger }) => larger[n]))]),
      ),
      consistency: meanInterval(group.map(({ consistency }) => consistency)),
    };
  }).toArray();
}

/** The best accuracies without looking at everything; shares. */
export const ORACLES = {
  mostFrequent: accuracyOfMostFrequent(NODES),
  withoutEdges: accuracyWithoutEdges(NODES),
} as const;

/** The accuracies as a table for people, in percent. */
export function studyTable(lines: readonly StudyLine[]): string {
  const sizes = [...new Set(lines.map(({ graphs }) => graphs))];
  const names = [...new Set(lines.map(({ architecture }) => architecture))];
  const section = (title: string, cell: (line: StudyLine) => string | undefined) => {
    const rows = names.map((name) => [
      ARCHITECTURES[name].title,
      ...sizes.map((size) => {
        const line = lines.find((l) => l.architecture === name && l.graphs === size)!;
        return cell(line) ?? "-";
      }),
    ]);
    return `${title}\n${
      alignColumns([["training graphs", ...sizes.map(String)], ...rows])
    }`;
  };
  const nodes = Object.keys(lines[0].larger).map(Number);
  const parameters = names.map((name) => {
    const line = lines.find(({ architecture }) => architecture === name)!;
    return `  ${ARCHITECTURES[name].title}: ${line.parameters.toLocaleString("en")}`;
  });
  return [
    `Parameters\n${parameters.join("\n")}\n`,
    section(
      `Accuracy on graphs of ${NODES} nodes, in percent, with half of the 95 % interval`,
      ({ accuracy }) => withHalf(accuracy),
    ),
    ...nodes.map((n) =>
      section(
        `The same on graphs of ${n} nodes`,
        ({ larger }) => larger[n] && withHalf(larger[n]),
      )
    ),
    section(
      "Answers that reordering the nodes leaves as they are, in percent",
      ({ consistency }) => withHalf(consistency),
    ),
    `Without a network: ${percent(ORACLES.mostFrequent)} for the most frequent answer, ${
      percent(ORACLES.withoutEdges)
    } at best without the edges\n`,
  ].join("\n");
}

/** Such as `98.20 ±1.10`. */
export function withHalf({ mean, high }: MeanInterval): string {
  return percent(mean) + (high === null ? "" : ` ±${percent(high - mean)}`);
}

/** The accuracies over the number of training graphs, with their intervals. */
export function studyChart(lines: readonly StudyLine[]): Chart {
  const sizes = [...new Set(lines.map(({ graphs }) => graphs))];
  const share = (value: number | null) =>
    value === null ? null : 100 * Math.min(1, Math.max(0, value));
  const rows = lines.map(({ architecture, graphs, accuracy: { mean, low, high } }) => ({
    network: ARCHITECTURES[architecture].title,
    graphs: graphs.toLocaleString("en"),
    accuracy: 100 * mean,
    low: share(low),
    high: share(high),
  }));
  return {
    title: "Right answers over the number of training graphs",
    kind: "line",
    ...{ x: "graphs", y: "accuracy", series: "network", low: "low", high: "high" },
    isNamed: true,
    columns: [
      { key: "network", title: "network" },
      { key: "graphs", title: "training graphs" },
      { key: "accuracy", title: "right answers, in percent", digits: 2 },
      { key: "low", title: "lower end of the 95 % interval", digits: 2 },
      { key: "high", title: "upper end", digits: 2 },
    ],
    // The axis has the order of the rows.
    rows: sizes.flatMap((size) =>
      rows.filter((row) => row.graphs === size.toLocaleString("en"))
    ),
  };
}
