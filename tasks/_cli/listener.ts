/**
 * Shows the notes, warnings and progress of a job on stderr.
 *
 * @module
 */

import type { Listener } from "../../src/pipeline/listener.ts";
import { escapeControls } from "../../src/show_value.ts";
import { progressBar } from "./progress.ts";

/**
 * Creates a listener that prints to stderr.
 *
 * @param options The flags `quiet` and `json`: each hides notes and progress, but no
 * warnings.
 */
export function listenerOf(options: { quiet: boolean; json: boolean }): Listener {
  return {
    note: (text) => {
      if (!options.quiet && !options.json) console.error(escapeControls(text));
    },
    warn: (text) => console.error(`warning: ${escapeControls(text)}`),
    progress: (label, unit) => progressBar(label, unit, options),
  };
}
