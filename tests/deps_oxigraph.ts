/**
 * A triple store, which loads what this project writes and answers queries about it.
 *
 * @module
 */

// deno-lint-ignore no-import-prefix
import { Store } from "npm:oxigraph@0.5.11";

/** Values of the variables of a query by their names. */
export type Answer = Record<string, string>;

/**
 * Loads N-Triples into a new store.
 *
 * @param text The triples.
 * @returns The number of different triples, and a function that answers SPARQL.
 * @throws {Error} If the text is no N-Triples.
 */
export function tripleStore(
  text: string,
): { size: number; ask(query: string): Answer[] } {
  const store = new Store();
  store.load(text, { format: "application/n-triples" });
  return {
    size: store.size,
    ask(query) {
      const rows = store.query(query) as Map<string, { value: string }>[];
      return rows.map((row) =>
        Object.fromEntries(Array.from(row, ([name, { value }]) => [name, value]))
      );
    },
  };
}
