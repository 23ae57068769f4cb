/**
 * Counts what was mended in data from outside, in the words of the manifest, of `--json`
 * and of messages.
 *
 * @module
 */

/**
 * What was mended: boxes were cut to their image (`boxesCut`) or, without an area, made a
 * pixel wide (`boxesWidened`); images were enlarged to hold their boxes (`imagesEnlarged`);
 * scores were brought into (0, 1] (`scoresClamped`); class names lost spaces around them
 * (`namesTrimmed`); labels were matched but for case, spaces or Unicode form
 * (`namesMatched`); repeated ids of annotations were told apart by their image
 * (`idsByImage`); relations of an entity with itself were left out (`selfRelations`).
 */
export type MendedKind =
  | "boxesCut"
  | "boxesWidened"
  | "imagesEnlarged"
  | "scoresClamped"
  | "namesTrimmed"
  | "namesMatched"
  | "idsByImage"
  | "selfRelations";

/** Everything that is mended, in words. */
export const MENDED: Readonly<Record<MendedKind, string>> = {
  boxesCut: "boxes were cut to their image",
  boxesWidened: "boxes without area were made a pixel wide",
  imagesEnlarged: "images were enlarged to hold their boxes",
  scoresClamped: "scores were brought into (0, 1]",
  namesTrimmed: "class names were freed of spaces around them",
  namesMatched: "names were matched but for case, spaces or Unicode form",
  idsByImage: "repeated ids of annotations were resolved by their image",
  selfRelations: "relations of an entity with itself were left out",
};

/** How often each kind of fault was mended; kinds that never were are left out. */
export type MendedCounts = Partial<Record<MendedKind, number>>;

/** Anything that knows its place in a file, such as a value of JSON. */
export interface Placed {
  readonly place: string;
}

/** One thing that is wrong with a whole file. */
export interface RuleProblem {
  place: string;
  problem: string;
  suggestion?: string;
}

/** Counts what was mended. */
export class Mended {
  readonly #found = new Map<MendedKind, { count: number; place: string; what: string }>();

  /** Counts one; `at` is where, `what` says more of it. */
  add(kind: MendedKind, at: Placed, what?: string): void {
    const found = this.#found.get(kind);
    if (found) found.count++;
    else {this.#found.set(kind, {
        count: 1,
        place: at.place,
        what: what ? `: ${what}` : "",
      });}
  }

  /** How often one was mended. */
  count(kind: MendedKind): number {
    return this.#found.get(kind)?.count ?? 0;
  }

  /** The counts above 0, in the order of {@linkcode MENDED}; `undefined` if all are 0. */
  counts(): MendedCounts | undefined {
    const kinds = Object.keys(MENDED) as MendedKind[];
    const found = kinds.filter((kind) => this.#found.has(kind));
    if (found.length === 0) return undefined;
    return Object.fromEntries(found.map((kind) => [kind, this.count(kind)]));
  }

  /** One line for each kind, with the place of the first. */
  problems(): RuleProblem[] {
    const kinds = Object.keys(this.counts() ?? {}) as MendedKind[];
    return kinds.map((kind) => {
      const { count, place, what } = this.#found.get(kind)!;
      return { place, problem: `${count} ${MENDED[kind]}, first here${what}` };
    });
  }
}

/** The counts in words: `2 boxes were cut to their image, 1 scores were ...`. */
export function mendedText(counts: MendedCounts): string {
  return Object.entries(counts)
    .map(([kind, count]) => `${count} ${MENDED[kind as MendedKind]}`).join(", ");
}
