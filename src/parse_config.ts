/**
 * Checks settings that come from files and flags.
 *
 * @module
 */

import {
  PUBLISHED_EPSILON,
  RELATION_FORMS,
  type SgpConfig,
  type TrainConfig,
  VARIANTS,
} from "./config.ts";
import { throwKindAs } from "./json_problem.ts";
import { JsonValue } from "./json_value.ts";

/** A check for each field of a record. */
export type Checks<Fields> = Record<keyof Fields, (field: JsonValue) => unknown>;

/** The checks of {@linkcode parseSgpConfig}. */
export const MODEL_CHECKS: Checks<SgpConfig> = {
  variant: (field) => field.oneOf(Object.keys(VARIANTS)),
  numEntityClasses: (field) => field.integer({ min: 1, max: 1e6 }),
  numPredicates: (field) => field.integer({ min: 2, max: 1e6 }),
  embeddingSize: (field) => field.integer({ min: 0, max: 1e6 }),
  hidden: (field) => field.integer({ min: 1, max: 1e4 }),
  layers: (field) => {
    const layers = field.items();
    if (layers.length > 20) field.refuse("a list of at most 20 widths");
    for (const layer of layers) layer.integer({ min: 1, max: 1e4 });
  },
  steps: (field) => field.integer({ min: 1, max: 100 }),
  features: (field) => field.oneOf(["default", "paper"]),
  epsilon: (field) => field.number({ above: 0, max: 1 }),
  relationTrust: (field) => field.number({ min: 0, max: 1 }),
  relations: (field) => field.oneOf(RELATION_FORMS),
  relationsOnly: (field) => field.boolean(),
};

/** The checks of {@linkcode parseTrainConfig}. */
export const TRAIN_CHECKS: Checks<TrainConfig> = {
  seed: (field) => field.integer({ min: 0, below: 2 ** 32 }),
  epochs: (field) => field.integer({ min: 1, max: 1e6 }),
  batchSize: (field) => field.integer({ min: 1, max: 1e6 }),
  learningRate: (field) => field.number({ above: 0 }),
  dropout: (field) => field.number({ min: 0, below: 1 }),
  loss: (field) => field.oneOf(["default", "paper"]),
  negativeRatio: (field) => field.number({ min: 0 }),
  entityWeight: (field) => field.number({ min: 0 }),
  regularization: (field) => field.number({ min: 0 }),
  initial: (field) => field.oneOf(["identity", "glorot"]),
  schedule: (field) => field.oneOf(["cosine", "halving"]),
  select: (field) => field.oneOf(["recall", "loss"]),
  patience: (field) => field.integer({ min: 0, max: 1e6 }),
};

/**
 * Reads the settings of a network from JSON. No other function does.
 *
 * @param value The parsed JSON.
 * @param name Its source, for messages.
 * @returns The settings, with every field in its range and no other field.
 * @throws {RangeError} If a field is wrong; the message names it, its range and its value.
 *
 * @example
 * ```ts
 * import { parseSgpConfig } from "./parse_config.ts";
 * let message = "";
 * try {
 *   parseSgpConfig({ variant: "gpi_mean", steps: 0 }, "a.json");
 * } catch (error) {
 *   message = (error as Error).message;
 * }
 * if (!message.includes("numEntityClasses")) throw new Error(message);
 * ```
 */
export function parseSgpConfig(value: unknown, name: string): SgpConfig {
  // Older files do not state these. The others keep their places, and a file its bytes.
  const older = { epsilon: PUBLISHED_EPSILON, relationTrust: 1, relations: "network" };
  const whole = value instanceof Object && !Array.isArray(value)
    ? Object.assign({ ...value }, { ...older, ...value })
    : value;
  return checked(whole, name, MODEL_CHECKS);
}

/**
 * Reads the settings of training from JSON. No other function does.
 *
 * @param value The parsed JSON.
 * @param name Its source, for messages.
 * @returns The settings, with every field in its range and no other field.
 * @throws {RangeError} If a field is wrong; the message names it, its range and its value.
 */
export function parseTrainConfig(value: unknown, name: string): TrainConfig {
  return checked(value, name, TRAIN_CHECKS);
}

function checked<Fields>(
  value: unknown,
  name: string,
  checks: Checks<Fields>,
): Fields {
  const root = new JsonValue(value, name, throwKindAs(RangeError));
  root.onlyKeys(Object.keys(checks));
  for (const key in checks) checks[key](root.at(key));
  return value as Fields;
}
