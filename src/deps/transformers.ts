/**
 * Hugging Face's package of models, for detectors by name. `mod.ts` does not load it.
 *
 * @module
 */

/** The package; as a variable, Deno fetches it when it is loaded. */
const PACKAGE = "npm:@huggingface/transformers@4.3.2";

/** A pipeline for object detection. */
export interface DetectionPipeline {
  (
    image: unknown,
    options: { threshold: number; percentage: boolean },
  ): Promise<unknown>;
  dispose(): Promise<unknown>;
}

/** What a program needs of the package. */
export interface Transformers {
  env: { localModelPath: string; allowRemoteModels: boolean };
  RawImage: new (
    data: Uint8ClampedArray | Uint8Array,
    width: number,
    height: number,
    channels: 4,
  ) => { rgb(): unknown };
  pipeline(
    task: "object-detection",
    model: string,
    options: { progress_callback?: (progress: TransformersProgress) => void },
  ): Promise<DetectionPipeline>;
}

/** What the package says while the files of a model arrive. */
export interface TransformersProgress {
  status: string;
  /** Bytes so far, and all of them. */
  loaded?: number;
  total?: number;
}

/** Loads the package. */
export async function loadTransformers(): Promise<Transformers> {
  return await import(PACKAGE);
}
