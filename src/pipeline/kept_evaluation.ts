/**
 * Evaluations that are kept as files, so that each is computed once.
 *
 * @module
 */

import { sha256 } from "../checksum.ts";
import type { Dataset } from "../dataset/dataset.ts";
import type { SystemEvaluation } from "../eval/evaluate.ts";
import { exists } from "../files.ts";
import { lock } from "../lock.ts";
import { evaluateSystems } from "./scoring/evaluate.ts";
import type { EvaluationSettings } from "./scoring/evaluation_settings.ts";
import { readState } from "./parts/evaluation_state.ts";
import { type Listener, SILENT } from "./listener.ts";
import { evaluationsOf } from "./parts/merge_states.ts";
import { saveState } from "./parts/save_state.ts";
import type { PlanDefaults } from "./scoring/scoring_plan.ts";
import type { ScoredSystem } from "./systems/systems.ts";

/** Systems whose evaluations are kept in one file. */
export interface KeptSystems {
  /** The file, whose name tells everything that decides what is in it. */
  path: string;
  /** Opens the systems, if they have to be evaluated. */
  open(): Promise<readonly ScoredSystem[]>;
}

/** A dataset and the settings of its evaluation. */
export interface KeptOptions {
  dataset: Dataset;
  settings: EvaluationSettings;
  /** Tasks and protocols if the settings have none. */
  defaults: PlanDefaults;
  /** Evaluates everything again; default: no. */
  isFresh?: boolean;
  /** Evaluates again what is kept but damaged; default: that is an error. */
  replacesDamaged?: boolean;
}

/**
 * Names a file by everything that decides what is in it.
 *
 * @param folder Folder of the file.
 * @param name Beginning of its name, for people.
 * @param decides Names, settings and checksums, as JSON has them.
 */
export function keptPath(folder: string, name: string, decides: unknown): string {
  const hash = sha256(JSON.stringify(decides)).slice(0, 12);
  return `${folder}/${name}_${hash}.safetensors`;
}

/**
 * Evaluates systems, unless that is kept. Those that are not are evaluated together.
 *
 * @param groups The systems, file by file.
 * @param options What is evaluated, and how.
 * @param listener Receives notes, warnings and progress of what is evaluated.
 * @returns For each group the evaluations of its systems, in their order.
 * @throws {SyntaxError | RangeError} If a kept file is damaged (the message names it), and
 * as `evaluateSystems`.
 */
export async function keptEvaluations(
  groups: readonly KeptSystems[],
  { dataset, settings, defaults, isFresh = false, replacesDamaged = false }: KeptOptions,
  listener: Listener = SILENT,
): Promise<SystemEvaluation[][]> {
  const found = new Map<KeptSystems, SystemEvaluation[]>();
  const missing: { group: KeptSystems; systems: readonly ScoredSystem[] }[] = [];
  for (const group of groups) {
    const kept = isFresh
      ? undefined
      : await readKept(group.path, dataset, replacesDamaged);
    if (kept) found.set(group, kept);
    else missing.push({ group, systems: await group.open() });
  }
  if (missing.length > 0) {
    const all = missing.flatMap(({ systems }) => systems);
    const fresh = await evaluateSystems(all, dataset, settings, defaults, listener);
    for (const { group, systems } of missing) {
      const models = systems.map(({ name }) => name);
      // Systems of different kinds are scored one kind after another.
      const evaluations = models.flatMap((name) =>
        fresh.filter(({ system }) => system === name)
      );
      found.set(group, evaluations);
      // Whoever keeps the same at this moment is waited for.
      const { path } = group;
      using _lock = await lock(`${path}.lock`, path, { making: sha256(path) });
      const saved = { evaluations, dataset, systems, models, baselines: [] };
      await saveState(path, saved, { ...settings, seed: 0, resamples: 1000 });
    }
  }
  return groups.map((group) => found.get(group)!);
}

/** Reads what is kept; `undefined` if nothing is. */
async function readKept(
  path: string,
  dataset: Dataset,
  passesDamaged: boolean,
): Promise<SystemEvaluation[] | undefined> {
  if (!await exists(path)) return undefined;
  try {
    return await evaluationsOf(await readState(path), dataset);
  } catch (error) {
    if (!passesDamaged) throw error;
  }
}
