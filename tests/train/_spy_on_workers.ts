/**
 * Remembers every worker that is started, so that a test can end one. To be imported
 * before what starts them.
 *
 * @module
 */

/** The workers, oldest first. */
export const startedWorkers: Worker[] = [];

globalThis.Worker = class extends Worker {
  constructor(url: URL | string, options?: WorkerOptions) {
    super(url, options);
    startedWorkers.push(this);
  }
};
