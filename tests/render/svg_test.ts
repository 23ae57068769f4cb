import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import fc from "fast-check";
import { drawOverImage } from "../../src/render/svg.ts";
import { HOSTILE_NAMES, isWellFormed, ringOf, smallGraph } from "./_graphs.ts";

const texts = (svg: string) =>
  [...svg.matchAll(/<text[^>]*>([^<]*)<\/text>/g)].map((match) => match[1]);

Deno.test("drawOverImage() scales the longer side to 1000 and draws each box", () => {
  const svg = drawOverImage(smallGraph());
  assertStringIncludes(svg, 'viewBox="0 0 1000 500"');
  // [20, 0, 60, 20] times 5
  assertStringIncludes(svg, '<rect x="100" y="0" width="200" height="100" fill="none"');
});

/** Every relation of the small graph, whose scores are low. */
const ALL = { minScore: 0 };

Deno.test("drawOverImage() labels every entity and joins the predicates of a pair", () => {
  assertEquals(texts(drawOverImage(smallGraph(), ALL)), [
    ...["man", "hat", "dog"],
    ...["wearing, has", "on"],
  ]);
});

Deno.test("drawOverImage() draws the best K relations", () => {
  const drawn = (topK: number) => texts(drawOverImage(smallGraph(), { ...ALL, topK }));
  assertEquals(drawn(1), ["man", "hat", "dog", "wearing"]);
  assertEquals(drawn(0), ["man", "hat", "dog"]);
});

Deno.test("drawOverImage() leaves out relations below 0.05, or below minScore", () => {
  const predicates = (options: { minScore?: number }) =>
    texts(drawOverImage(smallGraph(), options)).slice(3);
  assertEquals(predicates({}), ["wearing", "on"]);
  assertEquals(predicates({ minScore: 0.1 }), ["wearing"]);
});

Deno.test("drawOverImage() draws the line of a sure relation wider and darker", () => {
  const graph = smallGraph();
  graph.relations[0].score = 1;
  const lines = [
    ...drawOverImage(graph).matchAll(
      /<g opacity="(\S+)"><path d="\S[^"]*" fill="none" stroke="#fff[^>]*><path [^>]*stroke-width="(\S+)"/g,
    ),
  ].map(([, opacity, width]) => [Number(opacity), Number(width)]);
  // 1.5 + 3 * score wide, 0.5 + 0.5 * score opaque; the second score is 0.0625.
  assertEquals(lines, [[1, 4.5], [0.5, 1.7]]);
});

Deno.test("drawOverImage() numbers entities with the same label", () => {
  const graph = smallGraph();
  graph.entities[2].label = "man";
  assertEquals(texts(drawOverImage(graph)).slice(0, 3), ["man 1", "hat", "man 2"]);
  assertStringIncludes(drawOverImage(graph), "<title>man 1 wearing hat 12.5 %</title>");
});

Deno.test("drawOverImage() says in its tooltips what a changed label was", () => {
  const graph = smallGraph();
  graph.entities[0].given = { label: "boy", score: 0.25 };
  graph.entities[1].given = { label: "hat", score: 0.75 };
  const svg = drawOverImage(graph);
  assertStringIncludes(svg, "<title>man 50.0 %, before context boy 25.0 %</title>");
  assertStringIncludes(svg, "<title>hat 25.0 %</title>");
});

