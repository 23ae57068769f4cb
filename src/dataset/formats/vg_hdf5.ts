/**
 * Reads datasets in the layout of Visual Genome's scene graphs (Xu, Zhu, Choy and Fei-Fei,
 * CVPR 2017), with or without attributes: `VG-SGG.h5`, `VG-SGG-dicts.json` and
 * `image_data.json`.
 *
 * | data set | shape | |
 * |---|---|---|
 * | `boxes_1024` | `[B, 4]` | centre x and y, width, height; longer side of the image: 1024 |
 * | `labels` | `[B]` or `[B, 1]` | class, counted from 1 |
 * | `relationships` | `[R, 2]` | rows of subject and object in `boxes_1024` |
 * | `predicates` | `[R]` or `[R, 1]` | predicate, counted from 1 |
 * | `img_to_first_box`, `img_to_last_box` | `[M]` | first and last row, inclusive; -1 for none |
 * | `img_to_first_rel`, `img_to_last_rel` | `[M]` | the same for relations |
 * | `split` | `[M]` | 0 training, 1 validation (unused in VG150), 2 test |
 *
 * Where the files are ambiguous, this reader decides:
 *
 * - `image_data.json` lists the images of the HDF5 file in the same order. If it has
 *   exactly four more, the images with corrupted files (1592, 1722, 4616, 4617), these
 *   are skipped.
 * - If no image has split 1, the first training images with relations become the
 *   validation split: 5,000 in VG150 itself, as in neural-motifs, else a tenth.
 * - Boxes are cut to the image, and widened to one pixel if they are thinner. If much would
 *   be cut, the file is refused (docs/foreign_data.md).
 * - If the boxes would fit in another form, or with width and height swapped, as well, that
 *   is a warning, and stands in the manifest.
 * - Relations stay as annotated, with several predicates per pair and repeated rows. A
 *   relation of an entity with itself is left out and counted.
 * - Images without relations or without boxes are kept.
 *
 * @module
 */

import { Hdf5Reader } from "../../io/hdf5.ts";
import type { MendedCounts } from "../../foreign/mended.ts";
import { assumptionText, type Reading } from "../../foreign/other_readings.ts";
import { type ForeignOptions, ForeignRules } from "../../foreign/rules.ts";
import type { Vocabulary } from "../../vocabulary.ts";
import type { AnnotatedImage } from "../../example.ts";
import type { SplitName } from "../manifest.ts";
import type { JsonFile } from "./_json_file.ts";
import { readVgImageData, readVgVocabulary, type VgImageSize } from "./_vg_json.ts";
import { VgTables } from "./_vg_tables.ts";

/** The three files of a dataset. */
export interface VgFiles {
  /** `VG-SGG.h5` or `VG-SGG-with-attri.h5`. */
  annotations: { name: string; bytes: Uint8Array };
  /** `VG-SGG-dicts.json` or `VG-SGG-dicts-with-attri.json`. */
  dicts: JsonFile;
  /** `image_data.json`. */
  imageData: JsonFile;
}

/** How to read a dataset. */
export interface VgOptions extends ForeignOptions {
  /** Number of training images to use for validation; default: see the module. */
  validation?: number;
  /**
   * Whether to leave out training relations of boxes that do not overlap, and then
   * training images without relations, as neural-motifs does for detection; default
   * false.
   */
  overlapping?: boolean;
  /** The form of the boxes; default, as published, `centres`. */
  boxForm?: "centres" | "corners" | "sizes";
  /** Whether width and height stand for one another in `image_data.json`; default false. */
  swapSizes?: boolean;
  /** Leave out images with more entities; default: no limit. */
  maxEntities?: number;
  /** Reads the HDF5 file; default: a new one, which takes a moment to start. */
  reader?: Hdf5Reader;
}

/** Counts of left-out images and relations. */
export interface VgLeftOut {
  /** Images in `image_data.json` whose files are corrupted. */
  corruptedImages: number;
  /** Images with more entities than `maxEntities`. */
  largeImages: number;
  /** Relations of an entity with itself. */
  selfRelations: number;
  /** Training relations of boxes that do not overlap. */
  apartRelations: number;
  /** Training images without relations after those were left out. */
  apartImages: number;
}

/** The images of a dataset by split. */
export interface VgDataset {
  vocabulary: Vocabulary;
  images: Record<SplitName, AnnotatedImage[]>;
  /** Counts of everything in the file. */
  annotated: { images: number; entities: number; relations: number };
  leftOut: VgLeftOut;
  /** How boxes and sizes were read, and the other readings in which the boxes fit, too. */
  boxes: { form: string; swappedSizes: boolean; alsoFit: Reading[] };
  /** What was mended, if anything was. */
  mended?: MendedCounts;
  /** What looks wrong, one line each. */
  warnings: string[];
}

