/**
 * Presents the statistics of a dataset as text and as charts.
 *
 * @module
 */

import { SPLITS } from "./manifest.ts";
import type { ClassCount, DatasetStatistics, Spread } from "./statistics.ts";

/** Counts by name, for a bar chart. */
export interface CountChart {
  title: string;
  bars: readonly ClassCount[];
  isLogarithmic?: boolean;
}

/** Maximal number of bars in a chart. */
const MOST_BARS = 60;

/** Describes the statistics in about fifteen lines of text. */
export function statisticsText(statistics: DatasetStatistics): string {
  const { splits, entities, predicates } = statistics;
  const rows = SPLITS.map((split) => {
    const { images, entities, relations, unrelated } = splits[split];
    return [split, images, entities, relations, unrelated].map(String);
  });
  const head = ["", "images", "entities", "relations", "images without relation"];
  const widths = head.map((text, i) =>
    Math.max(text.length, ...rows.map((row) => row[i].length))
  );
  const line = (cells: string[]) =>
    cells.map((cell, i) => i ? cell.padStart(widths[i]) : cell.padEnd(widths[i])).join(
      "  ",
    );
  const list = (counts: ClassCount[]) => {
    const used = counts.filter(({ count }) => count > 0);
    const show = ({ name, count }: ClassCount) => `${name} ${count}`;
    const rare = used.length > 10 ? ` ... ${used.slice(-5).map(show).join(", ")}` : "";
    const unused = counts.length - used.length;
    return `${used.slice(0, 10).map(show).join(", ")}${rare}${
      unused ? `; ${unused} never` : ""
    }`;
  };
  const { relatedPairs, multiLabelPairs, tripletKinds } = statistics;
  const share = relatedPairs ? (100 * multiLabelPairs / relatedPairs).toFixed(1) : "0.0";
  return [
    line(head),
    ...rows.map(line),
    "",
    `entities an image   ${spreadText(statistics.entitiesPerImage)}`,
    `relations an image  ${spreadText(statistics.relationsPerImage)}`,
    `longer side, pixels ${spreadText(statistics.imageSize)}`,
    "",
    `${entities.length} classes: ${list(entities)}`,
    `${predicates.length} predicates: ${list(predicates)}`,
    `${statistics.predicatesInNineTenths} predicates make up 90 % of the relations`,
    `${relatedPairs} related pairs, ${multiLabelPairs} (${share} %) with several predicates, ${statistics.repeatedRelations} repeated rows`,
    `${tripletKinds.train} kinds of triplets in training; ${statistics.zeroShotRelations} test relations are of none of them (zero-shot)`,
  ].join("\n");
}

function spreadText({ least, median, mean, greatest }: Spread): string {
  return `${least} to ${greatest}, median ${median}, mean ${mean.toFixed(1)}`;
}

/** Presents the statistics as four bar charts. */
export function statisticsCharts(statistics: DatasetStatistics): CountChart[] {
  const { entities, predicates, boxAreas, imagesByEntities } = statistics;
  const tail = (title: string, counts: ClassCount[]): CountChart => ({
    title: counts.length > MOST_BARS ? `${title}, the ${MOST_BARS} most frequent` : title,
    bars: counts.slice(0, MOST_BARS),
    isLogarithmic: true,
  });
  const range = (i: number) => {
    const [low, high] = [2 ** (i - 1), 2 ** i - 1];
    return i === 0 ? "none" : low === high ? String(low) : `${low} to ${high}`;
  };
  return [
    tail("Relations by predicate", predicates),
    tail("Entities by class", entities),
    {
      title: "Images by number of entities",
      bars: imagesByEntities.map((count, i) => ({ name: range(i), count })),
    },
    {
      title: "Boxes by share of the image",
      bars: boxAreas.map((count, i) => ({
        name: i === boxAreas.length - 1
          ? `under 1/${2 ** i}`
          : `1/${2 ** i} to 1/${2 ** (i + 1)}`,
        count,
      })),
    },
  ];
}
