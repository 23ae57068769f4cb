/**
 * Reads and checks the JSON in a checkpoint's metadata.
 *
 * @module
 */

import type { TrainConfig } from "../config.ts";
import { parseTrainConfig } from "../parse_config.ts";
import { throwKindAs } from "../json_problem.ts";
import { type JsonValue, parseJson } from "../json_value.ts";
import { Vocabulary } from "../vocabulary.ts";

/** Float32 numbers and their shape. */
export interface FloatArray {
  shape: readonly number[];
  data: Float32Array;
}

/** How a network was trained. */
export interface Training {
  /** Settings of the training; absent for imported parameters. */
  config?: TrainConfig;
  /** The command line. */
  command: string;
  /** Name and hash of the dataset, and the source of its logits. */
  dataset: {
    name: string;
    inputsHash: string;
    labelPredictor: { name: string; simulated: boolean };
  };
  /** Number of workers whose gradients were summed; absent if one, or if it does not matter. */
  workers?: number;
  /** Whether the kernels give the same results on every machine; default false. */
  deterministic?: boolean;
  /** Epochs done. */
  epoch: number;
  /** Validation results of these parameters, and other measurements. */
  metrics: Readonly<Record<string, number>>;
}

/** State that resuming needs beside the parameters. */
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
   * @param metadata The metadata of the file.
   * @param name Name of the file, for error messages.
   */
  constructor(metadata: Readonly<Record<string, string>>, name: string) {
    this.#metadata = metadata;
    this.#name = name;
  }

  /**
   * Parses the value of a key.
   *
   * @throws {SyntaxError} If it is missing or not JSON.
   */
  json(key: string): JsonValue {
    const name = `"${key}" of the checkpoint "${this.#name}"`;
    return parseJson(this.#metadata[key] ?? "", name, throwKindAs(RangeError));
  }

  /**
   * Reads the names of classes and predicates.
   *
   * @throws {SyntaxError | RangeError} If the value is not a vocabulary.
   */
  vocabulary(): Vocabulary {
    const value = this.json("vocabulary");
    return new Vocabulary({
      entities: value.at("entities").names(),
      predicates: value.at("predicates").names(),
    });
  }

  /**
   * Reads how the network was trained.
   *
   * @throws {SyntaxError | RangeError} If a part is missing or of the wrong kind.
   */
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

  /**
   * Reads the state for resuming, except its arrays; `undefined` if the file has no such state.
   *
   * @throws {SyntaxError | RangeError} If a part is missing or of the wrong kind.
   */
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
