// deno-lint-ignore-file no-import-prefix -- a module imported by URL sees no import map
/**
 * Names the package of `centernet.ts`, which Deno fetches when it loads this module.
 *
 * @module
 */

// Read as text, its program does not run.
import "npm:@vladmandic/human@3.3.6" with { type: "text" };

/** The folder of the models, with a slash at the end. */
export const MODELS: URL = new URL(
  "../models/",
  import.meta.resolve("npm:@vladmandic/human@3.3.6"),
);
