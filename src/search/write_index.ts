/**
 * Writes an index of scene graphs: a SQLite file.
 *
 * @module
 */

import { DatabaseSync, type StatementSync } from "../deps/sqlite.ts";
import { fileInfo, makeFolder, removeFile, rename } from "../files.ts";
import { dirname } from "node:path";
import { lock } from "../lock.ts";
import type { SceneGraph } from "../scene_graph.ts";
import { INDICES, SCHEMA_VERSION, TABLES } from "./schema.ts";

/** A graph with the name of its image. */
export interface NamedGraph {
  /** Id of the image. */
  id: string;
  /** Split of a dataset. */
  split?: string;
  graph: SceneGraph;
}

/** What an index is made of. */
export interface IndexSource {
  /** Name of the dataset or file. */
  name: string;
  /** Changes whenever the graphs do. */
  hash: string;
  graphs: AsyncIterable<NamedGraph>;
  /** Number of graphs, if it is known. */
  total?: number;
  /** Called after each graph with the number done. */
  onProgress?: (done: number) => void;
}

/**
 * Writes an index under a lock, aside first, so that its name shows a whole one at any time.
 *
 * @param path Path of the file.
 * @param source The graphs.
 * @returns The number of images.
 * @throws {RangeError} If the path is that of a folder.
 */
export async function writeIndex(path: string, source: IndexSource): Promise<number> {
  if ((await fileInfo(path))?.isFolder) {
    throw new RangeError(`Cannot write "${path}" as it must be a file: found a folder`);
  }
  await makeFolder(dirname(path));
  using _lock = await lock(`${path}.lock`, path);
  const aside = `${path}.partial`;
  await removeFile(aside);
  try {
    const images = await fill(aside, source);
    await rename(aside, path);
    return images;
  } catch (error) {
    await removeFile(aside);
    throw error;
  }
}

/** Fills a new file. */
async function fill(path: string, { name, hash, graphs, onProgress }: IndexSource) {
  const database = new DatabaseSync(path);
  try {
    database.exec("PRAGMA journal_mode = OFF; PRAGMA synchronous = FULL; BEGIN;");
    database.exec(TABLES);
    database.prepare("INSERT INTO source VALUES (?, ?, ?)").run(
      SCHEMA_VERSION,
      hash,
      name,
    );
    const insert = {
      image: database.prepare("INSERT INTO images VALUES (?, ?, ?, ?, ?)"),
      entity: database.prepare("INSERT INTO entities VALUES (?, ?, ?, ?, ?, ?, ?, ?)"),
      relation: database.prepare(
        "INSERT OR IGNORE INTO relations VALUES (?, ?, ?, ?, ?, ?, ?)",
      ),
    };
    const classOf = numbering(database.prepare("INSERT INTO classes VALUES (?, ?)"));
    const predicateOf = numbering(
      database.prepare("INSERT INTO predicates VALUES (?, ?)"),
    );
    let image = 0;
    for await (const { id, split, graph } of graphs) {
      insert.image.run(image, id, split ?? null, graph.imageWidth, graph.imageHeight);
      const classes = graph.entities.map(({ label }) => classOf(label));
      graph.entities.forEach(({ score, box }, entity) =>
        insert.entity.run(image, entity, classes[entity], score, ...box)
      );
      for (const { subject, object, predicate, score } of graph.relations) {
        insert.relation.run(
          ...[image, subject, object, predicateOf(predicate), score],
          ...[classes[subject], classes[object]],
        );
      }
      image++;
      onProgress?.(image);
    }
    database.exec(INDICES);
    database.exec("COMMIT");
    return image;
  } finally {
    database.close();
  }
}

/** Numbers names in the order in which they come, and keeps them in a table. */
function numbering(insert: StatementSync): (name: string) => number {
  const numbers = new Map<string, number>();
  return (name) => {
    const known = numbers.get(name);
    if (known !== undefined) return known;
    insert.run(numbers.size, name);
    numbers.set(name, numbers.size);
    return numbers.size - 1;
  };
}
