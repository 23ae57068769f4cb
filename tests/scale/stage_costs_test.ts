/** Costs of stages, by hand. */

import { assertEquals, assertThrows } from "@std/assert";
import { parseRates } from "../../src/scale/parse_rates.ts";
import { stageCost } from "../../src/scale/stage_costs.ts";

Deno.test("stageCost() gives the numbers of hand calculation", () => {
  const rate = { stage: "x", start_s: 2, image_s: 0.5, bytes_in: 100, bytes_out: 10 };
  // A million images by 1,000 jobs: 2,000 s + 500,000 s are 139.44 hours.
  const plan = { images: 1e6, imagesPerJob: 1000, price: 0.05 };
  const cost = stageCost(rate, plan);
  assertEquals([cost.jobs, cost.core_hours], [1000, 502_000 / 3600]);
  assertEquals([cost.bytes_in, cost.bytes_out], [1e8, 1e7]);
  assertEquals([cost.money, cost.money_per_million_images].map((n) => n.toFixed(3)), [
    "6.972",
    "6.972",
  ]);
  const double = stageCost(rate, { ...plan, images: 2e6 });
  assertEquals(double.money_per_million_images, cost.money_per_million_images);
  // What each of 1,000 jobs does for all images: 2,000 s + 1,000 x 500,000 s.
  const every = stageCost({ ...rate, every_job: true }, plan);
  assertEquals([every.core_hours, every.bytes_in], [500_002_000 / 3600, 1e11]);
  assertThrows(
    () => stageCost(rate, { ...plan, imagesPerJob: 0 }),
    RangeError,
    "as imagesPerJob must be an integer >= 1: found 0",
  );
  assertThrows(
    () => stageCost(rate, { ...plan, price: -1 }),
    RangeError,
    "as price must be a finite number >= 0: found -1",
  );
});

Deno.test("parseRates() reads measured rates, and names what is wrong", () => {
  const rate = { stage: "x", start_s: 2, image_s: 0.5, bytes_in: 100, bytes_out: 10 };
  const line = JSON.stringify({ command: "deno task bench:stages", run: 1, ...rate });
  assertEquals(parseRates(`${line}\n\n`, "rates.jsonl"), [rate]);
  const every = JSON.stringify({ ...rate, every_job: true });
  assertEquals(parseRates(every, "a")[0].every_job, true);
  const later = JSON.stringify({ ...rate, image_s: 0.25 });
  assertEquals(parseRates(`${line}\n${later}\n`, "a").map((r) => r.image_s), [0.25]);
  const refuses = (text: string, message: string) =>
    assertThrows(() => parseRates(text, "rates.jsonl"), Error, message);
  refuses("{", 'line 1 of "rates.jsonl"');
  refuses(JSON.stringify({ ...rate, image_s: -1 }), "image_s");
  refuses(JSON.stringify({ ...rate, bytes_in: undefined }), "bytes_in");
});
