/**
 * The words that a table of word vectors must have.
 *
 * @module
 */

import { Dataset, PROCESSED } from "../../src/dataset/dataset.ts";
import { exists } from "../../src/files.ts";
import { builtInWords, wordsOf } from "../../src/words/word_vectors.ts";

/**
 * The words of the shipped table and of the vocabularies of all processed datasets.
 *
 * @param processed Folder of the processed datasets.
 */
export async function wantedWords(processed: string = PROCESSED): Promise<Set<string>> {
  const words = new Set((await builtInWords()).keys());
  if (!await exists(processed)) return words;
  for await (const { name } of Deno.readDir(processed)) {
    const folder = `${processed}/${name}`;
    if (name.startsWith(".") || !await exists(`${folder}/manifest.json`)) continue;
    const { entities, predicates } = (await Dataset.open(folder)).vocabulary;
    [...entities, ...predicates].flatMap(wordsOf).forEach((word) => words.add(word));
  }
  return words;
}
