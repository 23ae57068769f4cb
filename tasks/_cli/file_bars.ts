/**
 * Progress of several files, one after another.
 *
 * @module
 */

import { type ProgressBar, progressBar } from "./progress.ts";

/** Progress bars on stderr, one for each file. */
export interface FileBars {
  /**
   * Shows how much of a file is done.
   *
   * @param file Name of the file; a new name starts a new bar.
   * @param done Bytes done so far.
   * @param total Bytes of the whole file.
   */
  update(file: string, done: number, total: number): void;
  /** Ends the last bar. */
  done(): void;
}

/**
 * Creates progress bars for files that are handled one after another.
 *
 * @param options `quiet` or `json` (the flags of those names): show nothing.
 * @returns The bars; nothing is shown before the first update.
 */
export function fileBars(options: { quiet?: boolean; json?: boolean }): FileBars {
  let bar: ProgressBar | undefined;
  let current = "";
  const done = () => {
    bar?.done();
    bar = undefined;
  };
  return {
    update(file, value, total) {
      if (file !== current) done();
      current = file;
      bar ??= progressBar(file, "bytes", options);
      bar.update(value, total);
    },
    done,
  };
}
