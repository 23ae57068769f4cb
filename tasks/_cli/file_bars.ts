/**
 * Progress of several files, one bar after the other.
 *
 * @module
 */

import { type ProgressBar, progressBar } from "./progress.ts";

/** Bars on stderr, each with the name of its file. */
export interface FileBars {
  /**
   * @param file Name of the file; another one begins a new bar.
   * @param done Number of bytes so far.
   * @param total Number of all bytes.
   */
  update(file: string, done: number, total: number): void;
  /** Ends the last bar. */
  done(): void;
}

/**
 * Makes bars for files that come one after the other.
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
