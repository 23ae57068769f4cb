/**
 * Makes a small table of word vectors from an archive of GloVe.
 *
 * @module
 */

import { sha256 } from "../checksum.ts";
import { exists, openFile, readFile, writeFileAtomically } from "../files.ts";
import { decodeSafetensors } from "../io/safetensors.ts";
import { encodeWordTable } from "./word_vectors.ts";
import { type ArchiveEntry, entries } from "../archive/archive.ts";
import { readGloveText } from "./glove_text.ts";

/** The table to make. */
export interface GloveOptions {
  /** The words to keep, in lower case. */
  words: ReadonlySet<string>;
  /** Numbers per word; the archive must have a file of this size. */
  size: number;
  /** Called with the number of bytes read and the size of the text. */
  onProgress?: (done: number, total: number) => void;
}

/** A table on disk. */
export interface GloveTable {
  /** Path of the table, in the folder of the archive. */
  path: string;
  /** Number of words in the table. */
  words: number;
  /** Wanted words that GloVe lacks. */
  unknown: string[];
  /** Whether the table was made now or existed before. */
  state: "made" | "present";
}

/**
 * Makes the table of some words, in the form of `encodeWordTable`: 8 bits a number. The
 * archive is read as a stream, and only these words are kept.
 *
 * @param archivePath GloVe's archive, such as `data/raw/glove/glove.6B.zip`.
 * @param options Which words, and which of the archive's files.
 * @returns The table; one that was made of the same is not made again.
 * @throws {SyntaxError} If the archive or the text in it is damaged.
 * @throws {RangeError} If the archive has no file of that size, or none of the words.
 */
export async function makeGloveTable(
  archivePath: string,
  { words, size, onProgress }: GloveOptions,
): Promise<GloveTable> {
  const sorted = new Set([...words].sort());
  using archive = await openFile(archivePath);
  const names: string[] = [];
  for await (const entry of entries(archive)) {
    const name = entry.path.slice(entry.path.lastIndexOf("/") + 1);
    names.push(name);
    if (!name.endsWith(`.${size}d.txt`)) continue;
    const path = archivePath.replace(/[^/]*$/, name.replace(/txt$/, "safetensors"));
    const hash = sha256([...sorted].join("\n"));
    const source = `${name} of ${archive.name} (GloVe, public domain), words ${hash}`;
    const describe = (known: ReadonlySet<string>, state: GloveTable["state"]) => ({
      path,
      words: known.size,
      unknown: [...sorted].filter((word) => !known.has(word)),
      state,
    });
    const present = await wordsIn(path, source);
    if (present) return describe(present, "present");
    const text = watched(entry, onProgress);
    const table = await readGloveText(text, sorted, name);
    if (table.size === 0) {
      throw new RangeError(
        `Cannot make word vectors: "${name}" must have one of the ${sorted.size} words: found none`,
      );
    }
    await writeFileAtomically(path, encodeWordTable(table, source));
    return describe(new Set(table.keys()), "made");
  }
  throw new RangeError(
    `Cannot make word vectors of ${size} numbers: "${archive.name}" must have a file of them: found ${
      names.length > 0 ? names.map((name) => `"${name}"`).join(", ") : "none"
    }`,
  );
}

/** The words of the table at `path`, if it exists and has the same source. */
async function wordsIn(path: string, source: string): Promise<Set<string> | undefined> {
  if (!await exists(path)) return undefined;
  const { metadata } = decodeSafetensors(await readFile(path), path);
  return metadata.source === source ? new Set(metadata.words.split(" ")) : undefined;
}

async function* watched(
  { bytes, body }: ArchiveEntry,
  onProgress: GloveOptions["onProgress"],
): AsyncGenerator<Uint8Array> {
  let done = 0;
  for await (const chunk of body()) {
    yield chunk;
    onProgress?.(done += chunk.length, bytes);
  }
}
