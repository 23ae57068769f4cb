/**
 * What is in the datasets.
 *
 * @module
 */

import { percent } from "../src/eval/comparison/table.ts";
import { markdownTable } from "./markdown_table.ts";

/** Of `validate`: the splits of a dataset. */
interface StatisticsLine {
  statistics: { splits: Record<string, SplitCounts> };
}

interface SplitCounts {
  images: number;
  entities: number;
  relations: number;
  /** Images without a relation. */
  unrelated: number;
}

/** The splits of a dataset. */
export function splitsTable([{ statistics }]: readonly StatisticsLine[]): string {
  const show = (count: number) => count.toLocaleString("en");
  return markdownTable([
    ["split", "images", "of which without relations", "entities", "relations"],
    ...Object.entries(statistics.splits).map(([name, counts]) => [
      `\`${name}\``,
      show(counts.images),
      show(counts.unrelated),
      show(counts.entities),
      show(counts.relations),
    ]),
  ]);
}

/** Of `world`, its first line: means over images, and shares. */
interface WorldLine {
  images: number;
  entities: number;
  relations: number;
  annotated: number;
  top1: number;
  top5: number;
}

/** How much an image of the built-in world holds, and how sure its detector is. */
export function worldCountsTable([counts]: readonly WorldLine[]): string {
  return markdownTable([
    [`of ${counts.images} test images`, ""],
    ["things an image, on average", counts.entities.toFixed(1)],
    ["relations an image, on average", counts.relations.toFixed(1)],
    ["things whose right class is the detector's first", `${percent(counts.top1)} %`],
    ["things whose right class is among its first five", `${percent(counts.top5)} %`],
  ]);
}
