/**
 * What an evaluation keeps of each image: every metric, on all images or on a sample of
 * them, is computed from these records.
 *
 * @module
 */

import { Column } from "./_column.ts";
import { ACCURACY_COUNTS, type AccuracyCounts } from "./accuracy.ts";
import { type CandidateColumns, CandidateScores } from "./candidate_scores.ts";
import { FEW, FIRST_OF_PAIR, SOME, UNSEEN } from "./matching/annotated_rows.ts";
import type { LabelledRows } from "./matching/labelled_rows.ts";
import type { ImageRanks } from "./matching/image_ranks.ts";
import { listKey, type ListSpec, type Metric, type RowSubset } from "./metric.ts";

/** The numbers of records, as a file keeps them. */
export interface RecordColumns {
  /** `[images]`: for each image the number of rows up to its end. */
  ends: Uint32Array;
  /** `[images]`: 1 if the image is scored. */
  scored: Uint8Array;
  /** `[rows, 2]`: indices of subject and object. */
  pairs: Uint16Array;
  /** `[rows]`. */
  predicates: Uint16Array;
  /** `[rows]`: bits of {@linkcode SUBSETS}. */
  flags: Uint8Array;
  /** `[images, 8]`: the counts of accuracy. */
  accuracy: Uint32Array;
  /** For each list `[rows]`: the rank at which each row is hit. */
  ranks: Uint16Array[];
  /** The candidates of the first list, if they are kept. */
  candidates?: CandidateColumns;
  /** The judged rows; missing if no image has negatives. */
  judged?: JudgedColumns;
}

/** The judged rows of all images that have negatives, one after another. */
export interface JudgedColumns extends LabelledRows {
  /** Indices of these images. */
  images: Uint32Array;
  /** For each of them the number of judged rows up to its end. */
  ends: Uint32Array;
}

/** A row belongs to a subset if its flags in the mask are those wanted. */
export const SUBSETS: Record<RowSubset, { mask: number; wanted: number }> = {
  all: { mask: 0, wanted: 0 },
  unseen: { mask: UNSEEN, wanted: UNSEEN },
  seen: { mask: UNSEEN, wanted: 0 },
  pairs: { mask: FIRST_OF_PAIR, wanted: FIRST_OF_PAIR },
  "1-5": { mask: FEW, wanted: FEW },
  "6-50": { mask: SOME, wanted: SOME },
  "51+": { mask: UNSEEN | FEW | SOME, wanted: 0 },
};

/**
 * The ranks of all annotated rows, image by image, and the images' accuracy counts.
 *
 * An image takes 37 bytes and its id, an annotated row 7 bytes and 2 for each list.
 */
export class ImageRecords {
  /** Ids of the images, including those that are not scored. */
  readonly ids: string[] = [];
  /** The ranked lists that metrics look at. */
  readonly lists: readonly ListSpec[];
  #numScored = 0;
  /** Judged rows of the images that have negatives, by id. */
  readonly #labelled = new Map<string, LabelledRows>();
  /** For each image the number of rows up to its end. */
  readonly #ends = new Column(new Uint32Array(16));
  /** For each image 1 if it is scored. */
  readonly #isScored = new Column(new Uint8Array(16));
  /** For each row the indices of its subject and object. */
  readonly #pairs = new Column(new Uint16Array(16));
  readonly #predicates = new Column(new Uint16Array(16));
  readonly #flags = new Column(new Uint8Array(16));
  /** For each list the rank at which each row is hit. */
  readonly #ranks: readonly Column<Uint16Array>[];
  /** `[images, 8]`. */
  readonly #accuracy = new Column(new Uint32Array(16));
  /** The candidates of the first list, if they are kept. */
  readonly candidates?: CandidateScores;

  /**
   * @param lists The ranked lists, each once.
   * @param keepScores Whether the candidates of the first list are kept; default: no.
   */
  constructor(lists: readonly ListSpec[], keepScores = false) {
    this.lists = lists;
    if (keepScores) this.candidates = new CandidateScores();
    this.#ranks = lists.map(() => new Column(new Uint16Array(16)));
  }

