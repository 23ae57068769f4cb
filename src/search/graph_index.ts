/**
 * Finds images by a pattern of relations.
 *
 * @module
 */

import { DatabaseSync } from "../deps/sqlite.ts";
import { exists } from "../files.ts";
import type { Box } from "../scene_graph.ts";
import { parsePattern, type PatternNames } from "./pattern.ts";
import { imagesQueryOf, queryOf } from "./query.ts";
import { SCHEMA_VERSION } from "./schema.ts";

/** An entity of a match. */
export interface FoundEntity {
  /** Index in its image. */
  entity: number;
  label: string;
  score: number;
  /** The box in pixels. */
  box: Box;
}

/** A place where a pattern fits. */
export interface Match {
  /** Id of the image. */
  image: string;
  /** Its split, of a dataset. */
  split?: string;
  /** Product of the scores of the pattern's relations; annotated ones have 1. */
  score: number;
  /** For each clause its entities, and the predicate if it is a relation. */
  clauses: { subject: FoundEntity; predicate?: string; object?: FoundEntity }[];
}

/** An index of scene graphs, opened for reading. */
export class GraphIndex {
  readonly #database: DatabaseSync;
  readonly #names: { classes: string[]; predicates: string[] };
  /** What it was made of. */
  readonly source: { name: string; hash: string };

  private constructor(database: DatabaseSync, source: { name: string; hash: string }) {
    this.#database = database;
    this.source = source;
    const namesOf = (sql: string) =>
      database.prepare(sql).all().map(({ name }) => name as string);
    this.#names = {
      classes: namesOf("SELECT name FROM classes ORDER BY class"),
      predicates: namesOf("SELECT name FROM predicates ORDER BY predicate"),
    };
  }

  /**
   * Opens an index.
   *
   * @param path Path of the file.
   * @returns The index; `undefined` if the file has no index of this version.
   */
  static async open(path: string): Promise<GraphIndex | undefined> {
    if (!await exists(path)) return undefined;
    let database: DatabaseSync | undefined;
    try {
      database = new DatabaseSync(path, { readOnly: true });
      const { version, hash, name } = database.prepare("SELECT * FROM source").get()! as {
        version: number;
        hash: string;
        name: string;
      };
      if (version === SCHEMA_VERSION) return new GraphIndex(database, { name, hash });
    } catch {
      // Another file: an index can always be made again.
    }
    database?.close();
    return undefined;
  }

  /** Classes and predicates that occur. */
  get names(): PatternNames {
    return { entities: this.#names.classes, predicates: this.#names.predicates };
  }

  /** Number of images. */
  get size(): number {
    return this.#database.prepare("SELECT count(*) AS n FROM images").get()!.n as number;
  }

  /**
   * Finds where a pattern fits.
   *
   * @param text The pattern, as `parsePattern` reads it.
   * @param limit Greatest number of matches; default 100.
   * @param image Id of the only image to look at; default: all.
   * @returns Matches by descending score.
   * @throws {RangeError} If the pattern cannot be read.
   */
  find(text: string, limit = 100, image?: string): Match[] {
    const clauses = parsePattern(text, this.names);
    const { sql, parameters } = queryOf(clauses, limit, image);
    const rows = this.#database.prepare(sql).all(...parameters) as Record<
      string,
      number
    >[];
    const imageOf = this.#database.prepare(
      "SELECT id, split FROM images WHERE image = ?",
    );
    const entityOf = this.#database.prepare(
      "SELECT class, score, x1, y1, x2, y2 FROM entities WHERE image = ? AND entity = ?",
    );
    const found = (image: number, entity: number): FoundEntity => {
      const row = entityOf.get(image, entity)! as Record<string, number>;
      const box = [row.x1, row.y1, row.x2, row.y2] as const;
      return { entity, label: this.#names.classes[row.class], score: row.score, box };
    };
    return rows.map((row) => {
      const { id, split } = imageOf.get(row.image)! as {
        id: string;
        split: string | null;
      };
      return {
        image: id,
        ...split !== null && { split },
        score: row.score,
        clauses: clauses.map(({ object }, k) => ({
          subject: found(row.image, row[`subject_${k}`]),
          ...object && {
            predicate: this.#names.predicates[row[`predicate_${k}`]],
            object: found(row.image, row[`object_${k}`]),
          },
        })),
      };
    });
  }

  /**
   * Finds the images in which a pattern fits.
   *
   * @param text The pattern, as `parsePattern` reads it.
   * @param split Only images of this split; default: all.
   * @returns Their ids, each once, in the order of the index.
   * @throws {RangeError} If the pattern cannot be read.
   */
  images(text: string, split?: string): string[] {
    const { sql, parameters } = imagesQueryOf(parsePattern(text, this.names), split);
    return this.#database.prepare(sql).all(...parameters).map(({ id }) => id as string);
  }

  /** The most frequent triplet of a split, as a pattern; `undefined` without relations. */
  commonTriplet(split: string): string | undefined {
    const row = this.#database.prepare(`
      SELECT subject_class, predicate, object_class FROM relations
      JOIN images USING (image) WHERE split = ?
      GROUP BY 1, 2, 3 ORDER BY count(*) DESC, 1, 2, 3 LIMIT 1`).get(split) as
      | Record<string, number>
      | undefined;
    if (!row) return undefined;
    const { classes, predicates } = this.#names;
    return [
      ...[classes[row.subject_class], predicates[row.predicate]],
      classes[row.object_class],
    ].join(" ");
  }

  /** Closes the file. */
  [Symbol.dispose](): void {
    this.#database.close();
  }
}
