/**
 * What the study `ablation` shows.
 *
 * @module
 */

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
