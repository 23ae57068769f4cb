/**
 * Receives the messages and the progress of a job, as `src/` itself prints nothing.
 *
 * @module
 */

/** Shows the progress of a job. */
export interface Progress {
  /**
   * Shows the current state.
   *
   * @param done Units done so far.
   * @param total Units of the whole job.
   * @param note A few words to show beside it.
   */
  update(done: number, total: number, note?: string): void;
  /** Ends the display. */
  done(): void;
}

/** Receives notes, warnings and progress of a job. */
export interface Listener {
  /** Receives information for people who watch, such as the name of the backend. */
  note(text: string): void;
  /** Receives a warning that results may differ from expectations. */
  warn(text: string): void;
  /**
   * Begins to show the progress of a job.
   *
   * @param label Name of the job, such as `evaluate`.
   * @param unit Unit of its progress, such as `images`.
   */
  progress(label: string, unit: string): Progress;
}

/** Ignores everything. */
export const SILENT: Listener = {
  note() {},
  warn() {},
  progress: () => ({ update() {}, done() {} }),
};
