/**
 * Writes scene graphs in Cypher, for Neo4j and other graph databases.
 *
 * @module
 */

import type { NamedGraph } from "./write_index.ts";

/**
 * Writes the statement that creates a graph: a node `Image`, a node `Entity` with a further
 * label for each class, `IN` from entities to their image, and a relationship for each
 * relation, whose type is the predicate.
 *
 * @param named The graph and the id of its image.
 * @returns A statement on one line.
 */
export function toCypher({ id, split, graph }: NamedGraph): string {
  const { imageWidth, imageHeight, entities, relations } = graph;
  const image = properties({
    ...{ id, width: imageWidth, height: imageHeight },
    ...split !== undefined && { split },
  });
  const parts = [
    `(image:Image ${image})`,
    ...entities.map(({ label, score, box: [x1, y1, x2, y2] }, i) =>
      `(e${i}:Entity:${symbol(label)} ${
        properties({ label, score, x1, y1, x2, y2 })
      })-[:IN]->(image)`
    ),
    ...relations.map(({ subject, object, predicate, score }) =>
      `(e${subject})-[:${symbol(predicate)} ${properties({ score })}]->(e${object})`
    ),
  ];
  return `CREATE ${parts.join(", ")};\n`;
}

/** A name that may have any characters. */
function symbol(name: string): string {
  return `\`${escapeUnicode(name).replaceAll("`", "``")}\``;
}

function properties(values: Record<string, string | number>): string {
  const written = Object.entries(values).map(([key, value]) =>
    `${key}: ${typeof value === "number" ? value : `"${quoted(value)}"`}`
  );
  return `{${written.join(", ")}}`;
}

function quoted(text: string): string {
  return escapeUnicode(text.replace(/[\\"]/g, (character) => `\\${character}`));
}

/** Control characters as `\u` and four digits, which Cypher reads anywhere. */
function escapeUnicode(text: string): string {
  return text.toWellFormed().replace(
    /\p{Cc}/gu,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}
