/** Files that readers drop are predicted as predict does it. */

import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { SceneGraphPredictor } from "../../src/predict/predictor.ts";
import { DroppedFiles } from "../../src/view/dropped.ts";
import { SourceReader } from "../../tasks/_cli/predict/sources.ts";

const checkpoint = "checkpoints/gpi_linguistic_vg_pretrained.safetensors";

Deno.test("DroppedFiles predicts detections before and after context, and refuses the rest", async () => {
  await using reader = new SourceReader("centernet", { detector: {}, hints: {} });
  const read = (bytes: Uint8Array, name: string) => reader.readBytes(bytes, name);
  using dropped = new DroppedFiles({ checkpoint, backend: "wasm", read });
  const bytes = await Deno.readFile("examples/horses.json");
  const number = await dropped.add(bytes, "horses.json");
  const { id, panels } = dropped.image(number, { topK: 5, minScore: 0 });
  assertEquals([id, dropped.picture(number)], ["horses.json", undefined]);

  using predictor = await SceneGraphPredictor.load(checkpoint, { backend: "wasm" });
  const { input } = await reader.readBytes(bytes, "horses.json");
  for (const [p, context] of [false, true].entries()) {
    const { entities, relations } = await predictor.predict(input, { context });
    assertEquals(
      panels[p].entities.map(({ label, score }) => [label, score]),
      entities.map(({ label, score }) => [label, score]),
    );
    assertEquals(
      panels[p].relations.map(({ subject, predicate, object, score }) => [
        ...[subject, predicate, object, score],
      ]),
      relations.map(({ subject, predicate, object, score }) => [
        ...[subject, predicate, object, score],
      ]),
    );
  }
  // Only what is at least as probable as that, in the list as in the drawing.
  const [{ relations }] = panels, minScore = relations[1].score!;
  const [few] = dropped.image(number, { topK: 5, minScore }).panels;
  assertEquals(few.relations.length, 2);
  const [step] = dropped.attention(number, 0);
  assertEquals(step.entity.length, panels[1].entities.length);
  assert(step.entity[0] === 0 && step.entity[1] > 0);
  assertThrows(() => dropped.attention(number, 99), RangeError, "found 99");
  // Classes that the model calls otherwise are named, and entities have their beliefs.
  const person = await Deno.readFile("examples/person.json");
  const other = await dropped.add(person, "person.json");
  const { notes, panels: [, after] } = dropped.image(other, { topK: 5, minScore: 0 });
  assertEquals(notes!.map((note) => note.split(":")[0]), ["Class person"]);
  assert(after.entities.every(({ score }) => score > 0) && !after.isAnnotated);
  assertThrows(() => dropped.image(7, { topK: 5, minScore: 0 }), RangeError, "drop it");

  const text = (content: string) => new TextEncoder().encode(content);
  const add = (content: string, name: string) => dropped.add(text(content), name);
  await assertRejects(() => add("", "empty.json"), SyntaxError, "empty.json");
  await assertRejects(() => add("<html>", "page.html"), SyntaxError, "page.html");
  await assertRejects(() => add('{"boxes":3}', "x.json"), Error, "x.json");
  // After what was refused the next one is predicted.
  assertEquals(await dropped.add(bytes, "again.json"), other + 1);
});
