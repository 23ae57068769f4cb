/**
 * Times the search of scene graphs: the index of drawn scenes, and patterns.
 *
 *     deno task bench:find
 *
 * @module
 */

import { annotatedGraph } from "../src/annotated_graph.ts";
import { GraphIndex } from "../src/search/graph_index.ts";
import { type NamedGraph, writeIndex } from "../src/search/write_index.ts";
import { Vocabulary } from "../src/vocabulary.ts";
import { generateImage, WORLD_VOCABULARY } from "../src/world/world.ts";

const IMAGES = 20_000, RUNS = 5;

const PATTERNS = [
  "woman riding horse",
  "man on ?thing, ?thing on grass",
  "man ?m wearing hat, ?m ?does ?thing",
  "?a on ?b",
  "?a on ?b, ?b on ?c",
  "?a wearing ?b, ?a holding ?c, ?a on ?d",
];

async function* graphs(): AsyncGenerator<NamedGraph> {
  const vocabulary = new Vocabulary(WORLD_VOCABULARY);
  for (let i = 0; i < IMAGES; i++) {
    const { example } = generateImage(0, "train", i);
    yield { id: example.id, split: "train", graph: annotatedGraph(example, vocabulary) };
  }
}

if (import.meta.main) {
  if (Deno.args.length > 0) {
    console.error("Usage: deno task bench:find");
    Deno.exit(2);
  }
  const folder = await Deno.makeTempDir();
  try {
    const path = `${folder}/graphs.sqlite`;
    const start = performance.now();
    await writeIndex(path, { name: "bench", hash: "", graphs: graphs() });
    const seconds = ((performance.now() - start) / 1000).toFixed(1);
    const megabytes = ((await Deno.stat(path)).size / 1e6).toFixed(1);
    console.log(`${IMAGES} scenes drawn and indexed in ${seconds} s, ${megabytes} MB`);
    using index = (await GraphIndex.open(path))!;
    for (const pattern of PATTERNS) {
      const times = Array.from({ length: RUNS }, () => {
        const start = performance.now();
        index.find(pattern);
        return performance.now() - start;
      }).sort((a, b) => a - b);
      const median = times[Math.floor(RUNS / 2)].toFixed(1).padStart(6);
      console.log(`${median} ms  ${pattern}  (first 100 matches, ${RUNS} runs)`);
    }
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}
