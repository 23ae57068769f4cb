/**
 * What the study `ablation` shows.
 *
 * @module
 */

import { chartFile } from "../src/render/chart_file.ts";
import { stepsChart } from "../src/study/ablation/chart.ts";
import type { AblationLine, TransferLine } from "../src/study/ablation/summary.ts";
import { ablationHead, ablationRows } from "../src/study/ablation/table.ts";
import { markdownTable } from "./markdown_table.ts";

type Lines = readonly (AblationLine | TransferLine)[];

const isResult = (line: Lines[number]): line is AblationLine => line.study === "ablation";

/** The table of one dataset, which must have been run. */
export function ablationTableOf(dataset: string): (lines: Lines) => string {
  return (lines) => {
    const mine = lines.filter(isResult).filter((line) => line.dataset === dataset);
    const main = mine.find(({ isMain }) => isMain);
    if (!main) {
      throw new RangeError(
        `Cannot write the table of "${dataset}" as docs/results/ablation.jsonl must have its lines: found none`,
      );
    }
    const cells = ablationRows(mine).map(({ network, ...row }) => [
      /^gpi_/.test(network) ? `\`${network}\`` : network.replaceAll("_", " "),
      ...Object.values(row),
    ]);
    return markdownTable([ablationHead(main.k!), ...cells]);
  };
}

/** How alike the rankings of the networks are on two datasets. */
export function ablationTransferTable(lines: Lines): string {
  const rows = lines.filter((line) => line.study === "ablation transfer");
  const byPair = Map.groupBy(rows, ({ datasets }) => datasets.join(" and "));
  return markdownTable([
    ["datasets", "networks", "best epoch", "last epoch"],
    ...byPair.entries().map(([pair, both]) => [
      ...[pair, String(both[0].networks)],
      ...["best", "last"].map((epoch) =>
        both.find((line) => line.epoch === epoch)?.correlation?.toFixed(2) ?? "-"
      ),
    ]),
  ]);
}

/** The gain by number of steps, as an SVG file. */
export function ablationPicture(lines: Lines): Promise<string> {
  return chartFile(stepsChart(lines.filter(isResult)));
}
