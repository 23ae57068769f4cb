/**
 * The settings of a run: those of a preset, replaced by what is given.
 *
 * @module
 */

import {
  type Preset,
  type PresetName,
  PRESETS,
  PUBLISHED_EPSILON,
  PUBLISHED_NEGATIVE_RATIO,
  type TrainConfig,
} from "./config.ts";
import { parseSgpConfig, parseTrainConfig } from "./parse_config.ts";

/** Settings by name: fields of `ModelShape` and `TrainConfig`, and the preset. */
export type GivenSettings = Readonly<Record<string, unknown>> & { preset: PresetName };

/**
 * The settings of the preset, replaced by those that are given.
 *
 * `features: "paper"` and `loss: "paper"` bring the published epsilon and weight of
 * unrelated pairs, unless these are given.
 *
 * @param given The preset and other settings; `undefined` and unknown names are passed over.
 * @throws {RangeError} If a setting is out of its range; no work has begun then.
 */
export function settingsOf(given: GivenSettings): Preset {
  const { model: sizes, train: training } = PRESETS[given.preset];
  const published: Record<string, number> = {
    ...given.features === "paper" && { epsilon: PUBLISHED_EPSILON },
    ...given.loss === "paper" && { negativeRatio: PUBLISHED_NEGATIVE_RATIO },
  };
  const replaced = <T extends object>(defaults: T): T => {
    const entries = Object.entries(defaults).map(([name, value]) => [
      name,
      given[name] ?? published[name] ?? value,
    ]);
    return Object.fromEntries(entries);
  };
  const model = replaced<Preset["model"]>(sizes);
  const train = replaced<TrainConfig>(training);
  parseTrainConfig(train, "the training settings");
  // Placeholders for the values that the dataset will determine.
  const fromData = { variant: "gpi_mean", numEntityClasses: 1, numPredicates: 2 };
  parseSgpConfig(
    { ...model, relations: model.relations ?? "network", ...fromData, embeddingSize: 0 },
    "the settings of the network",
  );
  return { model, train };
}
