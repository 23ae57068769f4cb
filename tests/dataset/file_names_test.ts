import { assertEquals } from "@std/assert";
import { encodeShard, Shard } from "../../src/dataset/shard.ts";
import { openUserJson, Problems } from "../../src/dataset/formats/user_json.ts";
import { userJsonText } from "../../src/dataset/formats/user_json_text.ts";
import { manOnHorse, VOCABULARY } from "./_examples.ts";

const images = [
  manOnHorse({ id: "1", fileName: "street_0001.jpg" }),
  manOnHorse({ id: "2" }),
  manOnHorse({ id: "3", fileName: "straße.jpg" }),
];

Deno.test("Shard keeps the names of files, and has no array for them without any", () => {
  const shard = new Shard(encodeShard(images, VOCABULARY, "float32"), "s", VOCABULARY);
  assertEquals([0, 1, 2].map((i) => shard.example(i)), images);
  const text = (list: typeof images) =>
    new TextDecoder().decode(encodeShard(list, VOCABULARY, "float32"));
  assertEquals(text(images).includes("file_names"), true);
  assertEquals(text([images[1]]).includes("file_name"), false);
});

Deno.test("openUserJson() reads the names of files that userJsonText() writes", async () => {
  const written = images.map((image) => ({ split: "train" as const, image }));
  const parts = await Array.fromAsync(
    userJsonText({ vocabulary: VOCABULARY, mended: { boxesCut: 2 } }, written, true),
  );
  async function* chunks() {
    yield new TextEncoder().encode(parts.join(""));
  }
  const problems = new Problems();
  const file = await openUserJson({ name: "a.jsonl", chunks }, problems);
  assertEquals(await Array.fromAsync(file.images), written);
  assertEquals(file.header!.mended, { boxesCut: 2 });
  assertEquals(problems.list, []);
});
