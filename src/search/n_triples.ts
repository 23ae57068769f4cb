/**
 * Writes scene graphs as N-Triples, for triple stores.
 *
 * @module
 */

import type { NamedGraph } from "./write_index.ts";

const RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#";
const LABEL = "<http://www.w3.org/2000/01/rdf-schema#label>";
const DOUBLE = "<http://www.w3.org/2001/XMLSchema#double>";

/**
 * Writes a graph with the names of `toJsonLd`. Each entity is a node of its image
 * (`urn:scene-graph:image:<id>:entity:<index>`) whose type is its class. Each relation is a
 * triple, which queries can follow, and an `rdf:Statement` with its score.
 *
 * @param named The graph and the id of its image.
 * @param base Prefix of all identifiers.
 * @returns Lines of N-Triples.
 */
export function toNTriples(
  { id, graph }: NamedGraph,
  base = "urn:scene-graph:",
): string {
  const iri = (kind: string, name: string) => `<${base}${kind}:${encode(name)}>`;
  const own = (name: string) => `<${base}${name}>`;
  const image = iri("image", id);
  const node = (kind: string, i: number) => `<${base}image:${encode(id)}:${kind}:${i}>`;
  const number = (value: number) => `"${value}"^^${DOUBLE}`;
  const triples: (readonly [string, string, string])[] = [];
  graph.entities.forEach(({ label, score, box: [x1, y1, x2, y2] }, i) => {
    const entity = node("entity", i);
    triples.push(
      [image, own("entity"), entity],
      [entity, `<${RDF}type>`, iri("class", label)],
      [entity, LABEL, literal(label)],
      [entity, own("score"), number(score)],
      [entity, own("region"), `"xywh=pixel:${[x1, y1, x2 - x1, y2 - y1].join(",")}"`],
    );
  });
  graph.relations.forEach(({ subject, object, predicate, score }, i) => {
    const statement = node("relation", i);
    const parts = [
      node("entity", subject),
      iri("predicate", predicate),
      node("entity", object),
    ] as const;
    triples.push(
      parts,
      [statement, `<${RDF}type>`, `<${RDF}Statement>`],
      [statement, `<${RDF}subject>`, parts[0]],
      [statement, `<${RDF}predicate>`, parts[1]],
      [statement, `<${RDF}object>`, parts[2]],
      [statement, own("score"), number(score)],
    );
  });
  return triples.map((triple) => `${triple.join(" ")} .\n`).join("");
}

/** A name as a part of an IRI; what `encodeURIComponent` leaves may stand there. */
function encode(name: string): string {
  return encodeURIComponent(name.toWellFormed());
}

/** A string in the syntax of N-Triples. */
function literal(text: string): string {
  const escaped = text.toWellFormed().replace(
    /[\p{Cc}"\\]/gu,
    (character) =>
      `\\u${character.charCodeAt(0).toString(16).padStart(4, "0").toUpperCase()}`,
  );
  return `"${escaped}"`;
}
