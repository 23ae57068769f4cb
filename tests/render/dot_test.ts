import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { toDot } from "../../src/render/text/dot.ts";
import { HOSTILE_NAMES, ringOf, smallGraph } from "./_graphs.ts";

Deno.test("toDot() writes nodes and the best K edges", () => {
  // The width of the edge is 0.5 + 2.5 * 0.125.
  assertEquals(
    toDot(smallGraph(), { topK: 1 }),
    `digraph scene {
  node [shape=box, style=rounded];
  n0 [label="man", tooltip="0.500 at 0 0 100 100"];
  n1 [label="hat", tooltip="0.250 at 20 0 60 20"];
  n2 [label="dog", tooltip="1.000 at 120 50 200 100"];
  n0 -> n1 [label="wearing", tooltip="0.125", penwidth=0.81];
}
`,
  );
});

Deno.test("toDot() writes every relation by default", () => {
  assertEquals(toDot(smallGraph()).match(/->/g)!.length, 3);
  assertEquals(toDot(smallGraph(), { minScore: 0.0625 }).match(/->/g)!.length, 2);
});

Deno.test("toDot() escapes the special characters of DOT", () => {
  const dot = toDot(ringOf(HOSTILE_NAMES));
  assertStringIncludes(dot, 'label="\\"double\\" &amp; \'single\' <b>"');
  assertStringIncludes(dot, 'label="back\\\\slash \\\\N \\\\"');
  assertStringIncludes(dot, 'label="two\\nlines  ');
  assertStringIncludes(dot, 'label="&amp;amp;&amp;lt;"');
  assert(dot.isWellFormed());
  // One line per node and edge, each with two quoted strings.
  const lines = dot.trimEnd().split("\n").slice(2, -1);
  assertEquals(lines.length, 2 * HOSTILE_NAMES.length);
  for (const line of lines) {
    assert(
      /^ {2}n\d+( -> n\d+)? \[label="([^"\\]|\\.)*", tooltip="[^"]*"(, penwidth=1\.75)?\];$/
        .test(line),
    );
  }
});
