import { assert, assertEquals } from "@std/assert";
import { annotatedGraph } from "../../src/annotated_graph.ts";
import { Random } from "../../src/random.ts";
import { GraphIndex } from "../../src/search/graph_index.ts";
import { parsePattern } from "../../src/search/pattern.ts";
import { type NamedGraph, writeIndex } from "../../src/search/write_index.ts";
import { Vocabulary } from "../../src/vocabulary.ts";
import { generateImage, WORLD_VOCABULARY } from "../../src/world/world.ts";
import { testInFolder } from "../_in_folder.ts";

const VOCABULARY = new Vocabulary(WORLD_VOCABULARY);

/** Scenes with scores that are all different. */
function scenes(count: number): NamedGraph[] {
  const random = new Random("scores");
  return Array.from({ length: count }, (_, i) => {
    const { example } = generateImage(1, "test", i);
    const graph = annotatedGraph(example, VOCABULARY);
    const known = new Set<string>();
    const relations = graph.relations.filter(({ subject, object, predicate }) => {
      const key = `${subject} ${object} ${predicate}`;
      return known.has(key) ? false : known.add(key);
    });
    const scored = relations.map((relation) => ({
      ...relation,
      score: random.uniform(),
    }));
    return { id: example.id, split: "test", graph: { ...graph, relations: scored } };
  });
}

async function* stream<T>(items: readonly T[]) {
  yield* items;
}

async function indexOf(graphs: readonly NamedGraph[], path: string): Promise<GraphIndex> {
  await writeIndex(path, { name: "world", hash: "1", graphs: stream(graphs) });
  return (await GraphIndex.open(path))!;
}

/** The answer by trying everything: `image subject object ...` and the score. */
function search(text: string, graphs: readonly NamedGraph[]): [string, number][] {
  const found: [string, number][] = [];
  const clauses = parsePattern(text, WORLD_VOCABULARY);
  for (const { id, graph: { entities, relations } } of graphs) {
    const go = (
      k: number,
      bound: Record<string, number>,
      at: number[],
      score: number,
    ) => {
      if (k === clauses.length) return found.push([`${id} ${at.join(" ")}`, score]);
      const { subject, predicate, object } = clauses[k];
      const fits = ({ label, variable }: typeof subject, entity: number) =>
        (label === undefined || entities[entity].label === label) &&
        (variable === undefined || (bound[variable] ?? entity) === entity);
      for (const relation of relations) {
        if (predicate !== undefined && relation.predicate !== predicate) continue;
        if (!fits(subject, relation.subject) || !fits(object!, relation.object)) continue;
        const next = { ...bound };
        if (subject.variable) next[subject.variable] = relation.subject;
        if (object!.variable) {
          if ((next[object!.variable] ?? relation.object) !== relation.object) continue;
          next[object!.variable] = relation.object;
        }
        const places = [...at, relation.subject, relation.object];
        go(k + 1, next, places, score * relation.score);
      }
    };
    go(0, {}, [], 1);
  }
  return found.sort((a, b) => b[1] - a[1]);
}

testInFolder("GraphIndex.find() finds what trying everything finds", async (folder) => {
  const graphs = scenes(60);
  using index = await indexOf(graphs, `${folder}/world.sqlite`);
  assertEquals(index.size, 60);
  let matches = 0;
  for (
    const pattern of [
      "man wearing hat",
      "?a on ?b",
      "man ?p ?b",
      "man on ?t, ?t on grass",
      "?a on ?b, ?b on ?c",
      "?x wearing ?a, ?x holding ?b",
      "man ?x wearing ?a, ?x ?p ?y",
      "?a next to ?b, ?b next to ?a",
      "?a on ?a",
      "?a ?p ?b, ?b ?q ?c",
    ]
  ) {
    const expected = search(pattern, graphs);
    matches += expected.length;
    const found = index.find(pattern, 1e6).map(({ image, score, clauses }) =>
      [
        `${image} ${
          clauses.map(({ subject, object }) => `${subject.entity} ${object!.entity}`)
            .join(" ")
        }`,
        score,
      ] as [string, number]
    );
    const images = graphs.map(({ id }) => id)
      .filter((id) => expected.some(([at]) => at.startsWith(`${id} `)));
    assertEquals(index.images(pattern), images, pattern);
    assertEquals(index.images(pattern, "test"), images);
    assertEquals(index.images(pattern, "train"), []);
    for (const id of images.slice(0, 3)) {
      const matches = index.find(pattern, 1e6, id);
      assertEquals(
        matches.map(({ image }) => image),
        expected.filter(([at]) => at.startsWith(`${id} `)).map(() => id),
      );
    }
    // Equal scores may come in any order.
    const order = (rows: [string, number][]) =>
      rows.map(([at, score]) => `${score.toFixed(9)} ${at}`).sort().reverse();
    assertEquals(order(found), order(expected), pattern);
    assertEquals(
      found.map(([, score]) => score.toFixed(9)),
      expected.map(([, score]) => score.toFixed(9)),
    );
  }
  assert(matches > 100, `${matches}`);
});

