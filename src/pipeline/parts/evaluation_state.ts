/**
 * The state of an evaluation as a file: what was found in each image, so that jobs that
 * scored parts of the images can be merged. `docs/shards.md` describes the format.
 *
 * @module
 */

import { lastName } from "../../address.ts";
import type { SplitName } from "../../dataset/manifest.ts";
import type { EvaluatorState } from "../../eval/evaluator_state.ts";
import type { Task } from "../../eval/protocol.ts";
import { readFile, writeFileAtomically } from "../../files.ts";
import { verifyChecksum, withChecksum } from "../../io/file_checksum.ts";
import {
  decodeSafetensors,
  encodeSafetensors,
  type NamedArray,
} from "../../io/safetensors.ts";
import type { ArrayData } from "../../io/safetensors.ts";

/** The format and its version. */
export const STATE_FORMAT = "scene-graph-evaluation-1";

/** Everything that jobs must have in common; `null` stands for a setting that is not set. */
export interface StateSettings {
  /** Name of the dataset's folder. */
  dataset: string;
  /** SHA-256 of its manifest, which has those of all shards. */
  manifest: string;
  split: SplitName;
  /** Number of images that all jobs score together. */
  images: number;
  /** Number of jobs. */
  jobs: number;
  metrics: string;
  k: readonly number[];
  /** SHA-256 of the list of zero-shot triplets. */
  zeroShot: string | null;
  missing: string;
  threshold: number | null;
  logitAdjustment: string | null;
  /** Such as `wasm (plain SIMD)`. */
  backend: string | null;
  precision: string;
  seed: number;
  resamples: number;
  /** The systems, and the SHA-256 of a checkpoint. */
  systems: readonly { name: string; kind: string; sha256: string | null }[];
  /** What was scored under which protocol. */
  evaluations: readonly { system: string; task: Task; protocol: string }[];
  /** The names of the systems in the table, and of which runs they are means. */
  models: readonly string[];
  baselines: readonly string[];
  runs: Readonly<Record<string, readonly string[]>>;
}

/** The images of one job. */
export interface StateBlock {
  /** Number of the job, from 1. */
  job: number;
  /** One entry for each of the evaluations; all have the same images. */
  evaluators: readonly EvaluatorState[];
}

/** The state of one or several jobs. */
export interface EvaluationState {
  settings: StateSettings;
  /** In the order of their jobs. */
  blocks: readonly StateBlock[];
}

/** The part of a state that is JSON, beside the arrays. */
interface BlockHeader {
  job: number;
  images: number;
  /** For each evaluation. */
  evaluators: Pick<EvaluatorState, "warnings" | "numPredicates">[];
}

/** Columns with one entry, or a fixed number of entries, an image; the others have rows. */
const COLUMNS = ["ends", "scored", "pairs", "predicates", "flags", "accuracy"] as const;

/** The columns of candidates, if their scores were kept. */
const CANDIDATES = ["ends", "predicates", "scores"] as const;
/** Columns of judged rows, if an image has negatives. */
const JUDGED = [
  "images",
  "ends",
  "predicates",
  "positives",
  "scores",
  "ranks",
] as const;

/** Writes a state. Equal states give equal bytes. */
export async function writeState(path: string, state: EvaluationState): Promise<void> {
  await writeFileAtomically(path, encodeState(state));
}

/** Encodes a state as a safetensors file. */
export function encodeState({ settings, blocks }: EvaluationState): Uint8Array {
  const arrays: Record<string, NamedArray> = {};
  const headers: BlockHeader[] = [];
  for (const { job, evaluators } of blocks) {
    const { ids } = evaluators[0];
    headers.push({
      job,
      images: ids.length,
      evaluators: evaluators.map(({ warnings, numPredicates }) => {
        return { warnings, numPredicates };
      }),
    });
    const put = (name: string, data: ArrayData) =>
      arrays[`${job}/${name}`] = { shape: [data.length], data };
    put("ids", new TextEncoder().encode(JSON.stringify(ids)));
    for (const [i, { columns }] of evaluators.entries()) {
      for (const name of COLUMNS) put(`${i}/${name}`, columns[name]);
      for (const [list, ranks] of columns.ranks.entries()) {
        put(`${i}/ranks/${list}`, ranks);
      }
      for (const [name, values] of Object.entries(columns.candidates ?? {})) {
        put(`${i}/candidates/${name}`, values);
      }
      const { judged } = columns;
      for (const name of judged ? JUDGED : []) put(`${i}/judged/${name}`, judged![name]);
    }
  }
  const metadata = {
    format: STATE_FORMAT,
    settings: JSON.stringify(settings),
    jobs: JSON.stringify(headers),
  };
  return encodeSafetensors(arrays, withChecksum({ arrays, metadata }));
}

/**
 * Reads a state.
 *
 * @throws {SyntaxError | RangeError} If the file is no state, of another version, or
 * damaged; the message names it.
 */
export async function readState(path: string): Promise<EvaluationState> {
  return decodeState(await readFile(path), path);
}

/** Decodes what {@linkcode encodeState} gives. */
export function decodeState(bytes: Uint8Array, path: string): EvaluationState {
  const name = lastName(path);
  const file = decodeSafetensors(bytes, name);
  const { arrays, metadata } = file;
  if (metadata.format !== STATE_FORMAT) {
    throw new SyntaxError(
      `Cannot merge "${path}" as its format must be "${STATE_FORMAT}": found "${metadata.format}"; score these images again with --state`,
    );
  }
  if (metadata.crc32c === undefined) {
    throw new SyntaxError(
      `Cannot merge "${path}" as it must have a checksum: found none; score these images again`,
    );
  }
  verifyChecksum(file, name);
  const settings = JSON.parse(metadata.settings) as StateSettings;
  const headers = JSON.parse(metadata.jobs) as BlockHeader[];
  const blocks = headers.map(({ job, evaluators }): StateBlock => {
    const get = <T extends ArrayData>(name: string) => arrays[`${job}/${name}`].data as T;
    const ids = JSON.parse(new TextDecoder().decode(get<Uint8Array>("ids"))) as string[];
    return {
      job,
      evaluators: evaluators.map(({ warnings, numPredicates }, i) => {
        const columns = Object.fromEntries(
          COLUMNS.map((name) => [name, get(`${i}/${name}`)]),
        );
        const ranks: Uint16Array[] = [];
        while (`${job}/${i}/ranks/${ranks.length}` in arrays) {
          ranks.push(get(`${i}/ranks/${ranks.length}`));
        }
        const candidates = `${job}/${i}/candidates/ends` in arrays && {
          candidates: Object.fromEntries(
            CANDIDATES.map((name) => [name, get(`${i}/candidates/${name}`)]),
          ),
        };
        const judged = `${job}/${i}/judged/images` in arrays && {
          judged: Object.fromEntries(
            JUDGED.map((name) => [name, get(`${i}/judged/${name}`)]),
          ),
        };
        const all = { ...columns, ranks, ...candidates, ...judged };
        return {
          ids,
          columns: all as unknown as EvaluatorState["columns"],
          warnings,
          numPredicates,
        };
      }),
    };
  });
  return { settings, blocks };
}
