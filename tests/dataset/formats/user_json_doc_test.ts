import { assert, assertEquals } from "@std/assert";
import { checkUserJson } from "../../../src/dataset/check.ts";

Deno.test("docs/own_data.md shows a file that can be used, and names every key", async () => {
  const text = await Deno.readTextFile(
    new URL("../../../docs/own_data.md", import.meta.url),
  );
  const example = /```json\n([^`]*)```/.exec(text)![1];
  const chunks = async function* () {
    yield new TextEncoder().encode(example);
  };
  const { problems, statistics } = await checkUserJson({ name: "mine.json", chunks });
  // The file of the document has only one image.
  assertEquals(problems.list.map(({ problem }) => problem), [
    'no image is in the split "validation"',
    'no image is in the split "test"',
  ]);
  assertEquals(statistics!.multiLabelPairs, 1);
  for (
    const key of [
      "negatives",
      "annotated",
      "detectedLabels",
      "scores",
      "entityLogits",
      "labelPredictor",
    ]
  ) {
    assert(text.includes(`\`${key}\``), key);
  }
});
