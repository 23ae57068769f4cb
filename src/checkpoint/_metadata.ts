/**
 * Reads and checks the JSON in a checkpoint's metadata.
 *
 * @module
 */

import { parseTrainConfig, type TrainConfig } from "../config.ts";
import { showValue } from "../show_value.ts";
import { Vocabulary, type VocabularyData } from "../vocabulary.ts";

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
  json(key: string): unknown {
    try {
      return JSON.parse(this.#metadata[key] ?? "");
    } catch (cause) {
      throw new SyntaxError(
        `Cannot read the checkpoint "${this.#name}" as "${key}" in its metadata must be JSON: found ${
          showValue(this.#metadata[key])
        }`,
        { cause },
      );
    }
  }

  /**
   * Reads the names of classes and predicates.
   *
   * @throws {SyntaxError | RangeError} If the value is not a vocabulary.
   */
  vocabulary(): Vocabulary {
    const value = this.json("vocabulary");
    try {
      return new Vocabulary((value ?? {}) as VocabularyData);
    } catch (cause) {
      const { message } = cause as Error;
      throw new RangeError(`Cannot read the checkpoint "${this.#name}": ${message}`, {
        cause,
      });
    }
  }

  /**
   * Reads how the network was trained.
   *
   * @throws {SyntaxError | RangeError} If a part is missing or of the wrong kind.
   */
  training(): Training {
    const value = this.json("training");
    const training = this.#record("training", value);
    const dataset = this.#record("training.dataset", training.dataset);
    const predictor = this.#record(
      "training.dataset.labelPredictor",
      dataset.labelPredictor,
    );
    const metrics = this.#record("training.metrics", training.metrics);
    this.#check("training.command", training.command, isText, "text");
    this.#check("training.epoch", training.epoch, isCount, "a whole number >= 0");
    this.#check(
      "training.workers",
      training.workers ?? 1,
      isPositive,
      "a whole number >= 1",
    );
    const isDeterministic = training.deterministic ?? false;
    this.#check("training.deterministic", isDeterministic, isFlag, "true or false");
    this.#check("training.dataset.name", dataset.name, isText, "text");
    this.#check("training.dataset.inputsHash", dataset.inputsHash, isText, "text");
    const key = "training.dataset.labelPredictor";
    this.#check(`${key}.name`, predictor.name, isText, "text");
    this.#check(`${key}.simulated`, predictor.simulated, isFlag, "true or false");
    for (const [metric, value] of Object.entries(metrics)) {
      this.#check(`training.metrics.${metric}`, value, isNumber, "a number");
    }
    if (training.config !== undefined) {
      parseTrainConfig(training.config, `the training settings in "${this.#name}"`);
    }
    return value as Training;
  }

  /**
   * Reads the state for resuming, except its arrays; `undefined` if there is none.
   *
   * @throws {SyntaxError | RangeError} If a part is missing or of the wrong kind.
   */
  state(): Omit<ResumeState, "moments"> | undefined {
    if (this.#metadata.training_state === undefined) return undefined;
    const value = this.json("training_state");
    const state = this.#record("training_state", value);
    this.#check("training_state.epoch", state.epoch, isCount, "a whole number >= 0");
    this.#check("training_state.updates", state.updates, isCount, "a whole number >= 0");
    if (state.best !== undefined) {
      const best = this.#record("training_state.best", state.best);
      const validation = this.#record(
        "training_state.best.validation",
        best.validation,
      );
      this.#check(
        "training_state.best.epoch",
        best.epoch,
        isCount,
        "a whole number >= 0",
      );
      for (const measure of ["loss", "recall"]) {
        const key = `training_state.best.validation.${measure}`;
        this.#check(key, validation[measure], isNumber, "a number");
      }
    }
    return value as Omit<ResumeState, "moments">;
  }

  #record(key: string, value: unknown): Record<string, unknown> {
    this.#check(key, value, isRecord, "a record");
    return value as Record<string, unknown>;
  }

  #check(
    key: string,
    value: unknown,
    holds: (value: unknown) => boolean,
    what: string,
  ): void {
    if (holds(value)) return;
    throw new RangeError(
      `Cannot read the checkpoint "${this.#name}" as "${key}" in its metadata must be ${what}: found ${
        showValue(value)
      }`,
    );
  }
}

const isText = (value: unknown) => typeof value === "string";
const isFlag = (value: unknown) => typeof value === "boolean";
const isNumber = (value: unknown) => typeof value === "number";
const isCount = (value: unknown) => Number.isSafeInteger(value) && value as number >= 0;
const isPositive = (value: unknown) => isCount(value) && value !== 0;
const isRecord = (value: unknown) =>
  typeof value === "object" && value !== null && !Array.isArray(value);
