/**
 * Times the page that runs in the browser.
 *
 * @module
 */

import { timeVisit } from "../benches/site.ts";
import { readFile } from "../src/files.ts";
import { siteFiles } from "./_cli/site/files.ts";
import { runTask } from "./_cli/run.ts";

await runTask({
  name: "bench:site",
  summary:
    `Time the page of "deno task site" in Chromium, on WebAssembly: the first visit, from a server
on this machine, and the first graphs of a photograph after the networks are loaded. Beside
the time that has passed stands the time that processors have worked for all of Chromium,
which others who use the machine change less.`,
  positionals: {
    photograph: { path: "path", help: "A photograph: JPEG, PNG or WebP" },
  },
  flags: {
    runs: { default: 4, min: 0, help: "Number of graphs after the first" },
  },
  examples: ["bench:site photo.jpg", "bench:site photo.jpg --runs 10 --json"],
}, async ({ photograph, runs, json }) => {
  const bytes = await readFile(photograph);
  for await (const row of timeVisit(await siteFiles(true), bytes, runs)) {
    const { part, milliseconds, processor } = row;
    const text = (time: number) => `${time.toFixed(0).padStart(7)} ms`;
    console.log(
      json
        ? JSON.stringify(row)
        : `${part.padEnd(40)}${text(milliseconds)}, processors ${text(processor)}`,
    );
  }
});
