import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { type Report, reportPage } from "../../src/render/report_page.ts";
import { HOSTILE_NAMES, ringOf, smallGraph } from "./_graphs.ts";

const report: Report = {
  title: "gpi_linguistic on synthetic",
  headline: "Recall is 50 %",
  tables: [],
  charts: [],
  examples: [{
    id: "scene-1",
    predicted: smallGraph(),
    annotated: { ...smallGraph(), relations: smallGraph().relations.slice(0, 1) },
    background: "<ellipse/>",
  }],
  settings: { layers: [64], backend: "wasm" },
  command: "deno task pipeline --seed 1",
  isSimulated: false,
};

Deno.test("reportPage() loads no file and runs no script", () => {
  const page = reportPage({ ...report, isSimulated: true });
  assert(!/<script|<link|<iframe|\bsrc=|url\(|@import/i.test(page));
  // The only URL is the namespace of SVG.
  assertEquals([...new Set(page.match(/https?:[^"]*/g))], ["http://www.w3.org/2000/svg"]);
  assertStringIncludes(page, `content="default-src 'none';`);
});

Deno.test("reportPage() says that the label predictor is simulated", () => {
  assert(!reportPage(report).includes("Simulated label predictor"));
  assertStringIncludes(
    reportPage({ ...report, isSimulated: true }),
    "<strong>Simulated label predictor.</strong>",
  );
});

Deno.test("reportPage() ticks the predicted relations that are annotated", () => {
  const items = [...reportPage(report).matchAll(/<li class="(\w+)">(.*?)<\/li>/g)];
  assertEquals(items.map(([, kind]) => kind), ["hit", "miss", "miss"]);
  assertEquals(items[0][2], "man <b>wearing</b> hat <small>12.5 %</small>");
});

Deno.test("reportPage() does not tick a relation whose entity has another label", () => {
  const [example] = report.examples;
  const annotated = structuredClone(example.annotated);
  annotated.entities[0].label = "woman";
  const page = reportPage({ ...report, examples: [{ ...example, annotated }] });
  assert(!page.includes('class="hit"'));
});

Deno.test("reportPage() shows drawings, settings and the command", () => {
  const page = reportPage(report);
  // The background is there once, under two drawings, each for wide and for narrow windows.
  assertEquals(page.match(/<ellipse\/>/g)?.length, 1);
  const [, id] = /<g id="([^"]*)"><ellipse\/><\/g>/.exec(page)!;
  assertEquals(page.split(`<use href="#${id}"/>`).length - 1, 4);
  assertStringIncludes(page, '<th scope="row">layers</th><td>[64]</td>');
  assertStringIncludes(page, "<code>deno task pipeline --seed 1</code>");
});

Deno.test("reportPage() leaves out empty sections", () => {
  const page = reportPage({ ...report, charts: [], examples: [], settings: {} });
  assertEquals(page.match(/<h2>.*?<\/h2>/g), ["<h2>Command</h2>"]);
});

Deno.test("reportPage() escapes hostile text", () => {
  const graph = ringOf(HOSTILE_NAMES);
  for (const name of HOSTILE_NAMES) {
    const page = reportPage({
      ...report,
      title: name,
      headline: name,
      examples: [{ id: name, predicted: graph, annotated: graph }],
      settings: { [name]: name },
      command: name,
    });
    assert(!page.includes("<script"));
    assert(page.isWellFormed());
  }
});

Deno.test("reportPage() counts the relations that it draws", () => {
  const predicted = smallGraph();
  // The scores are 0.125, 0.0625 and 0.03125; those below 0.05 are not drawn.
  const page = reportPage({
    ...report,
    examples: [{ id: "a", predicted, annotated: predicted }],
  });
  assertStringIncludes(page, "Predicted, the best 2 relations");
});

Deno.test("reportPage() says why an image is shown and what was missed", () => {
  const [example] = report.examples;
  const shown = { ...example, why: "among the worst", note: "missed: <dog> on man" };
  const page = reportPage({ ...report, examples: [shown] });
  assertStringIncludes(page, "<h2>Image scene-1, among the worst</h2>");
  assertStringIncludes(page, '<p class="note">missed: &lt;dog&gt; on man</p>');
});
