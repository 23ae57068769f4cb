/** Photographs beneath drawings, in their place and in a page once. */

import { assert, assertEquals } from "@std/assert";
import { placePhotograph } from "../../src/render/photograph.ts";
import { drawExample, reportPage } from "../../src/render/report_page.ts";
import { isWellFormed, smallGraph } from "./_graphs.ts";

const HREF = "data:image/jpeg;base64,/9j/4AAQ";

const sizeOf = (image: string) =>
  ["width", "height"].map((key) =>
    Number(new RegExp(` ${key}="([^"]+)"`).exec(image)![1])
  );

Deno.test("a photograph of the plane's shape is scaled to it, another is not", () => {
  const placed = (width: number, height: number, imageWidth = 500, imageHeight = 375) =>
    sizeOf(
      placePhotograph({ href: HREF, width, height }, { imageWidth, imageHeight }),
    );
  assertEquals(placed(500, 375), [500, 375]);
  assertEquals(placed(2000, 1500), [500, 375]);
  // Half of 1023 x 767 pixels, rounded.
  assertEquals(placed(1023, 767, 512, 384), [512, 384]);
  // The greatest edges of boxes instead of the size: the boxes are in its pixels.
  assertEquals(placed(500, 375, 470, 371), [500, 375]);
});

Deno.test("the address of a photograph is escaped", () => {
  const href = 'a"><script>alert(1)</script>';
  const svg = drawExample(
    {
      ...{ id: "a", predicted: smallGraph(), annotated: smallGraph() },
      photograph: { href, width: 2, height: 1 },
    },
    smallGraph(),
    3,
  );
  assert(isWellFormed(svg) && !svg.includes("<script"), svg);
  assertEquals(sizeOf(/<image[^>]*>/.exec(svg)![0]), [200, 100]);
});

Deno.test("a report holds each photograph once, under all drawings of its image", () => {
  const example = { predicted: smallGraph(), annotated: smallGraph() };
  const photograph = { href: HREF, width: 200, height: 100 };
  const page = reportPage({
    ...{ title: "t", headline: "h", tables: [], charts: [], settings: {} },
    ...{ command: "c", isSimulated: false },
    examples: [
      { ...example, id: "1", photograph, before: smallGraph() },
      { ...example, id: "2", photograph },
      { ...example, id: "3" },
    ],
  });
  const defined = [...page.matchAll(/<image id="([^"]+)" href="([^"]*)"/g)];
  assertEquals(defined.map(([, , href]) => href), [HREF, HREF]);
  const uses = [...page.matchAll(/<use href="#([^"]+)"\/>/g)].map(([, id]) => id);
  const [first, second] = defined.map(([, id]) => id);
  // Each drawing stands there twice, for wide and for narrow windows.
  const firsts = Array<string>(2 * 3).fill(first),
    seconds = Array<string>(2 * 2).fill(second);
  assertEquals(uses, [...firsts, ...seconds]);
  assert(first !== second);
});
