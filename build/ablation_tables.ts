/**
 * What the study `ablation` shows.
 *
 * @module
 */

import type { AblationLine, TransferLine } from "../src/study/ablation/summary.ts";
import { gainText, percent } from "../src/eval/comparison/table.ts";
import { CONTROL } from "../src/pipeline/model_systems.ts";
import { ablationHead, ablationRows } from "../src/study/ablation/table.ts";
import { markdownTable } from "./markdown_table.ts";

/** Metrics with K, and how the documents call them. */
const METRICS: Readonly<Record<string, string>> = {
  R: "R",
  ngR: "ngR",
  mR: "mR",
  F1: "F1",
  "mR:head": "mR, predicates of the head",
  "mR:body": "mR, of the body",
  "mR:tail": "mR, of the tail",
  wR: "wR",
  zR: "R, triplets that training does not have",
  "R:1-5": "R, has 1 to 5 times",
  "R:6-50": "R, has 6 to 50 times",
  "R:51+": "R, has more often",
};

type Lines = readonly ((AblationLine | TransferLine) & { command: string })[];

const isResult = (line: Lines[number]): line is AblationLine & { command: string } =>
  line.study === "ablation";

/**
 * The lines of one dataset and comparison, which must have been run, of the command with the
 * most seeds; and the dataset's K.
 */
function linesOf(
  lines: Lines,
  dataset: string,
  compare: string,
): { mine: AblationLine[]; k: number } {
  const all = lines.filter(isResult).filter((line) =>
    line.dataset === dataset && line.command.includes(` --compare ${compare} `)
  );
  const byCommand = Map.groupBy(all, ({ command }) => command).values().toArray();
  const seedsOf = (some: AblationLine[]) => Math.max(...some.map(({ seeds }) => seeds));
  const [mine] = byCommand.sort((a, b) => seedsOf(b) - seedsOf(a));
  const main = mine?.find(({ isMain }) => isMain);
  if (main) return { mine, k: main.k! };
  throw new RangeError(
    `Cannot write the table of "${dataset}" as docs/results/ablation.jsonl must have lines of --compare ${compare}: found none`,
  );
}

/** The table of one dataset and comparison. */
export function ablationTableOf(
  dataset: string,
  compare: string,
): (lines: Lines) => string {
  return (lines) => {
    const { mine, k } = linesOf(lines, dataset, compare);
    const cells = ablationRows(mine).map(({ network, ...row }) => [
      /^gpi_/.test(network) ? `\`${network}\`` : network.replaceAll("_", " "),
      ...Object.values(row),
    ]);
    return markdownTable([ablationHead(k), ...cells]);
  };
}

/**
 * Every metric of one dataset: what a count table and the label predictor get, and the
 * network of one step beside its control.
 */
export function ablationMetricsOf(
  dataset: string,
  compare: string,
): (lines: Lines) => string {
  return (lines) => {
    const { mine, k } = linesOf(lines, dataset, compare);
    const ofNetwork = (name: string) =>
      mine.filter(({ network, steps, features, epoch }) =>
        network === name && (steps ?? 1) === 1 && features !== "paper" && epoch !== "last"
      );
    const names = ["label_predictor", "frequency", CONTROL, "gpi_linguistic"];
    const systems = names.map(ofNetwork);
    const rows = Object.entries(METRICS).map(([metric, title]) => {
      const found = systems.map((lines) => lines.find((line) => line.metric === metric));
      const model = found.at(-1);
      return [
        title,
        ...found.map((line) => line ? percent(line.value) : ""),
        model ? gainText(model.difference, model.low, model.high) : "",
      ];
    });
    const [predictor, ...networks] = names;
    return markdownTable([
      [
        `@${k}`,
        predictor.replaceAll("_", " "),
        networks[0],
        "control",
        "`gpi_linguistic`",
        "gain over the control",
      ],
      ...rows.filter(([, value]) => value !== "-"),
    ]);
  };
}

/**
 * How well the ranking of the networks on one dataset tells that on another, by the command
 * with the most datasets.
 */
export function ablationTransferTable(lines: Lines): string {
  const all = lines.filter((line) => line.study === "ablation transfer");
  const byCommand = Map.groupBy(all, ({ command }) => command).values().toArray();
  const [transfer] = byCommand.sort((a, b) => b.length - a.length);
  const byPair = Map.groupBy(transfer, ({ datasets }) => datasets.join(" and "));
  return markdownTable([
    ["datasets", "networks", "best epochs", "last epochs"],
    ...byPair.values().map((pair) => {
      const of = (epoch: string) =>
        pair.find((line) => line.epoch === epoch)?.correlation?.toFixed(2) ?? "";
      const [{ datasets, networks }] = pair;
      const names = datasets.map((name) => `\`${name}\``).join(" and ");
      return [names, String(networks), of("best"), of("last")];
    }),
  ]);
}
