import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import type { AnnotatedImage } from "../../src/example.ts";
import type { SplitName } from "../../src/dataset/manifest.ts";
import { datasetStatistics } from "../../src/dataset/statistics.ts";
import { statisticsCharts, statisticsText } from "../../src/dataset/statistics_report.ts";
import { chartPage, drawBars } from "../../src/render/charts/bars.ts";
import { Vocabulary } from "../../src/vocabulary.ts";

const vocabulary = new Vocabulary({
  entities: ["man", "horse", "<hat>"],
  predicates: ["on", "near", "under"],
});
const image = (labels: number[], relations: number[], size = 100): AnnotatedImage => ({
  id: "",
  width: size,
  height: size / 2,
  // Half the image, a quarter, an eighth, ...
  boxes: Float32Array.from(
    labels.flatMap((_, i) => [0, 0, size, size / 2 / 2 ** (i + 1)]),
  ),
  entityLabels: Int32Array.from(labels),
  relations: Int32Array.from(relations),
});
const images: { split: SplitName; image: AnnotatedImage }[] = [
  // Man on horse twice, man near horse: one pair with two predicates.
  { split: "train", image: image([0, 1], [0, 1, 0, 0, 1, 0, 0, 1, 1]) },
  { split: "train", image: image([0, 0, 1, 1], [2, 0, 1], 200) },
  { split: "validation", image: image([], []) },
  // Man on horse is known, horse on man is not.
  { split: "test", image: image([0, 1], [0, 1, 0, 1, 0, 0, 1, 0, 0]) },
];

async function* all() {
  yield* images;
}
const statistics = await datasetStatistics(vocabulary, all());

Deno.test("datasetStatistics() counts images, classes, pairs and triplets", () => {
  assertEquals(statistics.splits, {
    train: { images: 2, entities: 6, relations: 4, unrelated: 0 },
    validation: { images: 1, entities: 0, relations: 0, unrelated: 1 },
    test: { images: 1, entities: 2, relations: 3, unrelated: 0 },
  });
  assertEquals(statistics.entities, [
    { name: "man", count: 4 },
    { name: "horse", count: 4 },
    { name: "<hat>", count: 0 },
  ]);
  assertEquals(statistics.predicates, [
    { name: "on", count: 5 },
    { name: "near", count: 2 },
    { name: "under", count: 0 },
  ]);
  assertEquals(statistics.predicatesInNineTenths, 2);
  assertEquals(statistics.entitiesPerImage, {
    least: 0,
    median: 2,
    mean: 2,
    greatest: 4,
  });
  assertEquals(statistics.relationsPerImage, {
    least: 0,
    median: 2,
    mean: 1.75,
    greatest: 3,
  });
  assertEquals(statistics.imageSize, {
    least: 100,
    median: 100,
    mean: 125,
    greatest: 200,
  });
  assertEquals(statistics.imagesByEntities, [1, 0, 2, 1]);
  // Areas 1/2, 1/4 in three images, 1/8 and 1/16 in one.
  assertEquals(statistics.boxAreas, [0, 3, 3, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0]);
  assertEquals([statistics.relatedPairs, statistics.multiLabelPairs], [4, 1]);
  assertEquals(statistics.repeatedRelations, 2);
  assertEquals(statistics.tripletKinds, { train: 3, validation: 0, test: 2 });
  assertEquals(statistics.zeroShotRelations, 2);
});

Deno.test("datasetStatistics() of no images are all zero", async () => {
  const nothing = await datasetStatistics(vocabulary, (async function* () {})());
  assertEquals(nothing.predicatesInNineTenths, 0);
  assertEquals(nothing.imageSize, { least: 0, median: 0, mean: 0, greatest: 0 });
  assertStringIncludes(statisticsText(nothing), "0 related pairs, 0 (0.0 %)");
});

Deno.test("statisticsText() describes the statistics in lines of text", () => {
  const text = statisticsText(statistics);
  const lines = [
    "train            2         6          4                        0",
    "relations an image  0 to 3, median 2, mean 1.8",
    "3 classes: man 4, horse 4; 1 never",
    "2 predicates make up 90 % of the relations",
    "4 related pairs, 1 (25.0 %) with several predicates, 2 repeated rows",
    "3 kinds of triplets in training; 2 test relations are of none of them (zero-shot)",
  ];
  for (const line of lines) assert(text.split("\n").includes(line), `${line}\n${text}`);
});

Deno.test("chartPage() shows every count as a bar, and contains no script", () => {
  const charts = statisticsCharts(statistics);
  assertEquals(charts.map(({ title }) => title), [
    "Relations by predicate",
    "Entities by class",
    "Images by number of entities",
    "Boxes by share of the image",
  ]);
  assertEquals(charts[2].bars, [
    { name: "none", count: 1 },
    { name: "1", count: 0 },
    { name: "2 to 3", count: 2 },
    { name: "4 to 7", count: 1 },
  ]);
  assertEquals(charts[3].bars[1], { name: "1/2 to 1/4", count: 3 });
  assertEquals(charts[3].bars.at(-1)!.name, "under 1/4096");
  const page = chartPage("<mine>", "4 < 5", charts);
  assertEquals(page.match(/<rect /g)!.length, 3 + 3 + 4 + 13);
  for (
    const part of [
      "<h1>&lt;mine&gt;</h1>",
      "4 &lt; 5",
      "&lt;hat&gt;",
      "default-src 'none'",
    ]
  ) {
    assertStringIncludes(page, part);
  }
  assert(!/<script|<hat/.test(page));
});

Deno.test("drawBars() makes lengths proportional, or logarithmic, and cuts long names", () => {
  const bars = [{ name: "a", count: 7 }, { name: "b".repeat(200), count: 1 }];
  const widths = (svg: string) =>
    [...svg.matchAll(/<rect [^>]*width="([\d.]+)"/g)].map((match) => Number(match[1]));
  const [long, short] = widths(drawBars({ title: "t", bars }));
  assert(Math.abs(long - 7 * short) < 0.5);
  // log(8) to log(2) is 3 to 1.
  const [high, low] = widths(drawBars({ title: "t", bars, isLogarithmic: true }));
  assert(Math.abs(high - 3 * low) < 0.5);
  assert(!drawBars({ title: "t", bars }).includes("b".repeat(40)));
});

Deno.test("statisticsCharts() draws no more than the 60 most frequent classes", () => {
  const entities = Array.from(
    { length: 90 },
    (_, i) => ({ name: `${i}`, count: 90 - i }),
  );
  const [, chart] = statisticsCharts({ ...statistics, entities });
  assertEquals([chart.title, chart.bars.length], [
    "Entities by class, the 60 most frequent",
    60,
  ]);
});
