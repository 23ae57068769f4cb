/**
 * Puts the numbers of `docs/results` into the tables of the documents, between
 * `<!-- generated: name -->` and `<!-- /generated -->`, and draws their charts.
 *
 * @module
 */

import { exists, readFile, writeFileAtomically } from "../src/files.ts";
import { nearestName } from "../src/nearest.ts";
import { runTask } from "../tasks/_cli/run.ts";
import {
  ablationMetricsOf,
  ablationTableOf,
  ablationTransferTable,
} from "./ablation_tables.ts";
import { adjustmentPicture, adjustmentTable } from "./adjustment_tables.ts";
import { splitsTable, worldCountsTable } from "./count_tables.ts";
import * as photographs from "./photograph_tables.ts";
import * as recall from "./recall_tables.ts";
import { resultPath } from "./result_specs.ts";
import { runtimesTable } from "./runtime_tables.ts";
import * as scale from "./scale_tables.ts";
import * as speed from "./speed_tables.ts";
import * as study from "./study_tables.ts";

/** A table: the file of its lines, and how it is written. */
interface Table {
  from: string;
  write: (lines: readonly never[]) => string | Promise<string>;
}

/** Every table by the name that stands in its mark. */
export const TABLES: Readonly<Record<string, Table>> = {
  synthetic: { from: "synthetic", write: recall.syntheticTable },
  variants: { from: "synthetic", write: recall.variantsTable },
  vrd_context: { from: "vrd", write: recall.vrdContextTable },
  vrd_rcnn: { from: "vrd_rcnn", write: recall.vrdRcnnTable },
  vg5k_rcnn: { from: "vg5k_rcnn", write: recall.vg5kRcnnTable },
  vrd_rcnn_boxes: { from: "vrd_rcnn_boxes", write: recall.vrdRcnnBoxesTable },
  vrd_splits: { from: "vrd_statistics", write: splitsTable },
  vg5k_splits: { from: "vg5k_statistics", write: splitsTable },
  vg5k_rcnn_splits: {
    from: "vg5k_statistics",
    write: ([, lines]) => splitsTable([lines]),
  },
  label_predictors: { from: "label_predictors", write: recall.labelPredictorsTable },
  negative_ratio: { from: "negative_ratio", write: recall.negativeRatioTable },
  swept_ratios: { from: "swept_ratios", write: recall.sweptRatiosTable },
  ratios: { from: "ratios", write: recall.ratiosTable },
  vg5k: { from: "vg5k", write: recall.vg5kTable },
  vg5k_short: { from: "vg5k", write: recall.vg5kShortTable },
  vg5k_reliability: {
    from: "vg5k_reliability",
    write: photographs.reliabilityTable,
  },
  kept_labels: { from: "kept_labels", write: photographs.keptLabelsTable },
  photographs: { from: "photographs", write: photographs.photographsTable },
  int8: { from: "int8", write: recall.int8Table },
  label_predictors_vg5k: {
    from: "label_predictors_vg5k",
    write: recall.labelPredictorsTable,
  },
  ablation_vrd: { from: "ablation", write: ablationTableOf("vrd_rcnn", "networks") },
  ablation_vrd_steps: {
    from: "ablation",
    write: ablationTableOf("vrd_rcnn", "steps,features"),
  },
  ablation_vg5k: {
    from: "ablation",
    write: ablationTableOf("vg5k_rcnn_all", "networks"),
  },
  ablation_vg5k_steps: {
    from: "ablation",
    write: ablationTableOf("vg5k_rcnn_all", "steps,features"),
  },
  ablation_rs: {
    from: "ablation",
    write: ablationTableOf("rs_mksgg", "networks,steps,features"),
  },
  ablation_world: {
    from: "ablation",
    write: ablationTableOf("synthetic", "networks"),
  },
  ablation_world_steps: {
    from: "ablation",
    write: ablationTableOf("synthetic", "steps,features"),
  },
  ablation_transfer: { from: "ablation", write: ablationTransferTable },
  metrics_vrd: { from: "ablation", write: ablationMetricsOf("vrd_rcnn", "networks") },
  metrics_vg5k: {
    from: "ablation",
    write: ablationMetricsOf("vg5k_rcnn_all", "networks"),
  },
  metrics_rs: {
    from: "ablation",
    write: ablationMetricsOf("rs_mksgg", "networks,steps,features"),
  },
  metrics_world: {
    from: "ablation",
    write: ablationMetricsOf("synthetic", "networks"),
  },
  logit_adjustment: { from: "logit_adjustment", write: adjustmentTable },
  world: { from: "world", write: recall.worldTable },
  world_counts: { from: "world", write: worldCountsTable },
  speed: { from: "speed", write: speed.speedTable },
  speed_machine: { from: "speed", write: speed.machineTable },
  speed_predict: { from: "speed", write: speed.predictTable },
  speed_train: { from: "speed", write: speed.trainTable },
  speed_scaling: { from: "speed", write: speed.scalingTable },
  runtimes: { from: "runtimes", write: runtimesTable },
  scale_rates: { from: "stages", write: scale.ratesTable },
  scale_costs: { from: "stages", write: scale.costsTable },
  scale_jobs: { from: "stages", write: scale.jobsTable },
  study_networks: { from: "graph_labelling", write: study.studyNetworksTable },
  study_accuracy: { from: "graph_labelling", write: study.studyAccuracyTable },
  study_gain: { from: "graph_labelling", write: study.studyGainTable },
  study_larger: { from: "graph_labelling", write: study.studyLargerTable },
  study_consistency: { from: "graph_labelling", write: study.studyConsistencyTable },
};

