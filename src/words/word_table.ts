/**
 * Word vectors of a file: GloVe's text, or a table of ours.
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
 * @param path A `.safetensors` table, or text as GloVe has it, read as a stream.
 * @param vocabulary Whose words are wanted.
 * @returns The vectors by word; those of words that the file lacks are missing.
 * @throws {SyntaxError} If it is no such file; the message has the line.
 * @throws {RangeError} If it has none of the words.
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
    `Cannot use the word vectors "${path}": no line has a word of the vocabulary`,
  );
}
