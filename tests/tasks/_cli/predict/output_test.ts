import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { UsageError } from "../../../../tasks/_cli/flags/flags.ts";
import {
  needsOf,
  openOutput,
  type OutputOptions,
} from "../../../../tasks/_cli/predict/output.ts";
import { testInFolder } from "../../../_in_folder.ts";
import { smallGraph } from "../../../render/_graphs.ts";

const FLAGS: OutputOptions = { format: "list", json: false, attentionShare: "mean" };

/** What is printed meanwhile. */
async function printedBy(action: () => Promise<void>): Promise<string> {
  const { log } = console;
  const lines: string[] = [];
  console.log = (line: string) => lines.push(line);
  try {
    await action();
  } finally {
    console.log = log;
  }
  return lines.map((line) => `${line}\n`).join("");
}

/** What is printed of the small graph, once for each name. */
function printedOf(flags: Partial<OutputOptions>, ...names: string[]): Promise<string> {
  return printedBy(async () => {
    const write = openOutput({ ...FLAGS, ...flags }, { isMany: names.length > 1 });
    for (const name of names) await write({ graph: smallGraph(), name });
  });
}

Deno.test("predict --format list gives changed labels and relations with their boxes", async () => {
  const graph = smallGraph();
  graph.entities[0].given = { label: "boy", score: 0.25 };
  graph.entities[1].given = { label: "hat", score: 0.125 };
  const text = await printedBy(() =>
    openOutput({ ...FLAGS, k: 1 })({ graph, name: "-" })
  );
  assertEquals(
    text,
    "0 man 0.50 (detector: boy 0.25)\n0.125  man wearing hat  (0 -> 1)\n",
  );
});