/** Charts of `docs/` by path: drawn from a file of lines. */
export const CHARTS: Readonly<Record<string, Table>> = {
  "docs/scale.svg": { from: "stages", write: scale.jobsPicture },
  "docs/logit_adjustment.svg": { from: "logit_adjustment", write: adjustmentPicture },
  "docs/graph_labelling.svg": { from: "graph_labelling", write: study.studyPicture },
};

const MARKED = /(<!-- generated: (\w+) -->)\n[\s\S]*?(<!-- \/generated -->)/g;

/**
 * Writes the tables of a document anew.
 *
 * @param text The document.
 * @returns The same with the numbers of `docs/results`; where a file is missing, how to
 * make it.
 * @throws {RangeError} If a mark has an unknown name, or its table lacks a line.
 */
export async function fillMarks(text: string): Promise<string> {
  const parts = await Promise.all(
    [...text.matchAll(MARKED)].map(([, , name]) => tableText(name)),
  );
  return text.replace(
    MARKED,
    (_, start, __, end) => `${start}\n\n${parts.shift()}\n\n${end}`,
  );
}

async function tableText(name: string): Promise<string> {
  const table = Object.hasOwn(TABLES, name) ? TABLES[name] : undefined;
  if (!table) {
    const nearest = nearestName(name, Object.keys(TABLES));
    throw new RangeError(`Cannot find the table "${name}": the nearest is "${nearest}"`);
  }
  if (!await exists(resultPath(table.from))) {
    return `(run \`deno task build:results ${table.from}\`)`;
  }
  return await written(table);
}

/** The text of a table or chart, from its file in `docs/results`. */
export async function written({ from, write }: Table): Promise<string> {
  const bytes = await readFile(resultPath(from));
  const lines = new TextDecoder().decode(bytes).trim().split("\n");
  return await write(lines.map((line) => JSON.parse(line) as never));
}

/** The documents that have tables. */
export async function documentsWithNumbers(): Promise<string[]> {
  const docs = await Array.fromAsync(Deno.readDir("docs"));
  const pages = docs.map(({ name }) => `docs/${name}`).filter((path) =>
    path.endsWith(".md")
  );
  return ["README.md", "data/README.md", ...pages.sort()];
}

if (import.meta.main) {
  await runTask({
    name: "build:numbers",
    summary: `Put the numbers of docs/results into the tables of the documents.
"build:results" makes what is missing there.`,
  }, async ({ json }) => {
    const update = async (path: string, text: string | undefined, filled: string) => {
      if (filled === text) return;
      await writeFileAtomically(path, filled);
      console.log(json ? JSON.stringify({ path }) : path);
    };
    const read = async (path: string) => new TextDecoder().decode(await readFile(path));
    for (const path of await documentsWithNumbers()) {
      const text = await read(path);
      await update(path, text, await fillMarks(text));
    }
    for (const [path, chart] of Object.entries(CHARTS)) {
      if (!await exists(resultPath(chart.from))) continue;
      const text = await exists(path) ? await read(path) : undefined;
      await update(path, text, await written(chart));
    }
  });
}
