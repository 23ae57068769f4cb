/**
 * A parser of RDF, which checks what this project writes.
 *
 * @module
 */

// deno-lint-ignore no-import-prefix
import { Parser } from "npm:n3@1.26.0";

/** A statement; N3.js comes without types. */
export interface Quad {
  subject: { value: string };
  predicate: { value: string };
  object: { value: string };
}

/** Parses N-Triples. */
export function parseNTriples(text: string): Quad[] {
  return new Parser({ format: "N-Triples" }).parse(text);
}
