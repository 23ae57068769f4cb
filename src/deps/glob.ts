// deno-lint-ignore-file no-import-prefix -- a module imported by URL sees no import map
/**
 * The npm package that matches paths with patterns such as `photos/*.jpg`; `mod.ts` does
 * not load it.
 *
 * @module
 */

import picomatch from "npm:picomatch@4.0.7";

/** A pattern of paths. */
export interface PathPattern {
  /** The folder in which all its paths lie. */
  folder: string;
  /** Whether paths may lie in folders of that folder. */
  isDeep: boolean;
  matches(path: string): boolean;
}

/** Parses a pattern; `undefined` if the text has nothing of a pattern. */
export function parsePattern(text: string): PathPattern | undefined {
  const { base, glob, isGlob } = picomatch.scan(text);
  if (!isGlob) return undefined;
  const isMatch = picomatch(glob, { nocase: true });
  const folder = base || ".", prefix = base && !base.endsWith("/") ? `${base}/` : base;
  return {
    folder,
    isDeep: /\/|\*\*/.test(glob),
    matches: (path) => path.startsWith(prefix) && isMatch(path.slice(prefix.length)),
  };
}
