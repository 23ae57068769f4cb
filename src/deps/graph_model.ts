/**
 * The npm package that runs graph models of TensorFlow. `mod.ts` does not load it.
 *
 * @module
 */

import type { tf } from "./tf.ts";

/** A network; it owns memory of a backend. */
export interface GraphModel {
  /** Takes the weights to the current backend. */
  load(): boolean | Promise<boolean>;
  /** Computes the outputs with these names. */
  execute(input: tf.Tensor, outputs: readonly string[]): tf.Tensor | tf.Tensor[];
  /** Frees its memory. */
  dispose(): void;
}

/** What a program needs of the package. */
export interface GraphModels {
  GraphModel: new (source: { load(): tf.io.ModelArtifacts }) => GraphModel;
}

/** Loads the package. */
export async function loadGraphModels(): Promise<GraphModels> {
  await import("./tf.ts"); // first, so that the host keeps its platform
  // As a sum, Deno fetches it here, and not with every program that imports mod.ts.
  return await import("npm:@tensorflow/tfjs-converter@4.22.0" + "");
}
