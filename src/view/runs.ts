/**
 * Training runs in a folder, as their logs tell: also of a training in progress, which
 * writes its log anew after each epoch.
 *
 * @module
 */

import { loadPlotting } from "../deps/plot.ts";
import { fileInfo, listFiles, readFile } from "../files.ts";
import { JsonValue } from "../json_value.ts";
import { type LoggedEpoch, trainingCharts, type TrainingLog } from "../report/charts.ts";
import { chartFigure } from "../render/charts/chart.ts";
import { drawChart } from "../render/charts/svg.ts";
import type { RunList } from "./messages.ts";

/** End of a log's name. */
const SUFFIX = ".jsonl";

/** Logs are small; a file of more bytes is none. */
const MAX_BYTES = 2 ** 24;

/** A log with the time at which it last grew, in milliseconds since 1970. */
type Run = TrainingLog & { changed: number };

/** The logs of a folder; those that have not changed are not read again. */
export class Runs {
  readonly #folder: string;
  readonly #read = new Map<string, { bytes: number; changed: number; run?: Run }>();
  #drawn?: { run: Run; figures: string[] };

  /** @param folder Folder of checkpoints and their logs. */
  constructor(folder: string) {
    this.#folder = folder;
  }

  /**
   * Lists all runs, the one that changed last first, and draws the curves of one.
   *
   * @param name Name of the run to draw; default, and if there is none of it: the first.
   */
  async list(name?: string): Promise<RunList> {
    const runs = await this.#all();
    const run = runs.find((each) => each.name === name) ?? runs[0];
    return {
      runs: runs.map(({ name, epochs }) => ({ name, epochs: epochs.length })),
      ...run && {
        shown: {
          name: run.name,
          summary: summaryOf(run),
          figures: await this.#figures(run),
        },
      },
    };
  }

  async #all(): Promise<Run[]> {
    const names = (await listFiles(this.#folder)).filter((name) => name.endsWith(SUFFIX));
    const runs = await Promise.all(names.map((name) => this.#run(name)));
    return runs.filter((run) => run !== undefined)
      .filter(({ epochs }) => epochs.length > 0)
      .sort((a, b) => b.changed - a.changed || (a.name < b.name ? -1 : 1));
  }

  async #run(file: string): Promise<Run | undefined> {
    const path = `${this.#folder}/${file}`, info = await fileInfo(path);
    if (!info || info.bytes > MAX_BYTES) return undefined;
    const { bytes, modified: changed } = info, known = this.#read.get(file);
    if (known?.bytes === bytes && known.changed === changed) return known.run;
    const epochs = epochsOf(new TextDecoder().decode(await readFile(path)));
    const run = epochs && { name: file.slice(0, -SUFFIX.length), changed, epochs };
    this.#read.set(file, { bytes, changed, run });
    return run;
  }

  async #figures(run: Run): Promise<string[]> {
    if (this.#drawn?.run !== run) {
      const plot = await loadPlotting();
      const charts = trainingCharts([run]).map((chart) => drawChart(chart, plot));
      this.#drawn = { run, figures: charts.map(chartFigure) };
    }
    return this.#drawn.figures;
  }
}

function summaryOf({ epochs }: Run): string {
  const percent = (share: number) => `${(100 * share).toFixed(1)} %`;
  const best = epochs.findLast(({ isBest }) => isBest);
  const { epoch, loss, validation } = epochs.at(-1)!;
  const ofBest = best
    ? `epoch ${best.epoch}, ${percent(best.validation.recall)}`
    : "none yet";
  const now = `Epoch ${epoch}: recall ${percent(validation.recall)}`;
  return `${now}, loss ${loss.toPrecision(4)}. Best: ${ofBest}.`;
}

/** The epochs of a log; `undefined` if a line is of something else. */
function epochsOf(text: string): LoggedEpoch[] | undefined {
  const lines = text.split("\n").filter((line) => line !== "");
  try {
    return lines.map((line, i) => {
      const value = new JsonValue(JSON.parse(line), "log");
      return {
        epoch: value.at("epoch").integer({ min: i + 1, max: i + 1 }),
        loss: value.at("loss").number(),
        validation: { recall: value.at("validation").at("recall").number() },
        isBest: value.at("isBest").value === true,
      };
    });
  } catch {
    return undefined;
  }
}
