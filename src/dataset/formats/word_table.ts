/**
 * Word vectors of a file: GloVe's text, or a table of ours.
 *
 * @module
 */

import { readChunks, readFile } from "../../files.ts";
import type { VocabularyData } from "../../vocabulary.ts";
import { decodeWordTable, wordsOf, type WordTable } from "../../word_vectors.ts";

/**
 * Reads the vectors of the words of a vocabulary.
 *
 * @param path A `.safetensors` table, or text with a word and its numbers on each line
 * (GloVe), which is read as a stream: only the vocabulary's words are kept.
 * @param vocabulary Whose words are wanted.
 * @returns The vectors by word; those of words that the file lacks are missing.
 * @throws {SyntaxError} If a line has another number of numbers than the first, or one
 * that is not finite; names the line.
 * @throws {RangeError} If it has none of the words.
 */
export async function readWordTable(
  path: string,
  { entities, predicates }: VocabularyData,
): Promise<WordTable> {
  if (path.endsWith(".safetensors")) {
    return decodeWordTable(await readFile(path), path);
  }
  const wanted = new Set([...entities, ...predicates].flatMap(wordsOf));
  const table = new Map<string, Float32Array>();
  let size = 0, line = 0;
  for await (const text of linesOf(path)) {
    line++;
    const space = text.indexOf(" ");
    const word = text.slice(0, space);
    if (size > 0 && !wanted.has(word)) continue;
    const vector = Float32Array.from(text.slice(space + 1).split(" "), Number);
    size ||= vector.length;
    if (space < 1 || vector.length !== size || !vector.every(Number.isFinite)) {
      throw new SyntaxError(
        `Cannot read the word vectors "${path}": line ${line} must be a word and ${size} numbers`,
      );
    }
    if (wanted.has(word)) table.set(word, vector);
  }
  if (table.size > 0) return table;
  throw new RangeError(
    `Cannot use the word vectors "${path}": none of its ${line} lines has a word of the vocabulary`,
  );
}

async function* linesOf(path: string): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let rest = "";
  for await (const chunk of readChunks(path)) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split("\n");
    rest = lines.pop()!;
    yield* lines;
  }
  if (rest !== "") yield rest;
}
