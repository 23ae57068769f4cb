import { assertEquals } from "@std/assert";
import { toJsonLd } from "../../src/render/text/json_ld.ts";
import { HOSTILE_NAMES, ringOf, smallGraph } from "./_graphs.ts";

Deno.test("toJsonLd() writes entities with regions and relations as statements", () => {
  const { "@graph": nodes, "@context": context } = JSON.parse(
    toJsonLd(smallGraph(), { topK: 1, base: "https://example.org/" }),
  );
  assertEquals(nodes.length, 4);
  assertEquals(nodes[1], {
    "@id": "_:entity1",
    "@type": "https://example.org/class:hat",
    label: "hat",
    score: 0.25,
    region: "xywh=pixel:20,0,40,20",
  });
  assertEquals(nodes[3], {
    "@id": "_:relation0",
    "@type": "rdf:Statement",
    subject: "_:entity0",
    predicate: "https://example.org/predicate:wearing",
    object: "_:entity1",
    label: "wearing",
    score: 0.125,
  });
  assertEquals(context.subject, { "@id": "rdf:subject", "@type": "@id" });
});

Deno.test("toJsonLd() keeps names as labels and encodes them in identifiers", () => {
  const { "@graph": nodes } = JSON.parse(toJsonLd(ringOf(HOSTILE_NAMES)));
  for (const [i, name] of HOSTILE_NAMES.entries()) {
    assertEquals(nodes[i].label, name);
    assertEquals(/^urn:scene-graph:class:[\w.!~*'()%-]*$/.test(nodes[i]["@type"]), true);
  }
  assertEquals(nodes[0]["@type"].endsWith("%3Cscript%3Ealert(1)%3C%2Fscript%3E"), true);
});

Deno.test("toJsonLd() writes the label before context", () => {
  const graph = smallGraph();
  graph.entities[1].given = { label: "cap", score: 0.75 };
  const { "@graph": nodes } = JSON.parse(toJsonLd(graph));
  assertEquals([nodes[1].givenLabel, nodes[1].givenScore], ["cap", 0.75]);
  assertEquals("givenLabel" in nodes[0], false);
});