Deno.test("predict --k chooses relations in every form", async () => {
  const count = async (format: string, sign: RegExp, flags: Partial<OutputOptions>) =>
    (await printedOf({ format, ...flags }, "a.json")).match(sign)?.length ?? 0;
  const signs: [format: string, sign: RegExp][] = [
    ["list", /->/g],
    ["sentences", /, 0\./g],
    ["text", /#\d .*#/g],
    ["json", /"predicate":/g],
    ["dot", /->/g],
    ["json-ld", /"rdf:Statement"/g],
  ];
  for (const [format, sign] of signs) {
    assertEquals(await count(format, sign, {}), 3, format);
    assertEquals(await count(format, sign, { k: 1 }), 1, format);
    assertEquals(await count(format, sign, { k: 0 }), 0, format);
  }
});

Deno.test("predict leaves out relations whose score prints as zero", async () => {
  const graph = smallGraph();
  graph.relations[2].score = 0.0009;
  const text = await printedBy(() => openOutput(FLAGS)({ graph, name: "-" }));
  assertEquals(text.match(/->/g)!.length, 2);
  // With a threshold the prediction has what is wanted, and no more.
  const flags = { ...FLAGS, threshold: "0" };
  const all = await printedBy(() => openOutput(flags)({ graph, name: "-" }));
  assertEquals(all.match(/->/g)!.length, 3);
});

Deno.test("predict prints one object a line with the names of several images", async () => {
  const text = await printedOf({ json: true }, "a/1.jpg", "b/1.jpg");
  const lines = text.trimEnd().split("\n").map((line) => JSON.parse(line));
  assertEquals(lines.map(({ image }) => image), ["a/1.jpg", "b/1.jpg"]);
  assertEquals(lines[1].entities.length, 3);
});

Deno.test("predict prints words of several images under their names", async () => {
  const relation = "man 1 wearing hat 1, 0.13\n";
  assertEquals(
    await printedOf({ format: "sentences", k: 1 }, "a.jpg", "b\x1b.jpg"),
    `a.jpg:\n${relation}b\\u{1b}.jpg:\n${relation}`,
  );
  assertEquals(await printedOf({ format: "sentences", k: 1 }, "a.jpg"), relation);
});

testInFolder(
  "predict --out writes each format of each image into a folder",
  async (root) => {
    const out = `${root}/new/out`;
    const names = [
      "x/a.jpg",
      "y/A.png",
      "https://host/p/b%20c.webp?size=1",
      "-",
      "../..",
    ];
    const text = await printedOf({ out, format: "json,dot" }, ...names);
    const stems = ["a", "A-2", "b c", "image", "image-2"];
    const paths = stems.flatMap((stem) => [`${out}/${stem}.json`, `${out}/${stem}.dot`]);
    assertEquals(text, paths.map((path) => `${path}\n`).join(""));
    const files = [...Deno.readDirSync(out)].map(({ name }) => `${out}/${name}`);
    assertEquals(files.sort(), paths.sort());
    const { image } = JSON.parse(await Deno.readTextFile(`${out}/A-2.json`));
    assertEquals(image, "y/A.png");
  },
);

testInFolder(
  "predict --attention-svg and --steps-svg draw how it came about",
  async (root) => {
    const graph = {
      ...smallGraph(),
      attention: [[0.1, 0.9, 0], [0.5, 0.25, 0.25]].map((graph) => ({
        nodes: Float32Array.of(0, 0.5, 0.5, 1, 0, 0, 1, 0, 0),
        graph: Float32Array.from(graph),
      })),
      steps: [0.2, 0.5].map((score) => ({
        entities: [[{ label: "man", score }], [], []],
        relations: [score, 0, 0],
      })),
    };
    const files = { attentionSvg: `${root}/a.svg`, stepsSvg: `${root}/s.svg` };
    const flags = { ...FLAGS, ...files, json: true };
    const printed = await printedBy(() => openOutput(flags)({ graph, name: "-" }));
    assert(!("attention" in JSON.parse(printed)) && !("steps" in JSON.parse(printed)));
    const drawing = await Deno.readTextFile(files.attentionSvg);
    assert(drawing.includes("The whole graph attends to, step 2 of 2"));
    assert(drawing.includes("1 man 50.0 %"));
    assert((await Deno.readTextFile(files.stepsSvg)).includes("man 20.0 % → 50.0 %"));
    assertEquals(needsOf({ ...flags, context: true }), {
      ...{ before: false, attention: "mean", steps: true },
    });
    const bySize = { ...flags, attentionShare: "size" };
    assertEquals(needsOf({ ...bySize, context: true }).attention, "size");
    await printedBy(() => openOutput(bySize)({ graph, name: "-" }));
    const weighed = await Deno.readTextFile(files.attentionSvg);
    assert(weighed.includes("The whole graph attends to, step 2 of 2, weighed by size"));
    assertThrows(
      () => needsOf({ ...flags, context: false }),
      UsageError,
      "Cannot draw the attention as it is the network's: leave out --no-context",
    );
    await assertRejects(
      () => openOutput(flags)({ graph: smallGraph(), name: "-" }),
      Error,
      "Cannot draw the attention as the network must have attention",
    );
  },
);

testInFolder("predict --before-after draws both sides, or makes a page", async (root) => {
  const graph = smallGraph();
  graph.entities[0].given = { label: "boy", score: 0.4 };
  const read = async (path: string) => {
    const write = openOutput({ ...FLAGS, beforeAfter: path });
    await printedBy(() => write({ graph, before: graph, name: "my/secret/a\x1b.jpg" }));
    return Deno.readTextFile(path);
  };
  const svg = await read(`${root}/both.svg`), page = await read(`${root}/both.HTML`);
  assert(svg.startsWith("<svg") && svg.includes("boy 0.40 → man 0.50"));
  assert(page.startsWith("<!doctype html>") && page.includes("boy 0.40 → man 0.50"));
  assert(page.includes("<title>a\\u{1b}.jpg</title>") && !page.includes("secret"));
});

testInFolder("predict --svg draws over the picture, by its content", async (root) => {
  const path = `${root}/a.svg`;
  const gif = new TextEncoder().encode("GIF89a");
  const write = openOutput({ ...FLAGS, svg: path });
  const predicted = { graph: smallGraph(), name: "a.tiff" };
  await printedBy(() => write({ ...predicted, picture: gif }));
  const svg = await Deno.readTextFile(path);
  assert(svg.includes('href="data:image/gif;base64,R0lGODlh"'));
  const page = new TextEncoder().encode("<!doctype html><svg></svg>");
  await assertRejects(
    () => write({ ...predicted, picture: page }),
    RangeError,
    'Cannot draw over "a.tiff": it must be a picture in JPEG, PNG, WebP, GIF, AVIF or SVG: found a web page (HTML)',
  );
});

Deno.test("predict refuses what it cannot print, before any work", () => {
  const refusals: [flags: Partial<OutputOptions>, isMany: boolean, message: string][] = [
    [
      { format: "jsn" },
      false,
      'Cannot use --format: each format must be one of list, sentences, text, json, dot, json-ld, svg, graph-svg, attention-svg, steps-svg, before-after, before-after-page: found "jsn", the nearest is "json"',
    ],
    [
      { format: "svg,dot" },
      false,
      "Cannot print 2 formats at once: add --out <folder> with --format svg,dot",
    ],
    [
      { format: "json-ld" },
      true,
      "Cannot print several graphs as json-ld, one after another: add --out <folder> with --format json-ld",
    ],
    [
      { graphSvg: "g.svg" },
      true,
      'Cannot write the graphs of several images into "g.svg": add --out <folder> with --format graph-svg',
    ],
  ];
  for (const [flags, isMany, message] of refusals) {
    assertThrows(
      () => openOutput({ ...FLAGS, ...flags }, { isMany }),
      UsageError,
      message,
    );
  }
});