/** Sizes that identify VG150 itself, and the number of its validation images. */
const VG150 = { images: 108_073, classes: 150, predicates: 50, validation: 5000 };
/** Share of training images for validation in other datasets. */
const VALIDATION_SHARE = 0.1;

/**
 * Reads a dataset in the VG-SGG layout.
 *
 * @param files The three files.
 * @param options Limits, and the number of validation images.
 * @returns Vocabulary, images, and counts of left-out images and relations.
 * @throws {SyntaxError} If a file does not parse or lacks a value.
 * @throws {RangeError} If files contradict each other, or a number is out of range.
 */
export async function readVgHdf5(
  files: VgFiles,
  options: VgOptions = {},
): Promise<VgDataset> {
  const { annotations, dicts } = files;
  const { boxForm: form = "centres", swapSizes = false } = options;
  const rules = new ForeignRules({ ...options, form });
  const vocabulary = readVgVocabulary(dicts, rules);
  using own = options.reader ? undefined : new Hdf5Reader();
  const reader = options.reader ?? own!;
  const tables = await VgTables.read(annotations, vocabulary, reader, form);
  rules.boxes.isPublished = isVg150(tables, vocabulary);
  const sizes = readVgImageData(files.imageData, tables.images);
  const sizeOf = ({ width, height, ...rest }: VgImageSize): VgImageSize => ({
    ...rest,
    ...swapSizes ? { width: height, height: width } : { width, height },
  });
  const leftOut: VgLeftOut = {
    corruptedImages: sizes.corrupted,
    largeImages: 0,
    selfRelations: 0,
    apartRelations: 0,
    apartImages: 0,
  };
  const splitOf = splitImages(tables, vocabulary, options.validation);
  const images: VgDataset["images"] = { train: [], validation: [], test: [] };
  for (let i = 0; i < tables.images; i++) {
    const numEntities = tables.rows("box", i).length;
    if (numEntities > (options.maxEntities ?? Infinity)) {
      leftOut.largeImages++;
      continue;
    }
    const split = splitOf(i);
    const rows = tables.rows("rel", i);
    const known = rows.filter((row) => !tables.isOfOneself(row));
    leftOut.selfRelations += rows.length - known.length;
    if (options.strict && known.length < rows.length) {
      const { id } = sizes.images[i];
      rules.mended.add("selfRelations", {
        place: `"${annotations.name}": image "${id}"`,
      });
    }
    const isFiltered = options.overlapping && split === "train";
    const relations = isFiltered
      ? known.filter((row) => tables.isOverlapping(row))
      : known;
    leftOut.apartRelations += known.length - relations.length;
    if (isFiltered && relations.length === 0) leftOut.apartImages++;
    else images[split].push(tables.image(i, sizeOf(sizes.images[i]), relations, rules));
  }
  rules.throwProblems();
  const warnings = rules.warnings.map(({ place, problem }) => `${place} ${problem}`);
  const alsoFit = rules.boxes.isPublished ? [] : rules.boxes.others.list();
  // What a user says needs no warning.
  const isSaid = (reading: Reading) =>
    reading === "swappedSizes" ? swapSizes : form !== "centres";
  const assumption = assumptionText(form, alsoFit.filter((other) => !isSaid(other)));
  if (assumption) warnings.push(`"${annotations.name}": ${assumption}`);
  return {
    ...{ vocabulary, images, annotated: tables.counts, leftOut, warnings },
    boxes: { form, swappedSizes: swapSizes, alsoFit },
    mended: rules.counts,
  };
}

/** Returns a function from the index of an image to its split. */
function splitImages(
  tables: VgTables,
  vocabulary: Vocabulary,
  validation?: number,
): (image: number) => SplitName {
  if (validation !== undefined && !(Number.isInteger(validation) && validation >= 0)) {
    throw new RangeError(
      `Cannot split the images as validation must be an integer >= 0: current value is ${validation}`,
    );
  }
  const { split } = tables;
  const names: readonly SplitName[] = ["train", "validation", "test"];
  if (validation === undefined && split.includes(1)) return (i) => names[split[i]];
  const eligible: number[] = [];
  split.forEach((value, i) => {
    const hasRelation = tables.rows("rel", i).some((row) => !tables.isOfOneself(row));
    if (value === 0 && hasRelation) eligible.push(i);
  });
  const count = validation ??
    (isVg150(tables, vocabulary)
      ? VG150.validation
      : Math.round(VALIDATION_SHARE * eligible.length));
  if (count > eligible.length) {
    throw new RangeError(
      `Cannot take ${count} images for validation as only ${eligible.length} training images have relations`,
    );
  }
  const chosen = new Set(eligible.slice(0, count));
  return (i) => chosen.has(i) ? "validation" : names[split[i]];
}

/** Whether a file has the numbers of the published one. */
function isVg150({ images }: VgTables, { entities, predicates }: Vocabulary): boolean {
  return images === VG150.images && entities.length === VG150.classes &&
    predicates.length === VG150.predicates;
}
