/**
 * Scores predictions from a file: matches them with the annotated images by id, and
 * refuses those that do not fit.
 *
 * @module
 */

import { evaluatorOptions } from "../evaluation_result.ts";
import type { AnnotatedImage } from "../../example.ts";
import { nearestName } from "../../nearest.ts";
import type { ImagePrediction } from "./image_prediction.ts";
import type { Prediction } from "../prediction.ts";
import { givesLabels, isDetection, type Protocol, type Task } from "../protocol.ts";
import { type EvaluatorOptions, RecallEvaluator } from "../evaluator.ts";

/**
 * What to do about images without a prediction: `refuse`; `skip` them; or score them as
 * `empty` predictions, which each protocol treats as its program does: see
 * {@linkcode describeMissing}.
 */
export type MissingImages = "refuse" | "skip" | "empty";

/**
 * Says what becomes of images without a prediction, and what the protocol's own program
 * does.
 *
 * @param protocol The protocol.
 * @param missing How missing images are treated.
 */
export function describeMissing(
  { name, withoutPredictions }: Protocol,
  missing: "skip" | "empty",
): string {
  if (withoutPredictions === "skip") return `${name} leaves them out`;
  return missing === "empty"
    ? `${name} counts them as 0`
    : `left out, but ${name} counts them as 0`;
}

/** Settings of {@linkcode scorePredictions}. */
export interface ScoreOptions extends EvaluatorOptions {
  /** The protocols to score under. */
  protocols: readonly Protocol[];
  /** How to treat images without a prediction; default `refuse`. */
  missing?: MissingImages;
  /** Ids of images that are not scored; their predictions are ignored. */
  others?: ReadonlySet<string>;
  /** Finds images by the names that predictions have; default among the scored ones. */
  findImage?: ImageFinder;
  /** Called after each image with the numbers of scored and of all images. */
  onProgress?: (done: number, total: number) => void;
}

/** The results of one protocol. */
export interface Score {
  protocol: Protocol;
  /** Results of this project. */
  evaluator: RecallEvaluator;
  /**
   * Results of the original program, which does not sort lists of triplets or reduce them
   * to one predicate per pair; only if they differ.
   */
  original?: RecallEvaluator;
}

/** The results of several protocols. */
export interface Scores {
  /** One entry per protocol. */
  scores: Score[];
  /** Number of images without a prediction. */
  missing: number;
}

/**
 * Collects the annotations of images by id, without their logits.
 *
 * @param examples The images; fields other than annotations are dropped.
 */
export async function annotationsById(
  examples: AsyncIterable<AnnotatedImage> | Iterable<AnnotatedImage>,
): Promise<Map<string, AnnotatedImage>> {
  const truths = new Map<string, AnnotatedImage>();
  for await (const example of examples) {
    const { id, fileName, width, height, boxes, entityLabels, relations } = example;
    const { annotated, negatives } = example;
    truths.set(id, {
      ...{ id, width, height, boxes, entityLabels, relations },
      ...fileName !== undefined && { fileName },
      ...annotated && { annotated },
      ...negatives && { negatives },
    });
  }
  return truths;
}

/** Finds an image by its id or by the name of its file. */
export type ImageFinder = (
  name: string,
) => { id: string; size: readonly [number, number] };

/**
 * Finds images by their ids or by the names of their files. A name that is neither may
 * still have other folders or another extension, as in `images/1.png` for `1.jpg`.
 *
 * @param truths Images by id.
 * @returns A function from a name to the id and the size of its image; it throws a
 * `RangeError` if no image or several images match.
 */
