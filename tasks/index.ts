/**
 * Makes the index that `find` searches, or exports graphs for databases.
 *
 * @module
 */

import { writeFileAtomically } from "../src/files.ts";
import { openGraphs, openIndex } from "../src/pipeline/graphs/graph_index.ts";
import { toCypher } from "../src/search/cypher.ts";
import { toNTriples } from "../src/search/n_triples.ts";
import { datasetChoices } from "./_cli/flags/choices.ts";
import { UsageError } from "./_cli/flags/flags.ts";
import {
  GRAPHS_HELP,
  predictedImages,
  PREDICTION_FLAGS,
} from "./_cli/flags/graph_flags.ts";
import { listenerOf } from "./_cli/listener.ts";
import { runTask } from "./_cli/run.ts";

const WRITERS = { "n-triples": toNTriples, cypher: toCypher };

const INDEX = {
  name: "index",
  summary:
    `Make the index of scene graphs that find searches: a SQLite file, whose tables other programs
may query. It is made again only if the graphs have changed. Other formats export the graphs.`,
  positionals: {
    graphs: {
      path: "path or name",
      help: GRAPHS_HELP,
    },
  },
  flags: {
    ...PREDICTION_FLAGS,
    format: {
      default: "sqlite",
      values: ["sqlite", ...Object.keys(WRITERS)],
      help: "What to write: for triple stores n-triples, for Neo4j cypher",
    },
    out: {
      type: "string",
      path: "path",
      unset: "an index in data/processed/.indices",
      help: "The file to write",
    },
  },
  choices: async () => [await datasetChoices((name) => `index ${name}`)],
  examples: ["index synthetic", "index graphs.jsonl --format n-triples --out graphs.nt"],
} as const;

await runTask(INDEX, async (options) => {
  const { graphs: name, format, out, json } = options;
  const listener = listenerOf(options), of = predictedImages(options);
  if (format === "sqlite") {
    const { index, path, isNew } = await openIndex(
      name,
      { path: out, of },
      listener,
    );
    using _index = index;
    const { size } = index;
    console.log(
      json
        ? JSON.stringify({ path, images: size, isNew })
        : `${path}: ${size} images${isNew ? "" : ", up to date"}`,
    );
    return;
  }
  if (out === undefined) {
    throw new UsageError(`Cannot write ${format} as --out must name a file: found none`);
  }
  const write = WRITERS[format as keyof typeof WRITERS];
  const source = await openGraphs(name, { of }, listener);
  const bar = listener.progress("export", "images");
  let images = 0;
  const encoder = new TextEncoder();
  async function* chunks() {
    for await (const graph of source.graphs) {
      yield encoder.encode(write(graph));
      bar.update(++images, source.total ?? images);
    }
  }
  await writeFileAtomically(out, chunks());
  bar.done();
  console.log(json ? JSON.stringify({ path: out, images }) : `${out}: ${images} images`);
});