testInFolder("GraphIndex.find() tells image, boxes and names", async (folder) => {
  const graph: NamedGraph = {
    id: 'a"b',
    graph: {
      imageWidth: 10,
      imageHeight: 8,
      entities: [
        { label: "O'Neil", labelIndex: -1, score: 0.5, box: [0, 1, 2, 3] },
        { label: "cup", labelIndex: 0, score: 0.25, box: [4, 5, 6, 7] },
      ],
      relations: [
        { subject: 0, object: 1, predicate: "on", predicateIndex: 0, score: 0.125 },
        { subject: 0, object: 1, predicate: "on", predicateIndex: 0, score: 0.125 },
      ],
    },
  };
  using index = await indexOf([graph], `${folder}/one.sqlite`);
  assertEquals(index.find("o'neil on cup"), [{
    image: 'a"b',
    score: 0.125,
    clauses: [{
      subject: { entity: 0, label: "O'Neil", score: 0.5, box: [0, 1, 2, 3] as const },
      predicate: "on",
      object: { entity: 1, label: "cup", score: 0.25, box: [4, 5, 6, 7] as const },
    }],
  }]);
  assertEquals(index.find("cup").map(({ score }) => score), [0.25]);
  assertEquals(index.find("?a ?b ?c", 1).length, 1);
});

testInFolder(
  "GraphIndex.commonTriplet() finds the most frequent one of a split",
  async (folder) => {
    const box = [0, 1, 2, 3] as const;
    const entities = ["man", "cup", "hat"].map((label, labelIndex) => ({
      ...{ label, labelIndex, score: 1, box },
    }));
    const graphOf = (split: string, i: number, triplets: [number, string, number][]) => ({
      ...{ id: `${split}${i}`, split },
      graph: {
        ...{ imageWidth: 10, imageHeight: 8, entities },
        relations: triplets.map(([subject, predicate, object]) => ({
          ...{ subject, object, predicate, predicateIndex: -1, score: 1 },
        })),
      },
    });
    using index = await indexOf([
      graphOf("train", 0, [[0, "has", 1], [1, "on", 2]]),
      graphOf("train", 1, [[0, "has", 1]]),
      graphOf("test", 0, [[0, "wearing", 2], [0, "has", 1]]),
      graphOf("test", 1, [[0, "wearing", 2]]),
      graphOf("validation", 0, []),
    ], `${folder}/one.sqlite`);
    assertEquals(index.commonTriplet("train"), "man has cup");
    assertEquals(index.commonTriplet("test"), "man wearing hat");
    assertEquals(index.commonTriplet("validation"), undefined);
  },
);

testInFolder("GraphIndex.open() takes no other file for an index", async (folder) => {
  await Deno.writeTextFile(`${folder}/text.sqlite`, "not a database");
  assertEquals(await GraphIndex.open(`${folder}/text.sqlite`), undefined);
  assertEquals(await GraphIndex.open(`${folder}/missing.sqlite`), undefined);
  // It is replaced by a whole one.
  using index = await indexOf(scenes(1), `${folder}/text.sqlite`);
  assertEquals(index.size, 1);
});
