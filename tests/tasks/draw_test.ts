/** Images that people choose, and those that a report shows. */

import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { exists } from "../../src/files.ts";
import { encodePng } from "../deps_png.ts";
import { testInFolder } from "../_in_folder.ts";
import { runTask } from "./_run_script.ts";

const SIZES = "--train-images 8 --validation-images 4 --test-images 9".split(" ");

testInFolder("draw draws a chosen image, annotated and predicted", async (cwd) => {
  await runTask(cwd, "preprocess", ...SIZES, "--quiet");
  const ids = (await runTask(cwd, "score", "--order", "synthetic", "--quiet")).stdout
    .trim().split("\n").map((line) => JSON.parse(line));
  const { id, labels, pairs } = ids[5];
  const { code, stdout, stderr } = await runTask(cwd, "draw", "synthetic", id, "--quiet");
  assertEquals([code, stderr], [0, ""]);
  const lines = stdout.trimEnd().split("\n");
  assertEquals(lines[0], `${id} (test): ${pairs.length} annotated relations`);
  assert(
    lines.slice(1, -3).every((line) => /^[+ ] +\d+\.\d\d % {2}\w+/.test(line)),
    stdout,
  );
  const stem = `reports/pictures/synthetic-${id}`;
  assertEquals(lines.slice(-3), [
    `${stem}.html`,
    `${stem}-annotated.svg`,
    `${stem}-predicted.svg`,
  ]);
  const annotated = await Deno.readTextFile(`${cwd}/${stem}-annotated.svg`);
  for (const label of new Set(labels)) assertStringIncludes(annotated, `${label}`);
  const page = await Deno.readTextFile(`${cwd}/${stem}.html`);
  assertStringIncludes(page, `<h1>${id} of synthetic</h1>`);

  const json = await runTask(cwd, "draw", "synthetic", id, "--json", "--k", "3");
  const { split, annotated: graph, predicted } = JSON.parse(json.stdout);
  assertEquals([split, predicted.relations.length], ["test", 3]);
  assertEquals(
    graph.relations.map((
      { subject, object }: Record<string, number>,
    ) => [subject, object]),
    pairs,
  );
});

testInFolder(
  "draw refuses an image that is not there, and names the nearest",
  async (cwd) => {
    await runTask(cwd, "preprocess", ...SIZES, "--quiet");
    const { code, stderr } = await runTask(
      cwd,
      "draw",
      "synthetic",
      "test-00000",
      "--quiet",
    );
    assertEquals([code, stderr], [
      1,
      'error: Cannot find the image "test-00000" in "synthetic" (train, validation, test): the nearest is "test-000000"\n',
    ]);
    const none = await runTask(cwd, "draw");
    assertStringIncludes(none.stderr, "  deno task draw synthetic <image>\n");
    assertEquals(none.code, 2);
  },
);

testInFolder("draw shows the photograph of the dataset, or of a folder", async (cwd) => {
  await runTask(cwd, "preprocess", ...SIZES, "--quiet");
  const own = `${cwd}/data/processed/synthetic/photographs`, other = `${cwd}/other`;
  const data = Uint8ClampedArray.from({ length: 4 * 64 * 48 }, (_, i) => i % 251);
  const png = await encodePng({ width: 64, height: 48, data });
  for (const folder of [own, other]) await Deno.mkdir(folder);
  await Deno.writeFile(`${own}/test-000003.png`, png);
  await Deno.writeFile(`${other}/test-000001.png`, png.subarray(0, 40));
  const drawn = async (id: string, ...args: string[]) => {
    const { code, stderr } = await runTask(cwd, "draw", "synthetic", id, ...args);
    assertEquals(code, 0, stderr);
    const stem = `${cwd}/reports/pictures/synthetic-${id}`;
    const texts = [".html", "-annotated.svg", "-predicted.svg"]
      .map((end) => Deno.readTextFileSync(stem + end));
    const counts = texts.map((text) => text.split('href="data:image/jpeg;').length - 1);
    return [counts, stderr] as const;
  };
  assertEquals((await drawn("test-000003"))[0], [1, 1, 1]);
  assertEquals((await drawn("test-000002"))[0], [0, 0, 0]);
  const [none, said] = await drawn("test-000003", "--photographs", other);
  assertEquals(none, [0, 0, 0]);
  assertStringIncludes(
    said,
    'other" has no photograph of the drawn images, such as "test-000003"; they are drawn without',
  );
  const [damaged, why] = await drawn("test-000001", "--photographs", other);
  assertEquals(damaged, [0, 0, 0]);
  assertStringIncludes(why, 'Cannot decode "test-000001" as the file is damaged');

  const refused = await runTask(
    cwd,
    "draw",
    "synthetic",
    "test-000003",
    "--photographs",
    "no",
  );
  assertEquals(refused.code, 1);
  assertStringIncludes(refused.stderr, 'no" as it must be a folder: found nothing');
});

testInFolder("the report shows the worst images beside the first", async (cwd) => {
  await runTask(cwd, "preprocess", ...SIZES, "--quiet");
  const small = "--epochs 1 --hidden 8 --layers 8 --backend wasm --workers 1 --quiet";
  const pipeline = (photographs: string) =>
    runTask(
      cwd,
      ...["pipeline", "gpi_mean", "--control", "none", "--resamples", "10"],
      ...["--k", "1,20", ...small.split(" "), "--photographs", photographs],
    );
  const refused = await pipeline("no");
  assertEquals(refused.code, 1);
  assertStringIncludes(refused.stderr, 'no" as it must be a folder: found nothing');
  assert(!await exists(`${cwd}/checkpoints`), "it is told before the training");
  const data = Uint8ClampedArray.from({ length: 4 * 64 * 48 }, (_, i) => i % 251);
  const png = await encodePng({ width: 64, height: 48, data });
  await Deno.mkdir(`${cwd}/images`);
  await Deno.writeFile(`${cwd}/images/test-000001.png`, png);
  const { code, stderr } = await pipeline("images");
  assertEquals(code, 0, stderr);
  const page = await Deno.readTextFile(`${cwd}/reports/gpi_mean/index.html`);
  assertEquals(page.split('href="data:image/jpeg;').length - 1, 1, "its photograph");
  const headings = [...page.matchAll(/<h2>Image (.*?)<\/h2>/g)].map(([, text]) => text);
  assertEquals(headings.slice(0, 4), [0, 1, 2, 3].map((i) => `test-00000${i}`));
  // Those that context changed most come last.
  const worst = headings.slice(4).filter((heading) => !heading.includes(", context h"));
  assert(worst.length > 0 && worst.length <= 4, headings.join());
  for (const heading of worst) assert(heading.endsWith(", among the worst"), heading);
  const notes = [
    ...page.matchAll(/sgcls R@20, motifs: (\d+) of (\d+) found; missed: \w+/g),
  ];
  assertEquals(notes.length, worst.length);
  const recalls = notes.map(([, hits, rows]) => Number(hits) / Number(rows));
  assertEquals(recalls, recalls.toSorted((a, b) => a - b));
});
