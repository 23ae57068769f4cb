/** No name of an image leads out of the folder of photographs. */

import { assertEquals, assertRejects } from "@std/assert";
import { Photographs } from "../../src/dataset/photographs.ts";
import { testInFolder } from "../_in_folder.ts";

/** The first bytes of a JPEG of 2 x 1 pixels; no pixel is needed. */
const JPEG = Uint8Array.fromHex(
  "ffd8ffc0000b080001000201011100ffd9",
);

testInFolder("Photographs.read() stays in its folder", async (folder) => {
  const inside = `${folder}/photos`;
  await Deno.mkdir(`${inside}/part`, { recursive: true });
  await Deno.writeFile(`${inside}/1.jpg`, JPEG);
  await Deno.writeFile(`${inside}/part/2.jpg`, JPEG);
  await Deno.writeFile(`${folder}/secret.jpg`, JPEG);
  await Deno.writeTextFile(`${inside}/notes.txt`, "no photograph");
  await Deno.mkdir(`${folder}/photos_too`);
  await Deno.writeFile(`${folder}/photos_too/3.jpg`, JPEG);
  await Deno.symlink(`${folder}/secret.jpg`, `${inside}/link.jpg`);
  await Deno.symlink(folder, `${inside}/up`);
  await Deno.symlink(`${inside}/1.jpg`, `${inside}/one.jpg`);
  const photographs = await Photographs.open(inside);
  const typeOf = async (...names: string[]) => (await photographs.read(names))?.type;
  assertEquals(await typeOf("1.jpg"), "image/jpeg");
  assertEquals(await typeOf("1"), "image/jpeg"); // an id without its ending
  assertEquals(await typeOf("missing", "part/2.jpg"), "image/jpeg");
  assertEquals(await typeOf("one.jpg"), "image/jpeg"); // a link that stays inside
  const outside = [
    ...["../secret.jpg", "part/../../secret.jpg", "/etc/passwd", `${folder}/secret.jpg`],
    ...["..\\secret.jpg", "C:\\secret.jpg", "file:///etc/passwd", "link.jpg"],
    ...["up/secret.jpg", "../photos_too/3.jpg", "", ".", "..", "part//2.jpg", "1.jpg\0"],
    ...["%2e%2e/secret.jpg", "..%2fsecret.jpg", "1.jpg/1.jpg", "x".repeat(300)],
  ];
  for (const name of outside) assertEquals(await typeOf(name), undefined, name);
  assertEquals(await typeOf("notes.txt"), undefined);
  assertEquals(await typeOf("part"), undefined);
});

testInFolder("Photographs.open() needs a folder", async (folder) => {
  await Deno.writeTextFile(`${folder}/file`, "");
  await assertRejects(
    () => Photographs.open(`${folder}/file`),
    RangeError,
    "must be a folder: found a file",
  );
  await assertRejects(() => Photographs.open(`${folder}/no`), RangeError, "nothing");
});
