import { assert, assertEquals } from "@std/assert";
import { annotatedGraph } from "../../src/annotated_graph.ts";
import { toCypher } from "../../src/search/cypher.ts";
import { toNTriples } from "../../src/search/n_triples.ts";
import { GraphIndex } from "../../src/search/graph_index.ts";
import { type NamedGraph, writeIndex } from "../../src/search/write_index.ts";
import { Vocabulary } from "../../src/vocabulary.ts";
import { generateImage, WORLD_VOCABULARY } from "../../src/world/world.ts";
import { testInFolder } from "../_in_folder.ts";
import fc from "../deps_fast_check.ts";
import { tripleStore } from "../deps_oxigraph.ts";
import { readCypher } from "./deps_cypher.ts";

const WORLD = new Vocabulary(WORLD_VOCABULARY);

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

Deno.test("a triple store loads toNTriples(), hostile names included", () => {
  const store = tripleStore(toNTriples(GRAPH));
  assertEquals(store.size, 2 * 5 + 6);
  const image = `urn:scene-graph:image:${encodeURIComponent(HOSTILE)}`;
  const objectsOf = (subject: string, predicate: string) =>
    store.ask(`SELECT ?o { <${subject}> <${predicate}> ?o }`).map(({ o }) => o).sort();
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
  const [score] = objectsOf(`${image}:relation:0`, "urn:scene-graph:score");
  assertEquals(Number(score), 1e-7);
});

testInFolder("a triple store finds in toNTriples() what find finds", async (folder) => {
  const graphs = Array.from({ length: 30 }, (_, i): NamedGraph => {
    const { example } = generateImage(5, "test", i);
    return { id: example.id, graph: annotatedGraph(example, WORLD) };
  });
  const path = `${folder}/graphs.sqlite`;
  const source = { name: "scenes", hash: "", graphs: streamOf(graphs) };
  assertEquals(await writeIndex(path, source), graphs.length);
  using index = (await GraphIndex.open(path))!;
  const store = tripleStore(graphs.map((graph) => toNTriples(graph)).join(""));
  const own =
    "PREFIX class: <urn:scene-graph:class:> PREFIX p: <urn:scene-graph:predicate:>";
  for (
    const [pattern, query] of [
      ["tree growing in grass", "?a a class:tree; p:growing%20in ?b. ?b a class:grass"],
      ["?a on ?b, ?b on street", "?a p:on ?b. ?b p:on ?c. ?c a class:street"],
      ["wheel of ?b", "?a a class:wheel; p:of ?b"],
    ]
  ) {
    const found = index.find(pattern, 10_000).map(({ image, clauses: [clause] }) =>
      [clause.subject, clause.object!].map(({ entity }) =>
        `urn:scene-graph:image:${image}:entity:${entity}`
      ).join(" ")
    );
    const answers = store.ask(`${own} SELECT ?a ?b { ${query} }`);
    assertEquals(found.sort(), answers.map(({ a, b }) => `${a} ${b}`).sort(), pattern);
    assert(pattern.includes("street") || found.length > 0, pattern);
  }
});

async function* streamOf<T>(items: readonly T[]): AsyncGenerator<T> {
  yield* items;
}

Deno.test("toCypher() quotes names and strings", () => {
  const quoted = String.raw`"a\"b\\ <c>\u000a` + '`d` \u202e{e} ü 😀"';
  const symbol = 'a"b/ <c> ``d`` \u202e{e} ü 😀';
  assertEquals(
    toCypher(GRAPH),
    `CREATE (image:Image {id: ${quoted}, width: 10, height: 8, split: "test"}), ` +
      '(e0:Entity:`man` {label: "man", score: 0.5, x1: 0, y1: 1, x2: 2, y2: 4})-[:IN]->(image), ' +
      `(e1:Entity:\`${symbol}\` {label: ${quoted}, score: 1, x1: 4, y1: 5, x2: 6, y2: 7})-[:IN]->(image), ` +
      '(e0)-[:`next to` {predicate: "next to", score: 1e-7}]->(e1);\n',
  );
});

Deno.test("Neo4j's parser reads toCypher() as one statement, whatever the names are", () => {
  // Neo4j 5 takes \u0060 for a backtick, in names as well.
  const piece = fc.constantFrom(
    "\\",
    "u",
    "0060",
    "0022",
    '"',
    "`",
    "\n",
    "\0",
    "a",
    ")",
    ";",
  );
  const name = fc.array(piece, { minLength: 1, maxLength: 12 }).map((pieces) =>
    pieces.join("")
  );
  fc.assert(
    fc.property(
      name,
      name,
      fc.constantFrom<5 | 25>(5, 25),
      (label, predicate, version) => {
        const { entities, relations } = GRAPH.graph;
        const text = toCypher({
          ...GRAPH,
          graph: {
            ...GRAPH.graph,
            entities: [entities[0], { ...entities[1], label }],
            relations: [{ ...relations[0], predicate }],
          },
        });
        const { problems, statements, names, strings } = readCypher(text, version);
        assertEquals(problems, []);
        assertEquals(statements, 1);
        assertEquals(names.length, 3);
        assertEquals(strings, [HOSTILE, "test", "man", label, predicate]);
      },
    ),
    { numRuns: 25, seed: 1 },
  );
  for (const version of [5, 25] as const) {
    assert(readCypher("CREATE (a:`b c);", version).problems.length > 0);
  }
});

Deno.test("Neo4j's parser reads the graphs of the built-in world", () => {
  const graphs = Array.from({ length: 5 }, (_, i) => {
    const { example } = generateImage(5, "test", i);
    return { id: example.id, graph: annotatedGraph(example, WORLD) };
  });
  const read = readCypher(graphs.map((graph) => toCypher(graph)).join(""), 5);
  assertEquals([read.problems, read.statements], [[], graphs.length]);
  const words = graphs.flatMap(({ graph: { entities, relations } }) => [
    ...entities.map(({ label }) => label),
    ...relations.map(({ predicate }) => predicate),
  ]);
  assertEquals(read.names, words.map((word) => `\`${word}\``));
});
