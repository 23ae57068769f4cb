/**
 * States of evaluations as lines of JSON, one for each image, as `eval` and `score` give
 * them as filters. An image is a job of its own: the state of the i-th of n images is that
 * of job i of n.
 *
 * @module
 */

import { byteLines } from "../../byte_lines.ts";
import type { RecordColumns } from "../../eval/image_records.ts";
import { crc32c } from "../../io/crc32c.ts";
import { isBlank } from "../../json_lines.ts";
import { type JsonValue, parseJson } from "../../json_value.ts";
import {
  type EvaluationState,
  STATE_FORMAT,
  type StateBlock,
  type StateSettings,
} from "./evaluation_state.ts";

/** The typed arrays of a state, by name. */
const TYPES = {
  ends: Uint32Array,
  scored: Uint8Array,
  pairs: Uint16Array,
  predicates: Uint16Array,
  flags: Uint8Array,
  accuracy: Uint32Array,
  images: Uint32Array,
  positives: Uint8Array,
  scores: Float64Array,
  ranks: Uint16Array,
} as const;

/** The state of one image, as JSON: arrays as lists, and a checksum of the text before it. */
export function stateJson(settings: StateSettings, block: StateBlock): unknown {
  const plain = { format: STATE_FORMAT, settings, ...block };
  const text = JSON.stringify(
    plain,
    (_, value) =>
      ArrayBuffer.isView(value) ? Array.from(value as unknown as number[]) : value,
  );
  return { ...JSON.parse(text), crc32c: checksumOf(text) };
}

function checksumOf(text: string): string {
  return crc32c(new TextEncoder().encode(text)).toString(16).padStart(8, "0");
}

/**
 * Reads the states of lines.
 *
 * @param path Name of the file, for errors.
 * @param chunks Its bytes.
 * @throws {SyntaxError | RangeError | TypeError} If a line has no state, one of another
 * version or a damaged one, or is the answer to a broken line; the message says which.
 */
export async function* readStateLines(
  path: string,
  chunks: AsyncIterable<Uint8Array>,
): AsyncGenerator<EvaluationState> {
  let number = 0;
  for await (const line of byteLines(chunks)) {
    number++;
    if (isBlank(line)) continue;
    const root = parseJson(line, `line ${number} of "${path}"`);
    if ("error" in Object(root.value)) {
      root.at("error").refuse("left out: mend what it says, and run that line again");
    }
    yield stateOf(root.at("state"));
  }
}

function stateOf(root: JsonValue): EvaluationState {
  if (root.isMissing) {
    root.refuseKind(
      'the state of an image, as "eval --lines" and "score --lines" give it',
    );
  }
  root.at("format").exactly(STATE_FORMAT, "score these images again");
  const { crc32c: claimed, ...state } = root.object();
  const found = checksumOf(JSON.stringify(state));
  if (claimed !== found) {
    root.at("crc32c").refuse(`${found}, as the line is damaged if it is not`);
  }
  const { settings, job, evaluators } = state as unknown as EvaluationState & StateBlock;
  return {
    settings: settings as StateSettings,
    blocks: [{
      job,
      evaluators: evaluators.map((evaluator) => {
        return { ...evaluator, columns: columnsOf(evaluator.columns) };
      }),
    }],
  };
}

/** The columns whose numbers were written as lists. */
function columnsOf(
  { ranks, judged, candidates: _, ...plain }: RecordColumns,
): RecordColumns {
  return {
    ...typed(plain),
    ranks: ranks.map((list) => Uint16Array.from(list)),
    ...judged && { judged: typed(judged) },
  };
}

/** Lists of numbers as the arrays that they were. */
function typed<T extends object>(columns: T): T {
  const arrays = Object.entries(columns).map(([name, list]) => [
    name,
    TYPES[name as keyof typeof TYPES].from(list),
  ]);
  return Object.fromEntries(arrays);
}
