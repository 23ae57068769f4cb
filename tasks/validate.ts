/**
 * Checks a dataset and shows its statistics.
 *
 * @module
 */

import type { Problem } from "../src/dataset/formats/user_json.ts";
import type { DatasetStatistics } from "../src/dataset/statistics.ts";
import { statisticsCharts, statisticsText } from "../src/dataset/statistics_report.ts";
import { checkUserJson, countDataset } from "../src/dataset/check.ts";
import { userSource } from "../src/dataset/user_source.ts";
import type { MendedCounts } from "../src/foreign/mended.ts";
import { isJson, isJsonLines } from "../src/json_file.ts";
import { writeFileAtomically } from "../src/files.ts";
import { chartPage } from "../src/render/charts/bars.ts";
import { openDataset } from "../src/pipeline/datasets.ts";
import { datasetChoices, fileChoices } from "./_cli/flags/choices.ts";
import { FOREIGN_FLAGS } from "./_cli/flags/foreign_flags.ts";
import { listenerOf } from "./_cli/listener.ts";
import { runTask } from "./_cli/run.ts";

const spec = {
  name: "validate",
  summary:
    `Check a dataset and print its statistics: counts, the long tail, sizes, pairs with several
predicates. For a file of your own data (docs/own_data.md describes the format) every problem is
listed with its place and a suggestion. For a processed dataset every file is checked.`,
  positionals: {
    dataset: {
      path: "path or name",
      help: "A .json or .jsonl file, or the name of a processed dataset",
    },
  },
  flags: {
    ...FOREIGN_FLAGS,
    page: {
      type: "string",
      path: "path",
      unset: "none",
      help: "Also write the statistics as a page with charts to this .html file",
    },
  },
  choices: async () => [
    await fileChoices("validate", "examples", /^mine\.json$/),
    await datasetChoices((name) => `validate ${name}`),
  ],
  examples: ["validate my_data.json", "validate synthetic --page reports/synthetic.html"],
} as const;

await runTask(spec, async (options) => {
  const { dataset, json, page, seed, strict, cutBoxes } = options;
  const show = async (statistics: DatasetStatistics, mended?: MendedCounts) => {
    const text = statisticsText(statistics);
    console.log(json ? JSON.stringify({ statistics, mended }) : text);
    if (page === undefined) return;
    await writeFileAtomically(
      page,
      chartPage(dataset, text, statisticsCharts(statistics)),
    );
    if (!json) console.log(`\n${page}`);
  };
  if (!isJson(dataset) && !isJsonLines(dataset)) {
    await show(await countDataset(await openDataset(dataset, listenerOf(options))));
    return;
  }
  const source = await userSource(dataset);
  const { problems, statistics, mended } = await checkUserJson(source, {
    seed,
    strict,
    cutBoxes,
  });
  for (const problem of problems.list) {
    console.log(json ? JSON.stringify(problem) : lineOf(problem));
  }
  const { errors, warnings } = problems.count;
  const hidden = errors + warnings - problems.list.length;
  if (hidden > 0 && !json) console.log(`... and ${hidden} more`);
  if (statistics) await show(statistics, mended);
  const found = `${errors} errors, ${warnings} warnings`;
  if (errors > 0) throw new Error(`Cannot use "${dataset}": ${found}`);
  if (!json) console.log(`\n${dataset} can be used: ${found}`);
});

function lineOf({ place, problem, suggestion, isWarning }: Problem): string {
  const what = `${isWarning ? "warning" : "error"}: ${place && `${place}: `}${problem}`;
  return suggestion ? `${what}; ${suggestion}` : what;
}
