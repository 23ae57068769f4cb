import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { drawCurve, niceTicks } from "../../src/render/curve.ts";
import { HOSTILE_NAMES, isWellFormed } from "./_graphs.ts";

Deno.test("niceTicks() spans the values with round numbers", () => {
  assertEquals(niceTicks(0, 1), [0, 0.5, 1]);
  assertEquals(niceTicks(48.2, 90), [40, 60, 80, 100]);
  assertEquals(niceTicks(0.31, 0.45), [0.3, 0.35, 0.4, 0.45]);
  assertEquals(niceTicks(-3, 7), [-5, 0, 5, 10]);
});

Deno.test("niceTicks() accepts equal values and no values", () => {
  assertEquals(niceTicks(2, 2), [1.5, 2, 2.5]);
  assertEquals(niceTicks(Infinity, -Infinity), [0, 1]);
});

Deno.test("drawCurve() draws values at their coordinates", () => {
  const svg = drawCurve({
    title: "loss",
    series: [{ name: "train", values: [3, 1, 2] }],
  });
  // Ticks 1 to 3; the area runs from x = 52 to 466 and from y = 36 (top) to 200.
  assertStringIncludes(svg, 'd="M52 36L259 200L466 118"');
  assert(isWellFormed(svg));
});

Deno.test("drawCurve() draws named positions, and intervals as vertical lines", () => {
  const intervals = [{ low: 1, high: 3 }, undefined, { low: 0, high: 4 }];
  const svg = drawCurve({
    title: "accuracy",
    positions: { title: "graphs", names: ["16", "64", "256"] },
    series: [{ name: "a", values: [2, 3, 2], intervals }],
  });
  // Ticks 0 to 4, from y = 200 to 36: 41 units each.
  assertStringIncludes(svg, 'd="M52 118L259 77L466 118"');
  assertStringIncludes(svg, 'd="M52 159V77M466 200V36"');
  assertStringIncludes(svg, ">256</text>");
  assertStringIncludes(svg, "<title>graphs 64: 3</title>");
  assertStringIncludes(svg, 'aria-label="accuracy over graphs: a from 2.00 to 2.00"');
  assert(!svg.includes("epoch") && isWellFormed(svg));
});

Deno.test("drawCurve() puts names in rows of their own if they do not fit", () => {
  const names = ["a", "b", "c", "d", "e"].map((name) => name.repeat(25));
  const svg = drawCurve({
    title: "t",
    series: names.map((name) => ({ name, values: [1, 2] })),
  });
  const placed = names.map((name) => {
    const [, x, y] = svg.match(
      new RegExp(`<text x="([\\d.]+)" y="([\\d.]+)"[^>]*>${name}<`),
    )!;
    return { right: Number(x), y: Number(y) };
  });
  for (const { right, y } of placed) assert(right <= 480 && right > 100 && y > 10);
  assertEquals(new Set(placed.map(({ right, y }) => `${right} ${y}`)).size, 5);
  // The lines begin below the last row.
  const top = Math.min(
    ...Array.from(svg.matchAll(/cy="([\d.]+)" r="3"/g), ([, y]) => Number(y)),
  );
  assert(top > Math.max(...placed.map(({ y }) => y)) + 8);
});

Deno.test("drawCurve() leaves a gap where a value is not finite", () => {
  const values = [1, 2, NaN, 2, 1];
  const svg = drawCurve({ title: "t", series: [{ name: "a", values }] });
  assertEquals(svg.match(/<path d="(M\S+ [^M"]*M[^"]*)" fill="none"/)?.length, 2);
  assert(!svg.includes("NaN"));
});

Deno.test("drawCurve() draws curves of one epoch and of none", () => {
  for (const values of [[1], []]) {
    const svg = drawCurve({ title: "t", series: [{ name: "a", values }], best: 1 });
    assert(isWellFormed(svg) && !svg.includes("NaN") && !svg.includes("Infinity"));
  }
});

Deno.test("drawCurve() escapes hostile names", () => {
  for (const name of HOSTILE_NAMES) {
    assert(isWellFormed(drawCurve({ title: name, series: [{ name, values: [1, 2] }] })));
  }
});
