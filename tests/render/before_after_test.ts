import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { drawBeforeAfter } from "../../src/render/before_after.ts";
import { beforeAfterPage } from "../../src/render/before_after_page.ts";
import type { SceneGraph } from "../../src/scene_graph.ts";
import { HOSTILE_NAMES, isWellFormed, ringOf, smallGraph } from "./_graphs.ts";

const texts = (svg: string) =>
  [...svg.matchAll(/<text[^>]*>([^<]*)<\/text>/g)].map((match) => match[1]);

/** The small graph, in which context made a man of a boy. */
function changedGraph(): SceneGraph {
  const graph = smallGraph();
  graph.entities[0].given = { label: "boy", score: 0.4 };
  graph.entities[1].given = { label: "hat", score: 0.2 };
  return graph;
}

Deno.test("drawBeforeAfter() shows given labels left, new ones right, and lists below", () => {
  assertEquals(texts(drawBeforeAfter(changedGraph())), [
    ...["What the detector said", "What context made of it"],
    ...["boy 0.40", "hat 0.20", "dog 1.00"],
    ...["man 0.50", "hat 0.25", "dog 1.00", "wearing", "on"],
    ...["Changed labels", "boy 0.40 → man 0.50"],
    ...["Relations", "0.13", "man wearing hat", "0.06", "hat on man"],
  ]);
});

