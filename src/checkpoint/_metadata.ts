/**
 * Reads the JSON in a checkpoint's metadata and trusts none of it.
 *
 * @module
 */

import { parseTrainConfig, type TrainConfig } from "../config.ts";
import { throwKindAs } from "../json_problem.ts";
import { type JsonValue, parseJson } from "../json_value.ts";
import { Vocabulary } from "../vocabulary.ts";

/** Float32 numbers under a name, with their shape. */
export interface FloatArray {
  shape: readonly number[];
  data: Float32Array;
}

/** How a network was trained. */
export interface Training {
  /** Settings; absent for parameters that were imported. */
  config?: TrainConfig;
  /** The command line. */
  command: string;
  /** Name and hash of the dataset, and where its logits came from. */
  dataset: {
    name: string;
    inputsHash: string;
    labelPredictor: { name: string; simulated: boolean };
  };
  /** Workers whose gradients were summed; absent: one, or their number does not matter. */
  workers?: number;
  /** Whether the kernels were those whose results are the same on every machine. */
  deterministic?: boolean;
  /** Epochs done. */
  epoch: number;
  /** Validation of these parameters and whatever else was measured. */
  metrics: Readonly<Record<string, number>>;
}

/** What is needed to resume, beside the parameters. */
export interface ResumeState {
  epoch: number;
  updates: number;
  best?: { epoch: number; validation: { loss: number; recall: number } };
  /** Adam's moments by name. */
  moments: ReadonlyMap<string, FloatArray>;
}

/** The metadata of one checkpoint. */
export class CheckpointMetadata {
  readonly #metadata: Readonly<Record<string, string>>;
  readonly #name: string;

  /**
   * @param metadata What stands in the file.
   * @param name Name of the file, for errors.
   */
  constructor(metadata: Readonly<Record<string, string>>, name: string) {
    this.#metadata = metadata;
    this.#name = name;
  }

  /** The value of a key; throws a `SyntaxError` if it is missing or not JSON. */
  json(key: string): JsonValue {
    const name = `"${key}" of the checkpoint "${this.#name}"`;
    return parseJson(this.#metadata[key] ?? "", name, throwKindAs(RangeError));
  }

  /** Names of classes and predicates; throws if they are none. */
  vocabulary(): Vocabulary {
    const value = this.json("vocabulary");
    return new Vocabulary({
      entities: value.at("entities").names(),
      predicates: value.at("predicates").names(),
    });
  }

  /** How the network was trained; throws if a part is missing or of the wrong kind. */
  training(): Training {
    const training = this.json("training");
    const dataset = training.at("dataset");
    const labelPredictor = dataset.at("labelPredictor");
    training.at("command").string();
    training.at("epoch").integer({ min: 0 });
    training.at("workers").optional?.integer({ min: 1 });
    training.at("deterministic").optional?.boolean();
    dataset.at("name").string();
    dataset.at("inputsHash").string();
    labelPredictor.at("name").string();
    labelPredictor.at("simulated").boolean();
    for (const [, metric] of training.at("metrics").entries()) metric.number();
    const config = training.at("config");
    if (config.value !== undefined) {
      parseTrainConfig(config.value, `the training settings in "${this.#name}"`);
    }
    return training.value as Training;
  }

  /** What is needed to resume beside arrays, if it is there; throws if it is damaged. */
  state(): Omit<ResumeState, "moments"> | undefined {
    if (this.#metadata.training_state === undefined) return undefined;
    const state = this.json("training_state");
    state.at("epoch").integer({ min: 0 });
    state.at("updates").integer({ min: 0 });
    const best = state.at("best");
    if (best.value !== undefined) {
      best.at("epoch").integer({ min: 0 });
      best.at("validation").at("loss").number();
      best.at("validation").at("recall").number();
    }
    return state.value as Omit<ResumeState, "moments">;
  }
}