  /** Number of images that are scored. */
  get numScored(): number {
    return this.#numScored;
  }

  /** Appends an image that is scored. */
  add(id: string, image: ImageRanks, accuracy: AccuracyCounts): void {
    this.#numScored++;
    this.#pairs.push(image.rows.filter((_, at) => at % 3 < 2));
    this.#predicates.push(image.predicates);
    this.#flags.push(image.flags);
    for (const [list, ranks] of image.ranks.entries()) this.#ranks[list].push(ranks);
    if (image.labelled) this.#labelled.set(id, image.labelled);
    this.candidates?.add(image.rankings?.[0]);
    this.#close(id, ACCURACY_COUNTS.map((name) => accuracy[name]), true);
  }

  /** The judged rows of each image, if it has negatives. */
  labelledRows(): (LabelledRows | undefined)[] {
    return this.ids.map((id) => this.#labelled.get(id));
  }

  /** Appends an image that is not scored; it may have candidates. */
  skip(id: string, image?: ImageRanks): void {
    this.candidates?.add(image?.rankings?.[0]);
    this.#close(id, ACCURACY_COUNTS.map(() => 0), false);
  }

  /** Appends all images of records of the same lists. */
  append(other: ImageRecords): void {
    for (let image = 0; image < other.ids.length; image++) this.#copy(other, image);
    this.#numScored += other.#numScored;
  }

  /**
   * The same records in another order.
   *
   * @param ids All ids, in that order.
   */
  inOrder(ids: readonly string[]): ImageRecords {
    const places = new Map(this.ids.map((id, image) => [id, image]));
    const ordered = new ImageRecords(this.lists, this.candidates !== undefined);
    for (const id of ids) ordered.#copy(this, places.get(id)!);
    ordered.#numScored = this.#numScored;
    return ordered;
  }

  #copy(other: ImageRecords, image: number): void {
    const first = image === 0 ? 0 : other.#ends.values[image - 1];
    const end = other.#ends.values[image], width = ACCURACY_COUNTS.length;
    this.#pairs.push(other.#pairs.values.subarray(2 * first, 2 * end));
    this.#predicates.push(other.#predicates.values.subarray(first, end));
    this.#flags.push(other.#flags.values.subarray(first, end));
    for (const [list, ranks] of this.#ranks.entries()) {
      ranks.push(other.#ranks[list].values.subarray(first, end));
    }
    const labelled = other.#labelled.get(other.ids[image]);
    if (labelled) this.#labelled.set(other.ids[image], labelled);
    this.candidates?.copy(other.candidates!, image);
    const at = image * width;
    const accuracy = other.#accuracy.values.subarray(at, at + width);
    this.#close(other.ids[image], accuracy, other.#isScored.values[image] === 1);
  }

  #close(id: string, accuracy: ArrayLike<number>, isScored: boolean): void {
    this.ids.push(id);
    this.#isScored.push([isScored ? 1 : 0]);
    this.#ends.push([this.#predicates.values.length]);
    this.#accuracy.push(accuracy);
  }

  /** The numbers of all images; views, which later calls may move. */
  columns(): RecordColumns {
    return {
      ends: this.#ends.values,
      scored: this.#isScored.values,
      pairs: this.#pairs.values,
      predicates: this.#predicates.values,
      flags: this.#flags.values,
      accuracy: this.#accuracy.values,
      ranks: this.#ranks.map(({ values }) => values),
      ...this.candidates && { candidates: this.candidates.columns() },
      ...this.#labelled.size > 0 && { judged: this.#judged() },
    };
  }

