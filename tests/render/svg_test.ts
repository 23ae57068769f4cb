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

Deno.test("drawOverImage() labels related entities and joins the predicates of a pair", () => {
  assertEquals(texts(drawOverImage(smallGraph())), ["man", "hat", "wearing, has", "on"]);
});

Deno.test("drawOverImage() draws the best K relations", () => {
  assertEquals(texts(drawOverImage(smallGraph(), { topK: 1 })), [
    "man",
    "hat",
    "wearing",
  ]);
  assertEquals(texts(drawOverImage(smallGraph(), { topK: 0 })), []);
});

Deno.test("drawOverImage() has a description for screen readers", () => {
  assertStringIncludes(
    drawOverImage(smallGraph(), { topK: 2 }),
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
  assertEquals(chips.length, 7);
  for (const [i, [x, y, w, h]] of chips.entries()) {
    assert(x >= 0 && y >= 0 && x + w <= width + 0.2 && y + h <= height + 0.2);
    for (const [x2, y2, w2, h2] of chips.slice(i + 1)) {
      const isApart = x + w <= x2 + 0.2 || x2 + w2 <= x + 0.2 || y + h <= y2 + 0.2 ||
        y2 + h2 <= y + 0.2;
      assert(isApart, `Chips at ${x}, ${y} and ${x2}, ${y2} overlap`);
    }
  }
});
