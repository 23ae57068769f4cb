/**
 * Times the page in Chromium: the first visit, and the first graphs of a photograph after
 * the networks are loaded.
 *
 * @module
 */

import { type Files, SiteServer, Visitor } from "./site_visit.ts";

/** A part of a visit. */
export interface VisitTime {
  part: string;
  /** Milliseconds that have passed. */
  milliseconds: number;
  /** Milliseconds that processors have worked for all of Chromium. */
  processor: number;
}

/**
 * Visits the page twice.
 *
 * @param files The site.
 * @param photograph A photograph.
 * @param runs Number of further graphs, each of the photograph as a new file.
 * @returns The times of the parts, as they end.
 * @throws {Error} If the page says an error.
 */
export async function* timeVisit(
  files: Files,
  photograph: Uint8Array,
  runs: number,
): AsyncGenerator<VisitTime> {
  await using server = new SiteServer(files);
  await using visitor = await Visitor.open(server.url);
  const { page } = visitor;
  const time = async (part: string, run: () => Promise<unknown>): Promise<VisitTime> => {
    const before = await visitor.processorTime(), start = performance.now();
    await run();
    const milliseconds = performance.now() - start;
    return { part, milliseconds, processor: await visitor.processorTime() - before };
  };
  let number = 0;
  const see = async () => {
    const name = `${number++}.jpg`;
    await visitor.choose(name, photograph);
    const problem = await visitor.outcome(name);
    if (problem) throw new Error(problem);
  };
  const isReady = `"ready" in document.documentElement.dataset`;
  yield await time("first visit: fetch, load, first graph", see);
  yield await time("second visit: load what was kept", async () => {
    await page.reload({ waitUntil: "load" });
    await page.waitForFunction(isReady, { timeout: 120_000 });
  });
  yield await time("first graph after load", see);
  for (let run = 2; run <= runs + 1; run++) yield await time(`graph ${run}`, see);
}
