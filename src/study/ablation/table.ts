/**
 * The results of the study `ablation` as tables for people.
 *
 * @module
 */

import { alignColumns, gainText, percent } from "../../eval/comparison/table.ts";
import type { AblationLine, TransferLine } from "./summary.ts";

/** The cells of a row without the name: values in percent, and the gain over the control. */
export interface AblationRow {
  network: string;
  /** T; empty without a network. */
  steps: string;
  features: string;
  accuracy: string;
  recall: string;
  ngRecall: string;
  meanRecall: string;
  f1: string;
  /** Such as `+1.23 [+0.40, +2.00]`; empty for the control. */
  gain: string;
  /** Recall of the last epoch minus that of the best one. */
  last: string;
}

/** The rows of one dataset, in the order of its lines. */
export function ablationRows(lines: readonly AblationLine[]): AblationRow[] {
  const groups = Map.groupBy(
    lines,
    ({ network, steps, features }) => `${network} ${steps} ${features}`,
  );
  return groups.values().map((group): AblationRow => {
    const best = group.filter(({ epoch }) => epoch !== "last");
    const [{ network, steps, features }] = group;
    const valueOf = (metric: string) => {
      const line = best.find((line) => line.metric === metric);
      return line ? percent(line.value) : "";
    };
    const main = group.filter(({ isMain }) => isMain);
    const gain = main.find(({ against, epoch }) =>
      against === "control" && epoch === "best"
    );
    const last = main.find(({ against }) => against === "best epoch");
    return {
      network,
      ...{ steps: String(steps ?? ""), features: features ?? "" },
      accuracy: valueOf("entityAccuracy"),
      recall: valueOf("R"),
      ngRecall: valueOf("ngR"),
      meanRecall: valueOf("mR"),
      f1: valueOf("F1"),
      ...{ gain: gain ? gainOf(gain) : "", last: last ? gainOf(last) : "" },
    };
  }).toArray();
}

const gainOf = ({ difference, low, high }: AblationLine) =>
  gainText(difference, low, high);

/** All tables as text: one for each dataset, and that of the rankings. */
export function ablationTable(
  lines: readonly AblationLine[],
  transfer: readonly TransferLine[],
): string {
  const byDataset = Map.groupBy(lines, ({ dataset }) => dataset);
  const tables = byDataset.values().map((mine) => {
    const { title, task, k, images } = mine.find(({ isMain }) => isMain)!;
    const seeds = Math.max(...mine.map(({ seeds }) => seeds));
    const head = `${title}: ${task}, ${images} images, ${seeds} ${
      seeds === 1 ? "seed" : "seeds"
    }, in percent`;
    const rows = ablationRows(mine).map((row) => Object.values(row));
    return `${head}\n${alignColumns([ablationHead(k!), ...rows])}`;
  }).toArray();
  if (transfer.length > 0) tables.push(transferTable(transfer));
  return tables.join("\n");
}

/** The names of the columns of {@linkcode ablationRows}. */
export function ablationHead(k: number): string[] {
  const recalls = ["R", "ngR", "mR", "F1"].map((name) => `${name}@${k}`);
  const [recall] = recalls;
  return [
    ...["network", "T", "features", "accuracy"],
    ...recalls,
    ...[`${recall}: gain over the control`, `${recall}: last minus best epoch`],
  ];
}

function transferTable(lines: readonly TransferLine[]): string {
  const rows = lines.map(({ datasets, epoch, networks, correlation }) => [
    ...[datasets.join(", "), epoch, String(networks)],
    correlation === null ? "-" : correlation.toFixed(2),
  ]);
  const table = alignColumns([["datasets", "epoch", "networks", "correlation"], ...rows]);
  return `Are the same networks best on both datasets? (Spearman's rank correlation of recalls)\n${table}`;
}
