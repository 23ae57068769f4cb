import { assertEquals } from "@std/assert";
import { progressText } from "../../../tasks/_cli/progress.ts";

Deno.test("progressText() shows share, rate and time left", () => {
  assertEquals(
    progressText(400, 1000, { seconds: 5, unit: "images", note: "loss 1.2" }),
    "40% 400/1000 images, 80 images/s, 8s left, loss 1.2",
  );
});

Deno.test("progressText() shows a slow rate with a decimal and long times in hours", () => {
  assertEquals(
    progressText(1, 100, { seconds: 2, unit: "folds" }),
    "1% 1/100 folds, 0.5 folds/s, 3m18s left",
  );
  assertEquals(
    progressText(1, 3, { seconds: 120, unit: "runs" }),
    "33% 1/3 runs, 0.5 runs/min, 4m0s left",
  );
  assertEquals(
    progressText(1, 9001, { seconds: 1, unit: "pages" }),
    "0% 1/9001 pages, 1.0 pages/s, 2h30m left",
  );
});

Deno.test("progressText() shows bytes as megabytes", () => {
  assertEquals(
    progressText(2_500_000, 10_000_000, { seconds: 1, unit: "bytes" }),
    "25% 2.5/10.0 MB, 2.5 MB/s, 3s left",
  );
});

Deno.test("progressText() leaves earlier progress out of the rate", () => {
  assertEquals(
    progressText(600, 1000, { seconds: 10, from: 500, unit: "images" }),
    "60% 600/1000 images, 10 images/s, 40s left",
  );
  assertEquals(
    progressText(500, 1000, { seconds: 0, from: 500, unit: "images" }),
    "50% 500/1000 images",
  );
});

Deno.test("progressText() shows the total time at the end", () => {
  assertEquals(
    progressText(10, 10, { seconds: 61, unit: "images" }),
    "100% 10/10 images, 0.2 images/s, in 1m1s",
  );
  assertEquals(
    progressText(0, 0, { seconds: 0, unit: "images" }),
    "100% 0/0 images, in 0s",
  );
});