Deno.test("drawBeforeAfter() strikes changed labels through, and frames the new ones", () => {
  const svg = drawBeforeAfter(changedGraph());
  const struck = [...svg.matchAll(/line-through">([^<]*)</g)].map(([, text]) => text);
  assertEquals(struck, ["boy 0.40"]);
  const framed = [...svg.matchAll(/stroke="#111111"[^>]*\/><text[^>]*>([^<]*)</g)];
  assertEquals(framed.map(([, text]) => text), ["man 0.50"]);
});

Deno.test("drawBeforeAfter() shows the detector's own words, which context need not change", () => {
  const graph = changedGraph();
  // A person of the detector may be given to the model as a boy: "man" is new.
  graph.entities[0].detected = { label: "person", score: 0.7 };
  graph.entities[1].detected = { label: "cap", score: 0.6 };
  const drawn = texts(drawBeforeAfter(graph));
  assertEquals(drawn.slice(2, 5), ["person 0.70", "cap 0.60", "dog 1.00"]);
  assertEquals(drawn.slice(10, 12), ["Changed labels", "person 0.70 → man 0.50"]);
  // Context returns to the detector's word: nothing has changed.
  graph.entities[0].label = "person";
  assertStringIncludes(drawBeforeAfter(graph), "Context changed no label");
  assertEquals(drawBeforeAfter(graph).includes("line-through"), false);
});

Deno.test("drawBeforeAfter() draws the relations without context on the left", () => {
  const before = changedGraph();
  before.relations = [{
    ...before.relations[0],
    predicate: "holding",
    score: 0.5,
  }];
  const drawn = texts(drawBeforeAfter(changedGraph(), { before, topK: 1 }));
  assertEquals(drawn.slice(2, 6), ["boy 0.40", "hat 0.20", "dog 1.00", "holding"]);
  assertEquals(drawn.slice(12), [
    ...["Relations without context", "0.50", "boy holding hat"],
    ...["Relations", "0.13", "man wearing hat"],
  ]);
});

Deno.test("drawBeforeAfter() fits the image into both sides", () => {
  // 490 / 200 = 2.45 units a pixel: [20, 0, 60, 20] is 98 wide and 49 high.
  const box = '<rect x="49" y="0" width="98" height="49" fill="none" stroke="#e69f00"';
  assertEquals(drawBeforeAfter(smallGraph()).split(box).length, 3);
  // A tall image is 560 high: 560 / 200 = 2.8.
  const tall = { ...smallGraph(), imageWidth: 100, imageHeight: 200 };
  assertStringIncludes(
    drawBeforeAfter(tall),
    '<rect x="56" y="0" width="112" height="56"',
  );
});

Deno.test("drawBeforeAfter() puts a label in the same place on both sides", () => {
  const svg = drawBeforeAfter(changedGraph());
  const places = [
    ...svg.matchAll(/<title>[^<]*<\/title><rect x="(\S+)" y="(\S+)" width="(\S+)"/g),
  ].map(([, ...place]) => place);
  assertEquals(places.slice(0, 3), places.slice(3, 6));
});

Deno.test("drawBeforeAfter() holds the image once, and draws it twice", () => {
  const svg = drawBeforeAfter(smallGraph(), { imageHref: 'a.png?x=1&y="2"' });
  assertEquals(svg.split("a.png?x=1&amp;y=&quot;2&quot;").length, 2);
  const [, id] = /<image id="(picture-\w+)"/.exec(svg)!;
  assertEquals(svg.split(`<use href="#${id}"/>`).length, 3);
  assert(isWellFormed(svg));
});

Deno.test("drawBeforeAfter() lists at most twelve lines of changed labels", () => {
  const listOf = (count: number) => {
    const graph = ringOf(Array.from({ length: count }, (_, i) => `new${i}`));
    graph.relations = [];
    for (const [i, entity] of graph.entities.entries()) {
      entity.given = { label: `old${i}`, score: 0.5 };
    }
    return texts(drawBeforeAfter(graph)).slice(2 + 2 * count + 1);
  };
  assertEquals(listOf(12).length, 12);
  assertEquals(listOf(12)[11], "old11 0.50 → new11 0.50");
  assertEquals(listOf(14).length, 12);
  assertEquals(listOf(14).slice(10), ["old10 0.50 → new10 0.50", "and 3 more"]);
});

Deno.test("drawBeforeAfter() says if context changed no label", () => {
  // Without given labels nothing is known to have changed.
  const drawn = texts(drawBeforeAfter(smallGraph()));
  assert(drawn.includes("Context changed no label"));
  assert(!drawn.includes("Changed labels"));
});

Deno.test("drawBeforeAfter() draws a graph without entities", () => {
  const graph = { imageWidth: 1, imageHeight: 1, entities: [], relations: [] };
  assert(isWellFormed(drawBeforeAfter(graph)));
});

Deno.test("drawBeforeAfter() and beforeAfterPage() escape hostile names", () => {
  const graph = ringOf(HOSTILE_NAMES);
  for (const [i, entity] of graph.entities.entries()) {
    entity.given = { label: HOSTILE_NAMES.at(i - 1)!, score: 0.5 };
  }
  const svg = drawBeforeAfter(graph, { topK: 99 });
  assert(isWellFormed(svg), svg);
  const page = beforeAfterPage(HOSTILE_NAMES[0], graph, { topK: 99 });
  assertEquals(page.includes("<script"), false);
  assertStringIncludes(page, "<title>&lt;/text&gt;&lt;script&gt;alert(1)");
  assertEquals(page.isWellFormed(), true);
});

Deno.test("beforeAfterPage() has both pictures and the lists, and holds the image once", () => {
  const page = beforeAfterPage("a.jpg", changedGraph(), {
    imageHref: "data:image/gif;base64,R0lGODlh",
  });
  assertStringIncludes(page, "<title>a.jpg</title>");
  assertEquals(page.split("R0lGODlh").length, 2);
  assertEquals(page.split("<figure>").length, 3);
  const items = [...page.matchAll(/<li>(?:<svg.*?<\/svg> )?([^<]*)<\/li>/g)];
  assertEquals(
    items.map(([, text]) => text),
    ["boy 0.40 → man 0.50", "0.13 man wearing hat", "0.06 hat on man"],
  );
});

Deno.test("drawBeforeAfter() and its page have bars as long as the beliefs", () => {
  const svg = drawBeforeAfter(changedGraph()), page = beforeAfterPage("", changedGraph());
  const [drawn] = /<g [^>]*>(<rect[^>]*>){2}<text[^>]*>boy 0.40 → man 0.50</.exec(svg)!;
  const [item] = /<li><svg.*<\/svg> boy 0.40 → man 0.50</.exec(page)!;
  for (const bars of [drawn, item]) {
    const widths = [...bars.matchAll(/<rect [^>]*width="([\d.]+)"/g)];
    assertEquals(widths.map(([, width]) => Number(width)), [60 * 0.4, 60 * 0.5]);
  }
});

Deno.test("beforeAfterPage() gives its columns the room that their text needs", () => {
  const leastOf = (graph: SceneGraph) =>
    Number(/--least: (\d+)px/.exec(beforeAfterPage("", graph))![1]);
  const few = changedGraph();
  assert(leastOf(few) <= 512, `${leastOf(few)}`); // half of the page
  // Text shrinks with the number of boxes, so the picture must be larger to be read.
  const many = { ...few, entities: Array.from({ length: 40 }, () => few.entities[0]) };
  assert(leastOf(many) > 512, `${leastOf(many)}`);
});

Deno.test("drawBeforeAfter() in one column has the same texts, after below before", () => {
  const [one, two] = ([1, 2] as const).map((columns) =>
    drawBeforeAfter(changedGraph(), { columns })
  );
  assertEquals(texts(one), texts(two));
  const sizeOf = (svg: string) => /viewBox="0 0 (\d+) ([\d.]+)"/.exec(svg)!.slice(1, 3);
  // 490 for a side of two, 362 for one alone, 16 on each side, 20 between two.
  assertEquals([sizeOf(one)[0], sizeOf(two)[0]], ["394", "1032"]);
  const placeOf = (svg: string, title: string) =>
    [...svg.matchAll(/<text x="(\d+)" y="([\d.]+)"[^>]*>([^<]*)</g)]
      .find(([, , , text]) => text === title)!.slice(1, 3).map(Number);
  const [before, changed, after] = ["What the detector said", "Changed labels"]
    .concat("What context made of it").map((title) => placeOf(one, title));
  assertEquals([before[0], after[0]], [16, 16]);
  assert(before[1] < changed[1] && changed[1] < after[1]);
  assert(placeOf(two, "What context made of it")[1] === before[1]);
});
