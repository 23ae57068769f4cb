import { assertEquals } from "@std/assert";
import { toCypher } from "../../src/search/cypher.ts";
import { toNTriples } from "../../src/search/n_triples.ts";
import type { NamedGraph } from "../../src/search/write_index.ts";
import { parseNTriples } from "../deps_n3.ts";

const HOSTILE = 'a"b\\ <c>\n`d` \u202e{e} ü 😀';

const GRAPH: NamedGraph = {
  id: HOSTILE,
  split: "test",
  graph: {
    imageWidth: 10,
    imageHeight: 8,
    entities: [
      { label: "man", labelIndex: 0, score: 0.5, box: [0, 1, 2, 4] },
      { label: HOSTILE, labelIndex: 1, score: 1, box: [4, 5, 6, 7] },
    ],
    relations: [
      { subject: 0, object: 1, predicate: "next to", predicateIndex: 0, score: 1e-7 },
    ],
  },
};

Deno.test("toNTriples() is read by an RDF parser, hostile names included", () => {
  const quads = parseNTriples(toNTriples(GRAPH));
  assertEquals(quads.length, 2 * 5 + 6);
  const image = `urn:scene-graph:image:${encodeURIComponent(HOSTILE)}`;
  const objectsOf = (subject: string, predicate: string) =>
    quads.filter((quad) =>
      quad.subject.value === subject && quad.predicate.value === predicate
    )
      .map(({ object }) => object.value);
  assertEquals(objectsOf(image, "urn:scene-graph:entity"), [
    `${image}:entity:0`,
    `${image}:entity:1`,
  ]);
  assertEquals(
    objectsOf(`${image}:entity:1`, "http://www.w3.org/2000/01/rdf-schema#label"),
    [HOSTILE],
  );
  assertEquals(objectsOf(`${image}:entity:0`, "urn:scene-graph:region"), [
    "xywh=pixel:0,1,2,3",
  ]);
  assertEquals(objectsOf(`${image}:entity:0`, "urn:scene-graph:predicate:next%20to"), [
    `${image}:entity:1`,
  ]);
  assertEquals(objectsOf(`${image}:relation:0`, "urn:scene-graph:score"), ["1e-7"]);
});

Deno.test("toCypher() quotes names and strings", () => {
  const quoted = String.raw`a\"b\\ <c>\u000a` + "`d` \u202e{e} ü 😀";
  const symbol = 'a"b\\ <c>\\u000a``d`` \u202e{e} ü 😀';
  assertEquals(
    toCypher(GRAPH),
    `CREATE (image:Image {id: "${quoted}", width: 10, height: 8, split: "test"}), ` +
      '(e0:Entity:`man` {label: "man", score: 0.5, x1: 0, y1: 1, x2: 2, y2: 4})-[:IN]->(image), ' +
      `(e1:Entity:\`${symbol}\` {label: "${quoted}", score: 1, x1: 4, y1: 5, x2: 6, y2: 7})-[:IN]->(image), ` +
      "(e0)-[:`next to` {score: 1e-7}]->(e1);\n",
  );
});
