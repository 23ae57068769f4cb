/**
 * Who is told how a job goes: `src/` prints nothing itself.
 *
 * @module
 */

/** Shows how far a job is. */
export interface Progress {
  /**
   * @param done How much is done.
   * @param total How much there is to do.
   * @param note A few words to show beside it.
   */
  update(done: number, total: number, note?: string): void;
  /** Ends the display. */
  done(): void;
}

/** Hears of a job's notes, warnings and progress. */
export interface Listener {
  /** For people who watch, such as which backend is used. */
  note(text: string): void;
  /** Something that may make results other than expected. */
  warn(text: string): void;
  /**
   * A job begins.
   *
   * @param label What is done, such as `evaluate`.
   * @param unit What is counted, such as `images`.
   */
  progress(label: string, unit: string): Progress;
}

/** Listens to nothing. */
export const SILENT: Listener = {
  note() {},
  warn() {},
  progress: () => ({ update() {}, done() {} }),
};
