/**
 * Writes scene graphs in Cypher, for Neo4j and other graph databases.
 *
 * @module
 */

import type { NamedGraph } from "./write_index.ts";

/**
 * Writes the statement that creates a graph: a node `Image`, a node `Entity` with its class as
 * a further label, `IN` from entities to their image, and a relationship for each relation,
 * whose type is the predicate.
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
      `(e${subject})-[:${symbol(predicate)} ${
        properties({ predicate, score })
      }]->(e${object})`
    ),
  ];
  return `CREATE ${parts.join(", ")};\n`;
}

/**
 * A name in backticks. Neo4j 5 reads `\uXXXX` as a character wherever it stands, in names too,
 * and Cypher 25 only in strings, so a name can have neither backslashes nor control characters
 * in both: a stroke and a space stand there. The properties have the exact words.
 */
function symbol(name: string): string {
  const plain = name.toWellFormed().replaceAll("\\", "/").replace(/\p{Cc}/gu, " ");
  return `\`${plain.replaceAll("`", "``")}\``;
}

function properties(values: Record<string, string | number>): string {
  const written = Object.entries(values).map(([key, value]) =>
    `${key}: ${typeof value === "number" ? value : quoted(value)}`
  );
  return `{${written.join(", ")}}`;
}

/**
 * A string. After a backslash of its own a `u` begins another string, since Neo4j 5 would read
 * the two as the start of a character's number.
 */
function quoted(text: string): string {
  const escaped = text.toWellFormed().replace(
    /\\u|[\\"]|\p{Cc}/gu,
    (found) =>
      found === "\\u"
        ? '\\\\" + "u'
        : /\p{Cc}/u.test(found)
        ? `\\u${found.charCodeAt(0).toString(16).padStart(4, "0")}`
        : `\\${found}`,
  );
  return `"${escaped}"`;
}
