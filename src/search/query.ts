/**
 * Turns a pattern into a query of the tables.
 *
 * @module
 */

import type { Clause, Term } from "./pattern.ts";

/** A query and its parameters, in order. */
export interface Query {
  sql: string;
  parameters: (string | number)[];
}

/** Columns of the index that hold an entity of the pattern. */
interface Place {
  image: string;
  entity: string;
  class: string;
}

/**
 * Writes the query of a pattern. Its rows have `image`, `score` (the product over the
 * clauses), and for clause k `subject_k` and, if it is a relation, `object_k` and
 * `predicate_k`. Best first; ties in the order of images.
 *
 * @param clauses The pattern.
 * @param limit Greatest number of rows.
 * @param image Id of the only image to look at; default: all.
 * @returns The query.
 */
export function queryOf(
  clauses: readonly Clause[],
  limit: number,
  image?: string,
): Query {
  const { columns, from, where, parameters } = partsOf(clauses);
  if (image !== undefined) {
    where.push("t0.image = (SELECT image FROM images WHERE id = ?)");
    parameters.push(image);
  }
  const score = clauses.map((_, k) => `t${k}.score`).join(" * ");
  const condition = where.length > 0 ? ` WHERE ${where.join(" AND ")}` : "";
  return {
    sql: `SELECT t0.image AS image, ${score} AS score, ${columns.join(", ")} FROM ${
      from.join(", ")
    }${condition} ORDER BY ${
      // One clause is read in the order of its index; ties are then in any order of the
      // table, which is that of the images.
      clauses.length === 1 ? "t0.score DESC" : "score DESC, t0.image"} LIMIT ?`,
    parameters: [...parameters, limit],
  };
}

/**
 * Writes the query of the images in which a pattern fits, each once, in their order.
 *
 * @param clauses The pattern.
 * @param split The split of the images; default: all.
 * @returns The query, whose rows have `id`.
 */
export function imagesQueryOf(clauses: readonly Clause[], split?: string): Query {
  const { from, where, parameters } = partsOf(clauses);
  // Names leave few matches, which are looked up. Without any, most images match, and one
  // match of each image is enough.
  const hasNames = parameters.length > 0;
  if (!hasNames) where.unshift("t0.image = images.image");
  const matches = `FROM ${from.join(", ")}${
    where.length > 0 ? ` WHERE ${where.join(" AND ")}` : ""
  }`;
  const isMatch = hasNames
    ? `image IN (SELECT t0.image ${matches})`
    : `EXISTS (SELECT 1 ${matches})`;
  return {
    sql: `SELECT id FROM images WHERE ${
      split === undefined ? "" : "split = ? AND "
    }${isMatch} ORDER BY image`,
    parameters: [...split === undefined ? [] : [split], ...parameters],
  };
}

/** The tables of a pattern, and what must hold between them. */
function partsOf(clauses: readonly Clause[]) {
  const from: string[] = [], where: string[] = [], columns: string[] = [];
  const parameters: (string | number)[] = [];
  const places = new Map<string, Place>();
  const bind = ({ label, variable }: Term, place: Place) => {
    if (label !== undefined) {
      where.push(`${place.class} = (SELECT class FROM classes WHERE name = ?)`);
      parameters.push(label);
    }
    if (variable === undefined) return;
    const same = places.get(variable);
    if (same) where.push(`${place.entity} = ${same.entity}`);
    else places.set(variable, place);
  };
  clauses.forEach(({ subject, predicate, object }, k) => {
    const table = `t${k}`;
    from.push(`${object ? "relations" : "entities"} AS ${table}`);
    if (k > 0) where.push(`${table}.image = t0.image`);
    const column = (name: string) => `${table}.${name}`;
    const image = column("image");
    if (object) {
      if (predicate !== undefined) {
        where.push(
          `${column("predicate")} = (SELECT predicate FROM predicates WHERE name = ?)`,
        );
        parameters.push(predicate);
      }
      bind(subject, { image, entity: column("subject"), class: column("subject_class") });
      bind(object, { image, entity: column("object"), class: column("object_class") });
      columns.push(
        `${column("subject")} AS subject_${k}`,
        `${column("object")} AS object_${k}`,
        `${column("predicate")} AS predicate_${k}`,
      );
    } else {
      bind(subject, { image, entity: column("entity"), class: column("class") });
      columns.push(`${column("entity")} AS subject_${k}`);
    }
  });
  return { columns, from, where, parameters };
}
