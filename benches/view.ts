/**
 * Times the viewer with 20,000 drawn scenes in Chromium: searches, and frames while the list
 * scrolls.
 *
 *     deno task bench:view [trace.json]
 *
 * @module
 */

import process from "node:process";
import { serveLocally } from "../tasks/_cli/local_server.ts";
import { viewApp } from "../src/view/app.ts";
import { DroppedFiles } from "../src/view/dropped.ts";
import { Runs } from "../src/view/runs.ts";
import { View } from "../src/view/view.ts";
import { writeWorldDataset } from "../src/world/write_dataset.ts";
import { frameTimes, type TraceEvent } from "./_frames.ts";
import { openPage } from "./_devtools.ts";

const IMAGES = 20_000, SCROLLS = 300, RUNS = 5;

const PATTERNS = [
  "woman riding horse",
  "man on ?thing, ?thing on grass",
  "man ?m wearing hat, ?m ?does ?thing",
  "?a on ?b",
  "?a on ?b, ?b on ?c",
  "?a wearing ?b, ?a holding ?c, ?a on ?d",
];

/** The value below which a share of the values lies. */
function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))];
}

/** Times searches, and records what Chromium does while the list scrolls by the wheel. */
async function traceOfScrolling(url: string): Promise<TraceEvent[]> {
  await using page = await openPage(url, { width: 1400, height: 900 });
  await page.until("document.querySelector('.panel svg') !== null");
  for (const pattern of PATTERNS) {
    const times: number[] = [], busy: number[] = [];
    let total = 0;
    for (let run = 0; run < RUNS; run++) {
      // Another range of recall each time, as lists are kept.
      const query = new URLSearchParams({ pattern, least: `0.${"0".repeat(5 + run)}1` });
      const before = process.cpuUsage();
      const [time, found] = await page.evaluate<[number, number]>(`(async () => {
        const start = performance.now();
        const response = await fetch("/api/images?${query}");
        const { total } = await response.json();
        return [performance.now() - start, total];
      })()`);
      const { user, system } = process.cpuUsage(before);
      times.push(time);
      busy.push((user + system) / 1000);
      total = found;
    }
    const [median, most, work] = [quantile(times, 0.5), Math.max(...times), busy]
      .map((value) => typeof value === "number" ? value : quantile(value, 0.5))
      .map((value) => value.toFixed(1).padStart(6));
    console.log(
      `${median} ms, at most ${most} ms, of the processor ${work} ms  ${pattern} (${total} images)`,
    );
  }
  const place = await page.evaluate<{ x: number; y: number }>(`(() => {
    const { x, y, width, height } = document.querySelector("#list").getBoundingClientRect();
    return { x: x + width / 2, y: y + height / 2 };
  })()`);
  const events = await page.trace<TraceEvent>(
    ["toplevel", "devtools.timeline"],
    async () => {
      for (let i = 0; i < SCROLLS; i++) {
        await page.send("Input.dispatchMouseEvent", {
          ...{ type: "mouseWheel", ...place, deltaX: 0, deltaY: 120 + 20 * (i % 40) },
        });
        await new Promise((resolve) => setTimeout(resolve, 16));
      }
    },
  );
  const scrolled = await page.evaluate(`document.querySelector("#list").scrollTop`);
  console.log(`scrolled ${scrolled} pixels by ${SCROLLS} turns of the wheel`);
  return events;
}

if (import.meta.main) {
  const [path, ...others] = Deno.args;
  if (others.length > 0 || path?.startsWith("-")) {
    console.error("Usage: deno task bench:view [trace.json]");
    Deno.exit(2);
  }
  const folder = await Deno.makeTempDir();
  try {
    console.error(`Drawing and indexing ${IMAGES} scenes: about a minute`);
    const dataset = `${folder}/world`;
    const sizes = { train: 1, validation: 1, test: IMAGES };
    await writeWorldDataset(dataset, { command: "bench", sizes });
    using view = await View.open({
      ...{ dataset, split: "test", systems: [], metrics: "R", k: [20], workers: 1 },
      ...{ index: `${folder}/index.sqlite`, kept: `${folder}/evaluations` },
    });
    using dropped = new DroppedFiles({
      checkpoint: "",
      read: () =>
        Promise.reject(new RangeError("Cannot read a file: only lists are timed")),
    });
    const answer = viewApp({ view, dropped, runs: new Runs(folder) });
    await using server = serveLocally(answer);
    const traceEvents = await traceOfScrolling(server.url);
    // Chromium's own view of performance opens the file.
    if (path !== undefined) {
      await Deno.writeTextFile(path, JSON.stringify({ traceEvents }));
    }
    const { frames, longestTask } = frameTimes(traceEvents);
    const [half, most, worst] = [0.5, 0.99, 1].map((share) =>
      quantile(frames, share).toFixed(1)
    );
    console.log(
      `${frames.length} frames: ${half} ms of the main thread in the median, ${most} ms in 99 of 100, ${worst} ms at most; longest task ${
        longestTask.toFixed(1)
      } ms`,
    );
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}