Deno.test("drawOverImage() ends each arrow at a place of its own, outside the labels", () => {
  // Four cups around a plate, and each is on it.
  const at = (x: number, y: number) => [x, y, x + 20, y + 20] as const;
  const boxes = [at(80, 80), at(0, 0), at(180, 0), at(0, 180), at(180, 180)];
  const svg = drawOverImage({
    imageWidth: 200,
    imageHeight: 200,
    entities: boxes.map((box, i) => {
      return { label: i === 0 ? "plate" : "cup", labelIndex: 0, score: 1, box };
    }),
    relations: [1, 2, 3, 4].map((subject) => {
      return { subject, object: 0, predicate: "on", predicateIndex: 0, score: 0.9 };
    }),
  });
  const tips = [...svg.matchAll(/<path d="M(\S+) (\S+)L[^"]*Z"/g)]
    .map((match) => match.slice(1).map(Number));
  assertEquals(tips.length, 4);
  const [, x, y, w, h] = svg.match(
    /<rect x="(\S+)" y="(\S+)" width="(\S+)" height="(\S+)" rx="[^>]*><text[^>]*>plate</,
  )!.map(Number);
  for (const [i, [tipX, tipY]] of tips.entries()) {
    assert(tipX < x || tipX > x + w || tipY < y || tipY > y + h);
    for (const [otherX, otherY] of tips.slice(i + 1)) {
      assert(Math.hypot(tipX - otherX, tipY - otherY) > 10);
    }
  }
});

Deno.test("drawOverImage() draws smaller labels where there are many boxes", () => {
  const sizes = [24, 54, 200].map((count) => {
    const svg = drawOverImage(ringOf(Array.from({ length: count }, () => "cup")));
    return Math.max(
      ...Array.from(svg.matchAll(/font-size="(\S+?)"/g), (m) => Number(m[1])),
    );
  });
  // 24 * sqrt(24 / 54) = 16, and at least 24 * 0.6.
  assertEquals(sizes, [24, 16, 14.4]);
});

Deno.test("drawOverImage() lays nothing over the image", () => {
  const svg = drawOverImage(smallGraph(), { imageHref: "a.png" });
  const after = svg.slice(svg.indexOf("<image"));
  assertEquals(after.match(/<rect width="1000"/g), null);
});

Deno.test("drawOverImage() has a description for screen readers", () => {
  assertStringIncludes(
    drawOverImage(smallGraph(), { ...ALL, topK: 2 }),
    'aria-label="Scene graph of 3 entities: man wearing hat; hat on man"',
  );
});

Deno.test("drawOverImage() gives the same text for the same graph", () => {
  assertEquals(drawOverImage(smallGraph()), drawOverImage(smallGraph()));
});

Deno.test("drawOverImage() draws background and image under the graph", () => {
  const background = '<circle cx="5" cy="5" r="2"/>';
  const imageHref = 'a.png?x=1&y="2"';
  const svg = drawOverImage(smallGraph(), { background, imageHref });
  assertStringIncludes(svg, `<g transform="scale(5)">${background}</g>`);
  assertStringIncludes(svg, '<image href="a.png?x=1&amp;y=&quot;2&quot;"');
  assert(svg.indexOf("<circle cx=") < svg.indexOf(">man</text>"));
  assert(isWellFormed(svg));
});

Deno.test("drawOverImage() draws a graph without entities", () => {
  const svg = drawOverImage({
    imageWidth: 1,
    imageHeight: 1,
    entities: [],
    relations: [],
  });
  assert(isWellFormed(svg));
});

Deno.test("drawOverImage() escapes hostile names", () => {
  const svg = drawOverImage(ringOf(HOSTILE_NAMES), { topK: 99 });
  assert(isWellFormed(svg), svg);
  assertStringIncludes(svg, ">&lt;/text&gt;&lt;script&gt;alert(1)&lt;/script&gt;</text>");
  assertStringIncludes(svg, ">&amp;amp;&amp;lt;</text>");
  assertStringIncludes(svg, `>${"x".repeat(31)}…</text>`);
});

Deno.test("drawOverImage() is well-formed for all names", () => {
  fc.assert(
    fc.property(
      fc.array(fc.string({ unit: "binary" }), { minLength: 2, maxLength: 4 }),
      (names) => isWellFormed(drawOverImage(ringOf(names))),
    ),
    { numRuns: 40 },
  );
});

Deno.test("drawOverImage() keeps labels inside the drawing, and apart if there is room", () => {
  const svg = drawOverImage(ringOf(["cup", "plate", "fork", "knife"]), { topK: 3 });
  const [, width, height] = svg.match(/viewBox="0 0 (\S+) (\S+)"/)!.map(Number);
  const chips = [
    ...svg.matchAll(/<rect x="(\S+)" y="(\S+)" width="(\S+)" height="(\S+)" rx/g),
  ].map((match) => match.slice(1).map(Number));
  assertEquals(chips.length, 7); // four entities and three predicates
  for (const [i, [x, y, w, h]] of chips.entries()) {
    assert(x >= 0 && y >= 0 && x + w <= width + 0.2 && y + h <= height + 0.2);
    for (const [x2, y2, w2, h2] of chips.slice(i + 1)) {
      const isApart = x + w <= x2 + 0.2 || x2 + w2 <= x + 0.2 || y + h <= y2 + 0.2 ||
        y2 + h2 <= y + 0.2;
      assert(isApart, `Chips at ${x}, ${y} and ${x2}, ${y2} overlap`);
    }
  }
});

Deno.test("drawOverImage() takes a size of labels, and leaves its ground out", () => {
  const svg = drawOverImage(smallGraph(), { ...ALL, fontSize: 40, hasGround: false });
  // Predicates have 0.9 of the size, labels of entities the whole.
  const sizes = new Set([...svg.matchAll(/font-size="([\d.]+)"/g)].map(([, of]) => of));
  assertEquals(sizes, new Set(["40", "32", "36"]));
  assertEquals(svg.includes("#f4f4f2"), false);
  assertStringIncludes(drawOverImage(smallGraph()), "#f4f4f2");
});
