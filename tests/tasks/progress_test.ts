import { assertEquals } from "@std/assert";
import { progressText } from "../../tasks/_progress.ts";

Deno.test("progressText() shows share, rate and time left", () => {
  assertEquals(
    progressText(400, 1000, 5, "images", "loss 1.2"),
    "40% 400/1000 images, 80 images/s, 8s left, loss 1.2",
  );
});

Deno.test("progressText() shows a slow rate with a decimal and long times in hours", () => {
  assertEquals(
    progressText(1, 100, 2, "folds"),
    "1% 1/100 folds, 0.5 folds/s, 3m18s left",
  );
  assertEquals(
    progressText(1, 9001, 1, "pages"),
    "0% 1/9001 pages, 1.0 pages/s, 2h30m left",
  );
});

Deno.test("progressText() shows bytes as megabytes", () => {
  assertEquals(
    progressText(2_500_000, 10_000_000, 1, "bytes"),
    "25% 2.5/10.0 MB, 2.5 MB/s, 3s left",
  );
});

Deno.test("progressText() has no time left before the start, and the whole at the end", () => {
  assertEquals(progressText(0, 10, 0, "images"), "0% 0/10 images, 0.0 images/s, ? left");
  assertEquals(
    progressText(10, 10, 61, "images"),
    "100% 10/10 images, 0.2 images/s, in 1m1s",
  );
  assertEquals(
    progressText(0, 0, 0, "images"),
    "100% 0/0 images, 0.0 images/s, in 0s",
  );
});
