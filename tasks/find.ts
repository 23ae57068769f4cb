/**
 * Finds images by a pattern of relations.
 *
 * @module
 */

import { openIndex } from "../src/pipeline/graphs/graph_index.ts";
import type { Match } from "../src/search/graph_index.ts";
import { escapeControls } from "../src/show_value.ts";
import { datasetChoices } from "./_cli/flags/choices.ts";
import {
  GRAPHS_HELP,
  predictedImages,
  PREDICTION_FLAGS,
} from "./_cli/flags/graph_flags.ts";
import { listenerOf } from "./_cli/listener.ts";
import { runTask } from "./_cli/run.ts";

const FIND = {
  name: "find",
  summary:
    `Find images by a pattern, such as "woman riding horse": clauses of subject, predicate and
object with commas between them. ?x is any entity, and the same one wherever ?x stands; a
predicate that begins with ? is any; an entity alone is a clause too. The first search of a
dataset makes an index in data/processed/.indices.`,
  positionals: {
    pattern: { help: 'Such as "man on ?thing, ?thing on table"' },
    graphs: {
      path: "path or name",
      help: GRAPHS_HELP,
    },
  },
  flags: {
    ...PREDICTION_FLAGS,
    limit: { default: 100, min: 1, help: "Greatest number of matches, best first" },
    index: {
      type: "string",
      path: "path",
      unset: "in data/processed/.indices",
      help: "File of the index",
    },
  },
  choices: async () => [await datasetChoices((name) => `find "man on ?x" ${name}`)],
  examples: [
    'find "woman riding horse" synthetic',
    'find "man on ?thing, ?thing on table" vrd --json',
    'find "?animal ?does ball" graphs.jsonl --limit 10',
    'find "man riding ?x" predictions.jsonl --dataset vrd',
  ],
} as const;

await runTask(FIND, async (options) => {
  const { pattern, graphs, limit, json } = options;
  const { index } = await openIndex(
    graphs,
    { path: options.index, of: predictedImages(options) },
    listenerOf(options),
  );
  using _index = index;
  const matches = index.find(pattern, limit);
  for (const match of matches) {
    console.log(json ? JSON.stringify(match) : lineOf(match));
  }
  if (matches.length === 0 && !json) console.log("No match");
  if (matches.length === limit && !options.quiet) {
    console.error(`The first ${limit} matches; --limit gives more`);
  }
});

/** A match on one line. */
function lineOf({ image, split, score, clauses }: Match): string {
  const words = clauses.map(({ subject, predicate, object }) => {
    const name = ({ label, entity }: typeof subject) => `${label} (${entity})`;
    return object ? `${name(subject)} ${predicate} ${name(object)}` : name(subject);
  });
  const where = split === undefined ? image : `${image} (${split})`;
  return escapeControls(`${score.toFixed(3)}  ${where}  ${words.join(", ")}`);
}
