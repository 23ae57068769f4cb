/**
 * Opens the models that are evaluated, the systems that they are compared with, and their
 * dataset.
 *
 * @module
 */

import { importTfCheckpoint } from "../checkpoint/import_published.ts";
import type { Dataset } from "../dataset/dataset.ts";
import { exists } from "../files.ts";
import { runName } from "../train/run_paths.ts";
import { checkpointPath } from "./checkpoints.ts";
import type { EvaluationSettings } from "./scoring/evaluation_settings.ts";
import type { Listener } from "./listener.ts";
import {
  COUNT_TABLE,
  LABEL_PREDICTOR,
  openSystem,
  openSystems,
  type ScoredSystem,
} from "./systems/systems.ts";
import { openDatasetFor } from "./systems/trained_on.ts";

/** The variant without context, the control for every claim about context. */
export const CONTROL = "gpi_no_context";

/** Name of the model whose labels stay, as a baseline. */
export const KEPT_LABELS = "kept labels";

/** The models to evaluate, and how. */
export interface ModelEvaluationOptions extends EvaluationSettings {
  /**
   * The models: each a checkpoint or a file of predictions; or `label_predictor` alone.
   */
  systems: readonly string[];
  /** A checkpoint of the published program, evaluated under the name of the one system. */
  from?: string;
  /** The command line, recorded in an imported checkpoint. */
  command: string;
  /** Processed dataset; default: the one that the first checkpoint was trained on. */
  dataset?: string;
  /**
   * System to compare with, or `"none"`; default: the `gpi_no_context` checkpoint of the
   * same name as the first system, if it exists.
   */
  control?: string;
  /** Whether to compare with a table of counts as well; default: no. */
  countTable?: boolean;
  /** Whether to compare with the model whose labels stay as they are given; default: no. */
  keptLabels?: boolean;
  /**
   * The same model, trained for the other images of a dataset that was divided in two, as
   * `vrd_rcnn_half0` and `vrd_rcnn_half1`: each is scored on its own images, and the values
   * are those of all images.
   */
  join?: string;
  /** Number of runs, whose seeds count up from `seed`; rows report their mean. */
  seeds: number;
  seed: number;
  /** Number of bootstrap resamples. */
  resamples: number;
}

/** Models with their baselines, opened on a dataset. */
export interface OpenedModels {
  dataset: Dataset;
  /** All systems to score, models first among those that are no label predictor. */
  systems: readonly ScoredSystem[];
  /** The models among them. */
  models: readonly ScoredSystem[];
  /** Names of the models in tables. */
  names: readonly string[];
  /** Names of what they are compared with. */
  baselines: readonly string[];
  /** For each name the systems that it is the mean of. */
  runs: Readonly<Record<string, readonly string[]>>;
  /** The named dataset of the model that is joined. */
  secondDataset?: string;
}

/**
 * Opens models.
 *
 * @param options The models, and what they are compared with.
 * @param listener Receives warnings.
 * @throws {RangeError} If a name is unknown, or options contradict each other.
 * @throws {SyntaxError | RangeError | TypeError} If a file is damaged.
 */
export async function openModels(
  options: ModelEvaluationOptions,
  listener: Listener,
): Promise<OpenedModels> {
  const { seed, seeds } = options;
  checkJoin(options);
  const published = await openPublished(options);
  // Beside others the label predictor is a baseline anyway.
  const given = options.systems.filter((name) => name !== LABEL_PREDICTOR);
  const groups = published ? [] : given.map((name) => seedNames(name, seed, seeds));
  const controlNames = given.length === 0 ? [] : await controlNamesOf(options, given[0]);
  const isModel = new Set(groups.flat());
  const ofControl = controlNames.filter((name) => !isModel.has(name));
  const [predictor, ...opened] = await openSystems([
    LABEL_PREDICTOR,
    ...groups.flat(),
    ...ofControl,
  ], listener);
  const models = published
    ? [[published]]
    : given.length === 0
    ? [[predictor]]
    : groups.map(({ length }) => opened.splice(0, length));
  const runs: Record<string, string[]> = {};
  const nameRuns = (name: string, systems: readonly ScoredSystem[]) => {
    runs[name] = systems.map(({ name }) => name);
    return name;
  };
  const names = models.map((group) => nameRuns(group[0].name, group));
  const isPredictor = given.length === 0;
  const baselines = isPredictor ? [] : [nameRuns(LABEL_PREDICTOR, [predictor])];
  if (opened.length > 0) baselines.push(nameRuns(controlTitle(opened[0]), opened));
  const kept = options.keptLabels ? keptLabelsOf(models) : [];
  if (kept.length > 0) baselines.push(nameRuns(KEPT_LABELS, kept));
  const hasTable = options.countTable && !isPredictor &&
    ![...given, ...controlNames].includes(COUNT_TABLE);
  const tables = hasTable ? [await openSystem(COUNT_TABLE)] : [];
  if (hasTable) baselines.push(nameRuns(COUNT_TABLE, tables));
  const [firstDataset, secondDataset] = datasetsOf(options);
  const dataset = await openDatasetFor(models.flat(), firstDataset, listener);
  const systems = isPredictor
    ? [predictor]
    : [predictor, ...models.flat(), ...opened, ...kept, ...tables];
  return {
    ...{ dataset, systems, names, baselines, runs, secondDataset },
    models: models.flat(),
  };
}