  #judged(): JudgedColumns {
    const images: number[] = [], ends: number[] = [], all: LabelledRows[] = [];
    let end = 0;
    for (const [image, id] of this.ids.entries()) {
      const rows = this.#labelled.get(id);
      if (!rows) continue;
      images.push(image);
      ends.push(end += rows.predicates.length);
      all.push(rows);
    }
    return {
      images: Uint32Array.from(images),
      ends: Uint32Array.from(ends),
      predicates: Uint16Array.from(all.flatMap(({ predicates }) => [...predicates])),
      positives: Uint8Array.from(all.flatMap(({ positives }) => [...positives])),
      scores: Float64Array.from(all.flatMap(({ scores }) => [...scores])),
      ranks: Uint16Array.from(all.flatMap(({ ranks }) => [...ranks])),
    };
  }

  /** Appends images with the numbers of {@linkcode columns}, which must fit each other. */
  appendColumns(ids: readonly string[], columns: RecordColumns): void {
    const before = this.#predicates.values.length;
    for (const id of ids) this.ids.push(id);
    this.#ends.push(columns.ends.map((end) => end + before));
    this.#isScored.push(columns.scored);
    this.#pairs.push(columns.pairs);
    this.#predicates.push(columns.predicates);
    this.#flags.push(columns.flags);
    this.#accuracy.push(columns.accuracy);
    for (const [list, ranks] of this.#ranks.entries()) ranks.push(columns.ranks[list]);
    this.candidates?.appendColumns(columns.candidates!);
    this.#numScored += columns.scored.reduce((sum, one) => sum + one, 0);
    const { images, ends, ...judged } = columns.judged ?? { images: [], ends: [] };
    for (const [i, image] of images.entries()) {
      const part = <T extends Uint8Array | Uint16Array | Float64Array>(all: T) =>
        all.slice(ends[i - 1] ?? 0, ends[i]) as T;
      const { predicates, positives, scores, ranks } = judged as LabelledRows;
      this.#labelled.set(ids[image], {
        ...{ predicates: part(predicates), positives: part(positives) },
        ...{ scores: part(scores), ranks: part(ranks) },
      });
    }
  }

  /** The rows of one image: indices, predicates, flags, and a rank for each list. */
  rowsOf(image: number): {
    isScored: boolean;
    pairs: Uint16Array;
    predicates: Uint16Array;
    flags: Uint8Array;
    ranks: Uint16Array[];
  } {
    const ends = this.#ends.values;
    const first = image === 0 ? 0 : ends[image - 1], end = ends[image];
    return {
      isScored: this.#isScored.values[image] === 1,
      pairs: this.#pairs.values.subarray(2 * first, 2 * end),
      predicates: this.#predicates.values.subarray(first, end),
      flags: this.#flags.values.subarray(first, end),
      ranks: this.#ranks.map((ranks) => ranks.values.subarray(first, end)),
    };
  }

  /** One of the accuracy counts for each image. */
  accuracyCounts(name: keyof AccuracyCounts): Uint32Array {
    const all = this.#accuracy.values, width = ACCURACY_COUNTS.length;
    const at = ACCURACY_COUNTS.indexOf(name);
    return new Uint32Array(this.ids.length).map((_, image) => all[image * width + at]);
  }

  /**
   * Calls back for each row of a subset, image by image.
   *
   * @param metric Says which ranked list, and which rows.
   * @param visit Takes the image's index, the row's predicate and its rank.
   */
  forEachRow(
    metric: Pick<Metric, "list" | "rows">,
    visit: (image: number, predicate: number, rank: number) => void,
  ): void {
    const key = listKey(metric.list), { mask, wanted } = SUBSETS[metric.rows];
    const list = this.lists.findIndex((other) => listKey(other) === key);
    const ends = this.#ends.values, predicates = this.#predicates.values;
    const flags = this.#flags.values, ranks = this.#ranks[list].values;
    for (let image = 0, row = 0; image < ends.length; image++) {
      for (; row < ends[image]; row++) {
        if ((flags[row] & mask) !== wanted) continue;
        visit(image, predicates[row], ranks[row]);
      }
    }
  }
}
