/**
 * Records every worker that starts, so that a test can end one. Import it before the modules
 * that start workers.
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
