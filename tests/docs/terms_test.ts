/** The words of the field are explained where a page first uses them. */

import { assertEquals } from "@std/assert";
import { DOCUMENTS, proseOf } from "./_documents.ts";

const TERMS = ["label predictor", "control", "SGCls", "PredCls", "`motifs`", "gain"];

/** Pages for people who have read the others. */
const FOR_DEVELOPERS = ["ARCHITECTURE.md", "CHANGELOG.md", "CONTRIBUTING.md"];

/** Whether a text explains a term, in bold, or links to the page that explains all. */
function explains(text: string, term: string): boolean {
  const word = term.replaceAll("`", "");
  return new RegExp(`\\*\\*[^*]*${word}`, "i").test(text) ||
    /evaluation\.md#(terms|protocols)/.test(text) ||
    new RegExp(`\`${word}\`,? (for\\s+example, )?counts like`).test(text);
}

/** The uses of a page before, or in the paragraph after which, it explains a term. */
function unexplained(text: string, term: string): string | undefined {
  const paragraphs = proseOf(text).split(/\n\s*\n/);
  const uses = new RegExp(`(^|[^\\w-])${term}([^\\w-]|$)`, "i");
  const first = paragraphs.findIndex((paragraph) => uses.test(paragraph));
  if (first < 0) return undefined;
  const until = paragraphs.slice(0, first + 1).join("\n\n");
  return explains(until, term) ? undefined : paragraphs[first];
}

for (const [path, text] of DOCUMENTS) {
  if (FOR_DEVELOPERS.includes(path)) continue;
  Deno.test(`${path}: each term is explained where it first stands`, () => {
    for (const term of TERMS) {
      assertEquals(unexplained(text, term), undefined, term);
    }
  });
}

Deno.test("a term without an explanation is found", () => {
  assertEquals(unexplained("One.\n\nThe gain is 3.", "gain"), "The gain is 3.");
  assertEquals(
    unexplained("The **gain** is a difference.\n\nThe gain is 3.", "gain"),
    undefined,
  );
  assertEquals(unexplained("SGCls ([terms](evaluation.md#terms)).", "SGCls"), undefined);
  assertEquals(unexplained("Again and `gpi_no_context_control`.", "gain"), undefined);
});
