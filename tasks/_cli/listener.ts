/**
 * Shows on stderr what a job says while it runs.
 *
 * @module
 */

import type { Listener } from "../../src/pipeline/listener.ts";
import { progressBar } from "./progress.ts";

/**
 * A listener that prints; warnings are shown even to who wants quiet.
 *
 * @param options The flags `quiet` and `json`, each of which hides notes and progress.
 */
export function listenerOf(options: { quiet: boolean; json: boolean }): Listener {
  return {
    note: (text) => {
      if (!options.quiet && !options.json) console.error(text);
    },
    warn: (text) => console.error(`Warning: ${text}`),
    progress: (label, unit) => progressBar(label, unit, options),
  };
}
