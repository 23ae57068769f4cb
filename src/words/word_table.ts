/**
 * Reads word vectors from a file: GloVe's text, or a safetensors table.
 *
 * @module
 */

import { readChunks, readFile } from "../files.ts";
import type { VocabularyData } from "../vocabulary.ts";
import { decodeWordTable, wordsOf, type WordTable } from "./word_vectors.ts";
import { readGloveText } from "./glove_text.ts";

/**
 * Reads the vectors of the words of a vocabulary.
 *
 * @param path A table of `encodeWordTable()` if it ends in `.safetensors`, else GloVe's
 * text, which is read as a stream.
 * @param vocabulary The vocabulary.
 * @returns The vectors by word: all words of a table, or of GloVe's text those of the
 * vocabulary.
 * @throws {SyntaxError} If the file has another format.
 * @throws {RangeError} If the text has none of the words.
 */
export async function readWordTable(
  path: string,
  { entities, predicates }: VocabularyData,
): Promise<WordTable> {
  if (path.endsWith(".safetensors")) return decodeWordTable(await readFile(path), path);
  const wanted = new Set([...entities, ...predicates].flatMap(wordsOf));
  const table = await readGloveText(readChunks(path), wanted, path);
  if (table.size > 0) return table;
  throw new RangeError(
    `Cannot use the word vectors "${path}" as a line must have a word of the vocabulary`,
  );
}
