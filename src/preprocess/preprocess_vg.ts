/**
 * Preprocesses datasets in the VG-SGG layout: VG150 from the files that `download vg150`
 * fetches, or others.
 *
 * @module
 */

import type { Dataset } from "../dataset/dataset.ts";
import { readVgHdf5, type VgOptions } from "../dataset/formats/vg_hdf5.ts";
import { findSource } from "../download/sources.ts";
import { sha256 } from "../checksum.ts";
import { exists, readFile } from "../files.ts";
import {
  mendedDetails,
  preprocess,
  type PreprocessInput,
  type PreprocessOptions,
} from "./preprocess.ts";

/** Possible names of each of the three files. */
const FILES = {
  annotations: ["VG-SGG.h5", "VG-SGG-with-attri.h5"],
  dicts: ["VG-SGG-dicts.json", "VG-SGG-dicts-with-attri.json"],
  imageData: ["image_data.json"],
} as const;

/** Settings of {@linkcode preprocessVg}. */
export interface PreprocessVgOptions
  extends PreprocessOptions, Omit<VgOptions, "reader"> {
  /** Folder of the files. */
  raw: string;
  /** Folder of the dataset. */
  out: string;
  /** Name of the dataset; default `"vg150"`. */
  name?: string;
  /** The command line, which the manifest records. */
  command: string;
}

/**
 * Makes the processed dataset.
 *
 * @param options Where to read and write, what to leave out, and how the label predictor is
 * fitted.
 * @returns The dataset, open for reading; an existing one if it was made from the same
 * inputs.
 * @throws {RangeError} If a file is missing or has impossible values.
 * @throws {SyntaxError} If a file is not of the published form.
 */
export async function preprocessVg(options: PreprocessVgOptions): Promise<Dataset> {
  return await preprocess(...await prepareVg(options));
}

/** Reads the images for {@linkcode preprocessVg}, and says how they are made into a dataset. */
export async function prepareVg(
  options: PreprocessVgOptions,
): Promise<PreprocessInput> {
  const { raw, out, command, name = "vg150" } = options;
  const { validation, overlapping, maxEntities, strict, cutBoxes } = options;
  const { boxForm, swapSizes } = options;
  const annotations = await readOne(raw, FILES.annotations);
  const dicts = await readOne(raw, FILES.dicts);
  const imageData = await readOne(raw, FILES.imageData);
  const hashed = [
    ...[annotations, dicts, imageData].map(({ bytes }) => bytes),
    new TextEncoder().encode(
      JSON.stringify([validation, overlapping, maxEntities, boxForm, swapSizes]),
    ),
  ];
  const imagesHash = hashed.map(sha256).join(" ");
  const { vocabulary, images, annotated, leftOut, boxes, mended, warnings } =
    await readVgHdf5(
      { annotations, dicts: textOf(dicts), imageData: textOf(imageData) },
      { validation, overlapping, maxEntities, strict, cutBoxes, boxForm, swapSizes },
    );
  for (const warning of warnings) options.onWarning?.(warning);
  const { title, publisher, licence } = findSource("vg150");
  const isVg150 = name === "vg150";
  return [out, images, {
    name,
    vocabulary: vocabulary.toJSON(),
    source: isVg150 ? `${title}, ${publisher}` : `${annotations.name} (VG-SGG layout)`,
    licence: isVg150 ? licence : "not known to this program",
    command,
    imagesHash,
    details: { annotated, boxes, leftOut: { ...leftOut }, ...mendedDetails(mended) },
  }, options];
}

interface NamedBytes {
  name: string;
  bytes: Uint8Array;
}

async function readOne(folder: string, names: readonly string[]): Promise<NamedBytes> {
  for (const name of names) {
    const path = `${folder}/${name}`;
    if (await exists(path)) return { name: path, bytes: await readFile(path) };
  }
  throw new RangeError(
    `Cannot preprocess "${folder}" as "${folder}/${
      names[0]
    }" is missing: run "deno task download vg150" first`,
  );
}

function textOf({ name, bytes }: NamedBytes): { name: string; text: string } {
  return { name, text: new TextDecoder().decode(bytes) };
}