/** The runs of the one model, with labels that stay. */
function keptLabelsOf(models: readonly (readonly ScoredSystem[])[]): ScoredSystem[] {
  const [runs] = models;
  const checkpoints = runs.filter((system) => system.kind === "checkpoint");
  if (models.length > 1 || checkpoints.length < runs.length) {
    throw new RangeError(
      `Cannot keep labels as --kept-labels must come with one checkpoint: found "${
        models.flat().map(({ given }) => given).join('", "')
      }"`,
    );
  }
  return checkpoints.map((system) => ({
    ...system,
    name: `${system.name}, ${KEPT_LABELS}`,
    keepsLabels: true,
  }));
}

/** The named datasets: one, or with --join one for each model. */
function datasetsOf({ dataset, join }: ModelEvaluationOptions): (string | undefined)[] {
  return join === undefined ? [dataset] : dataset?.split("+") ?? [];
}

function checkJoin(options: ModelEvaluationOptions): void {
  const { join, systems, from, control = "none", perImage } = options;
  if (join === undefined) return;
  const isPlain = from === undefined && perImage === undefined;
  const isPaired = [0, 2].includes(datasetsOf(options).length);
  if (systems.length === 1 && isPlain && isPaired && control === "none") return;
  throw new RangeError(
    `Cannot join "${join}" as --join must come with one model, without --from, --per-image and --control other than none, and with no dataset or two such as a+b: found "${
      systems.join('", "')
    }"`,
  );
}

/** Opens the checkpoint of the published program, if one is given. */
async function openPublished(
  options: ModelEvaluationOptions,
): Promise<ScoredSystem | undefined> {
  const { from, systems, seeds, dataset, command } = options;
  if (from === undefined) return undefined;
  const [system] = systems;
  if (systems.length !== 1 || system === LABEL_PREDICTOR || seeds > 1) {
    throw new RangeError(
      `Cannot evaluate "${from}" as --from must come with one seed of a model: found ${seeds} seeds of "${
        systems.join('", "')
      }"`,
    );
  }
  const { checkpoint } = await importTfCheckpoint({ from, dataset, command });
  return { kind: "checkpoint", name: system, given: system, checkpoint };
}

/** Names of the runs: `gpi_linguistic_best`, `gpi_linguistic_seed1_best`, ... */
function seedNames(name: string, seed: number, seeds: number): string[] {
  if (name === LABEL_PREDICTOR) return [name];
  const stem = name.replace(/_best$/, "");
  return Array.from(
    { length: seeds },
    (_, i) => runName(stem, i, seed + i) + name.slice(stem.length),
  );
}

/** Names of the runs of the given control, or of the one trained like the model. */
async function controlNamesOf(
  { control, seed, seeds }: ModelEvaluationOptions,
  system: string,
): Promise<string[]> {
  if (control === "none") return [];
  const name = control ??
    system.replace(
      /^gpi_(linguistic|feature_attention|neighbour_attention|mean)/,
      CONTROL,
    );
  if (control !== undefined && seeds === 1) return [control];
  if (name === system) return [];
  // The control may have been trained with fewer seeds.
  const names = seedNames(name, seed, seeds);
  const present = await Promise.all(names.map((name) => exists(checkpointPath(name))));
  return names.filter((_, i) => present[i]);
}

/** The name of the control in tables; all seeds of `gpi_no_context` share one. */
function controlTitle(system: ScoredSystem): string {
  const isControl = system.kind === "checkpoint" &&
    system.checkpoint.config.variant === CONTROL;
  return isControl ? CONTROL : system.name;
}
