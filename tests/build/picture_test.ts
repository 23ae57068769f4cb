import { assertEquals } from "@std/assert";
import { drawPicture, PICTURE } from "../../build/picture.ts";
import { ROOT } from "../tasks/_run_script.ts";

/** The picture without its numbers, the last digits of which depend on the processor. */
function withoutNumbers(svg: string): string {
  return svg.replace(/\d+(\.\d+)?/g, "#");
}

Deno.test("the README's picture shows what the checkpoint predicts, by deno task build:picture", async () => {
  const committed = await Deno.readTextFile(ROOT + PICTURE.out);
  const { input, ...options } = PICTURE;
  const drawn = await drawPicture({ ...options, input: ROOT + input });
  assertEquals(withoutNumbers(drawn), withoutNumbers(committed));
});
