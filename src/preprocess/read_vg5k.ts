/**
 * Reads the files that `download vg5k` fetches: annotated images in splits, a detector's
 * output on them, and the counts of other images' relations.
 *
 * @module
 */

import { sha256 } from "../checksum.ts";
import {
  type JsonFile,
  readVg5kImages,
  readVg5kNames,
  type Vg5kCounts,
} from "../dataset/formats/vg5k.ts";
import { readVg5kCounts, type TripletCounts } from "../dataset/formats/vg5k_counts.ts";
import type { BoxDetections } from "../dataset/formats/box_detections.ts";
import {
  alignVg5kDetections,
  readVg5kDetections,
} from "../dataset/formats/vg5k_detections.ts";
import type { SplitName } from "../dataset/manifest.ts";
import type { AnnotatedImage } from "../example.ts";
import { exists, readFile } from "../files.ts";
import { type ForeignOptions, ForeignRules } from "../foreign/rules.ts";
import type { Vocabulary } from "../vocabulary.ts";

/** Numbers of images for training and validation; the others are for testing. */
const VG5K_SIZES = { train: 3500, validation: 300 };

/** The annotations and detections of `vg5k`. */
export interface Vg5k {
  vocabulary: Vocabulary;
  /** The images with boxes, in splits, each in the order of the file. */
  images: Record<SplitName, AnnotatedImage[]>;
  /** The detector's output by the id of the image, for all images but four. */
  detections: Map<string, BoxDetections>;
  /** What the annotation file holds, and what is left out. */
  counts: Vg5kCounts;
  /** SHA-256 over the files. */
  hash: string;
  /** What was mended. */
  rules: ForeignRules;
}

/**
 * Reads annotations and detections.
 *
 * @param folder Folder of the files.
 * @param options What to do about boxes and names that can be mended.
 * @returns The images in splits, and the detections.
 * @throws {RangeError} If a file is missing or has impossible values.
 * @throws {SyntaxError} If a file is not of the published form.
 */
export async function readVg5k(
  folder: string,
  { strict, cutBoxes }: ForeignOptions = {},
): Promise<Vg5k> {
  const objects = await readText(folder, "objects.json");
  const predicates = await readText(folder, "predicates.json");
  const annotations = await readText(folder, "data_annos_img_test.json");
  const found = await readBytes(folder, "det_res.pkl");
  const rules = new ForeignRules({ strict, cutBoxes });
  const names = readVg5kNames(objects, predicates, rules);
  const { images, counts } = readVg5kImages(annotations, names, rules);
  const detections = readVg5kDetections(found, names.classes);
  const texts = [objects, predicates, annotations].map(({ text }) => text);
  return {
    vocabulary: names.vocabulary,
    images: splitVg5k(images.filter((image) => image !== undefined)),
    detections: alignVg5kDetections(images, detections),
    counts,
    hash: [...texts, found.bytes].map(sha256).join(" "),
    rules,
  };
}

/**
 * Reads the counts of relations in other images.
 *
 * @param folder Folder of the files.
 * @returns The counts in the vocabulary of {@linkcode readVg5k}, and the SHA-256 of the
 * file.
 * @throws {RangeError} If a file is missing or has impossible values.
 * @throws {SyntaxError} If a file is not of the published form.
 */
export async function readVg5kTripletCounts(
  folder: string,
): Promise<TripletCounts & { vocabulary: Vocabulary; hash: string }> {
  const names = readVg5kNames(
    await readText(folder, "objects.json"),
    await readText(folder, "predicates.json"),
  );
  const file = await readText(folder, "tuples-counts_train.json");
  const { vocabulary } = names;
  return { ...readVg5kCounts(file, names), vocabulary, hash: sha256(file.text) };
}

/**
 * Divides the images that have boxes into splits by the SHA-256 of their ids, so that the
 * order of the file does not matter.
 *
 * @param images All images; those without boxes are left out.
 * @returns The 3,500 images with the least hashes for training, the next 300 for
 * validation, the others for testing; of few images eight and one of ten. Each split keeps
 * the given order.
 */
export function splitVg5k(
  images: readonly AnnotatedImage[],
): Record<SplitName, AnnotatedImage[]> {
  const used = images.filter(({ entityLabels }) => entityLabels.length > 0);
  const ranked = used.map(({ id }) => ({ id, hash: sha256(id) }))
    .sort((a, b) => a.hash < b.hash ? -1 : 1);
  const train = Math.min(VG5K_SIZES.train, Math.floor(used.length * 0.8));
  const validation = Math.min(VG5K_SIZES.validation, Math.floor(used.length * 0.1));
  const splitOf = new Map<string, SplitName>(ranked.map(({ id }, rank) => {
    if (rank < train) return [id, "train"];
    return [id, rank < train + validation ? "validation" : "test"];
  }));
  const of = (split: SplitName) => used.filter(({ id }) => splitOf.get(id) === split);
  return { train: of("train"), validation: of("validation"), test: of("test") };
}

async function readText(folder: string, name: string): Promise<JsonFile> {
  const { name: path, bytes } = await readBytes(folder, name);
  return { name: path, text: new TextDecoder().decode(bytes) };
}

async function readBytes(
  folder: string,
  name: string,
): Promise<{ name: string; bytes: Uint8Array }> {
  const path = `${folder}/${name}`;
  if (await exists(path)) return { name: path, bytes: await readFile(path) };
  throw new RangeError(
    `Cannot preprocess "vg5k" as "${path}" is missing: run "deno task download vg5k" first`,
  );
}