export function imageFinder(truths: ReadonlyMap<string, AnnotatedImage>): ImageFinder {
  const byName = new Map<string, Set<string>>(), byStem = new Map<string, Set<string>>();
  const put = (ids: Map<string, Set<string>>, name: string, id: string) =>
    ids.set(name, (ids.get(name) ?? new Set()).add(id));
  for (const { id, fileName = id } of truths.values()) {
    for (const name of [id, fileName]) {
      put(byName, name, id);
      put(byStem, stem(name), id);
    }
  }
  return (name) => {
    const found = [...byName.get(name) ?? byStem.get(stem(name)) ?? []];
    if (found.length !== 1) {
      throw new RangeError(
        `Cannot score "${name}" as exactly one image of the dataset must have that id or file name: found ${
          found.length === 0
            ? `none, the nearest is "${nearestName(stem(name), byStem.keys())}"`
            : found.join(", ")
        }`,
      );
    }
    const { width, height } = truths.get(found[0])!;
    return { id: found[0], size: [width, height] };
  };
}

/** A name without folders and extension; an extension has a letter, as `1.2` has none. */
function stem(name: string): string {
  return name.replace(/^.*[\\/]/, "").replace(/\.(?=\w*[a-z])\w+$/i, "");
}

/**
 * Scores predictions under several protocols.
 *
 * @param truths The annotated images, by id; results keep their order.
 * @param predictions One prediction for each image, by its id or file name, in any order.
 * @param options Protocols, task, metrics, and how to treat missing images.
 * @returns Results of each protocol, and the number of images without a prediction.
 * @throws {RangeError} If a prediction belongs to an unknown image, is repeated, does not
 * fit its image, or is missing.
 */
export async function scorePredictions(
  truths: ReadonlyMap<string, AnnotatedImage>,
  predictions: AsyncIterable<ImagePrediction> | Iterable<ImagePrediction>,
  options: ScoreOptions,
): Promise<Scores> {
  const { task = "sgcls", missing = "refuse", onProgress } = options;
  const evaluators = options.protocols.map((protocol) => ({
    protocol,
    evaluator: new RecallEvaluator(protocol, evaluatorOptions(options)),
    original: new RecallEvaluator(
      { ...protocol, lists: "given" },
      evaluatorOptions(options),
    ),
  }));
  const done = new Set<string>();
  const findImage = options.findImage ?? imageFinder(truths);
  for await (const { id: name, prediction } of predictions) {
    if (options.others?.has(name)) continue;
    const { id } = findImage(name);
    if (options.others?.has(id)) continue;
    const truth = truths.get(id)!;
    if (done.has(id)) {
      throw new RangeError(
        `Cannot score image "${id}" as it must have one prediction: found two`,
      );
    }
    done.add(id);
    for (const { evaluator, original } of evaluators) {
      evaluator.add(truth, prediction);
      original.add(truth, prediction);
    }
    onProgress?.(done.size, truths.size);
  }
  const without = [...truths.values()].filter(({ id }) => !done.has(id));
  if (without.length > 0 && missing === "refuse") {
    throw new RangeError(
      `Cannot score all images as ${without.length} of ${truths.size} have no prediction, first "${
        without[0].id
      }": leave them out (--missing skip), or score them as empty (--missing empty), as the originals do: ${
        options.protocols.map((protocol) => describeMissing(protocol, "empty")).join("; ")
      }`,
    );
  }
  for (const truth of without) {
    for (const { evaluator, original } of evaluators) {
      if (missing === "skip") evaluator.skip(truth.id);
      else {
        evaluator.add(truth, nothing(truth, task));
        original.add(truth, nothing(truth, task));
      }
    }
  }
  const order = [...truths.keys()];
  const scores = evaluators.map(({ protocol, evaluator, original }): Score => {
    evaluator.reorder(order);
    const [mine, theirs] = [evaluator, original].map((one) => {
      return JSON.stringify(one.result().values);
    });
    return { protocol, evaluator, original: mine === theirs ? undefined : original };
  });
  return { scores, missing: without.length };
}

/** A prediction without any relation. */
function nothing({ entityLabels }: AnnotatedImage, task: Task): Prediction {
  const none = { pairs: [], predicateScores: [] };
  if (isDetection(task)) return { ...none, boxes: [], entityLabels: [] };
  // A list may leave out pairs, also those that predicate detection gives.
  if (givesLabels(task)) return { triplets: [], scores: [] };
  return { ...none, entityLabels: new Int32Array(entityLabels.length).fill(-1) };
}
