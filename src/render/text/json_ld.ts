/**
 * Writes a scene graph in JSON-LD, for triple stores and other RDF tools.
 *
 * @module
 */

import type { SceneGraph } from "../../scene_graph.ts";
import { TEXT } from "../../check_options.ts";
import {
  checkDrawn,
  CHOICE_CHECKS,
  type ChoiceOptions,
  chooseRelations,
} from "../choice.ts";

/**
 * Writes a scene graph in JSON-LD 1.1. Each entity is a node whose type is its class, each
 * relation is an `rdf:Statement` with its score, and boxes are W3C media fragments
 * (`xywh=pixel:left,top,width,height`). An entity whose label before context is known has
 * it as `givenLabel`, with `givenScore`.
 *
 * @param graph The graph; its relations are best first.
 * @param options Which relations; default: all. `base`: prefix of the identifiers of
 * classes and predicates; default `urn:scene-graph:`.
 * @returns JSON text; the same graph gives the same text.
 *
 * @example
 * ```ts
 * import { toJsonLd } from "./json_ld.ts";
 * const text = toJsonLd({
 *   imageWidth: 9,
 *   imageHeight: 9,
 *   entities: [{ label: "cat", labelIndex: 0, score: 1, box: [0, 0, 5, 5] }],
 *   relations: [],
 * });
 * const [cat] = JSON.parse(text)["@graph"];
 * if (cat["@type"] !== "urn:scene-graph:class:cat") throw new Error();
 * ```
 */
export function toJsonLd(
  graph: SceneGraph,
  options: ChoiceOptions & { base?: string } = {},
): string {
  checkDrawn(graph, options, "toJsonLd()", { ...CHOICE_CHECKS, base: TEXT });
  const base = options.base ?? "urn:scene-graph:";
  const iri = (kind: string, name: string) =>
    `${base}${kind}:${encodeURIComponent(name.toWellFormed())}`;
  const entities = graph.entities.map((entity, i) => {
    const { label, score, box: [x1, y1, x2, y2], given } = entity;
    return {
      "@id": `_:entity${i}`,
      "@type": iri("class", label),
      label,
      score,
      region: `xywh=pixel:${[x1, y1, x2 - x1, y2 - y1].join(",")}`,
      ...(given && { givenLabel: given.label, givenScore: given.score }),
    };
  });
  const statements = chooseRelations(graph, options).map((relation, i) => ({
    "@id": `_:relation${i}`,
    "@type": "rdf:Statement",
    subject: `_:entity${relation.subject}`,
    predicate: iri("predicate", relation.predicate),
    object: `_:entity${relation.object}`,
    label: relation.predicate,
    score: relation.score,
  }));
  const context = {
    "@version": 1.1,
    rdf: "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    label: "http://www.w3.org/2000/01/rdf-schema#label",
    score: { "@id": `${base}score`, "@type": "http://www.w3.org/2001/XMLSchema#double" },
    region: `${base}region`,
    givenLabel: `${base}givenLabel`,
    givenScore: {
      "@id": `${base}givenScore`,
      "@type": "http://www.w3.org/2001/XMLSchema#double",
    },
    subject: { "@id": "rdf:subject", "@type": "@id" },
    predicate: { "@id": "rdf:predicate", "@type": "@id" },
    object: { "@id": "rdf:object", "@type": "@id" },
  };
  return JSON.stringify(
    { "@context": context, "@graph": [...entities, ...statements] },
    null,
    2,
  );
}
