import { assertEquals, assertRejects } from "@std/assert";
import { urlOf } from "../../src/address.ts";
import { DownloadError } from "../../src/download/error.ts";
import { findImageFiles, readImageFile } from "../../src/pipeline/image_files.ts";
import { testInFolder } from "../_in_folder.ts";

/** The first bytes of a picture. */
const PNG = Uint8Array.from("\x89PNG\r\n\x1a\n", (c) => c.charCodeAt(0));

async function write(folder: string, ...names: string[]): Promise<void> {
  for (const name of names) {
    await Deno.mkdir(`${folder}/${name}`.replace(/\/[^/]*$/, ""), { recursive: true });
    await Deno.writeTextFile(`${folder}/${name}`, name);
  }
}

testInFolder("findImageFiles() finds files, folders and patterns", async (folder) => {
  await write(folder, "b.jpg", "a.PNG", "c.webp", "notes.txt", "x.json", "in/d.jpeg");
  await write(folder, "in/er/e.jpg", "in/.hidden/f.jpg", "[1].jpg");
  const cases: [argument: string, found: string[]][] = [
    ["b.jpg", ["b.jpg"]],
    ["notes.txt", ["notes.txt"]], // its content says what it is
    ["none.jpg", ["none.jpg"]], // reading it says that it is missing
    ["[1].jpg", ["[1].jpg"]], // a file, although it looks like a pattern
    ["", ["[1].jpg", "a.PNG", "b.jpg", "c.webp"]],
    ["in/", ["in/d.jpeg"]],
    ["*.jpg", ["[1].jpg", "b.jpg"]],
    ["*.png", ["a.PNG"]],
    ["?.{jpg,webp}", ["b.jpg", "c.webp"]],
    ["*", ["[1].jpg", "a.PNG", "b.jpg", "c.webp"]],
    ["*.json", ["x.json"]],
    ["in/*", ["in/d.jpeg"]],
    ["**/*.jpg", ["[1].jpg", "b.jpg", "in/er/e.jpg"]],
    ["in/**", ["in/d.jpeg", "in/er/e.jpg"]],
  ];
  for (const [argument, names] of cases) {
    const found = await findImageFiles(`${folder}/${argument}`);
    assertEquals(
      found.map((path) => path.slice(folder.length + 1)),
      names,
      argument,
    );
  }
  const address = "https://example.org/a*.jpg";
  assertEquals(await findImageFiles(address), [address]);
});

testInFolder("findImageFiles() follows links to photographs", async (folder) => {
  await write(folder, "of/a.jpg", "elsewhere/c.jpg");
  await Deno.symlink("a.jpg", `${folder}/of/b.jpg`);
  await Deno.symlink("gone.jpg", `${folder}/of/gone.jpg`);
  await Deno.symlink("loop.jpg", `${folder}/of/loop.jpg`);
  await Deno.symlink("../of", `${folder}/of/again`); // no file is found twice by it
  await Deno.symlink("elsewhere", `${folder}/linked`);
  for (
    const [argument, names] of [
      ["of", ["of/a.jpg", "of/b.jpg"]],
      ["of/**", ["of/a.jpg", "of/b.jpg"]],
      ["linked", ["linked/c.jpg"]],
      ["linked/*.jpg", ["linked/c.jpg"]],
    ] as const
  ) {
    assertEquals(
      await findImageFiles(`${folder}/${argument}`),
      names.map((name) => `${folder}/${name}`),
      argument,
    );
  }
});

testInFolder("findImageFiles() says why it finds nothing", async (folder) => {
  await write(folder, "notes.txt");
  await assertRejects(
    () => findImageFiles(folder),
    RangeError,
    `Cannot find photographs in "${folder}": "${folder}" has 1 files, and names of photographs must end with .jpg, .jpeg, .png or .webp`,
  );
  await assertRejects(
    () => findImageFiles(`${folder}/none/*.jpg`),
    RangeError,
    `Cannot find files that match "${folder}/none/*.jpg": there is no folder "${folder}/none"`,
  );
});

testInFolder("readImageFile() reads paths and addresses", async (folder) => {
  await write(folder, "50% #1.jpg");
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  assertEquals(text(await readImageFile(`${folder}/50% #1.jpg`)), "50% #1.jpg");
  await using server = Deno.serve(
    { hostname: "localhost", port: 0, onListen() {} },
    ({ url }) =>
      url.endsWith("/right")
        ? new Response("pixels")
        : url.endsWith("/typed")
        ? new Response(PNG, {
          headers: { "content-type": "text/html" },
        })
        : new Response(null, { status: 404 }),
  );
  const base = `http://localhost:${server.addr.port}`;
  assertEquals(text(await readImageFile(`${base}/right`)), "pixels");
  // Its content says what it is.
  assertEquals(await readImageFile(`${base}/typed`), PNG);
  const file = urlOf(`${folder}/50% #1.jpg`).href;
  assertEquals(await findImageFiles(file), [`${folder}/50% #1.jpg`]);
  assertEquals(text(await readImageFile(file)), "50% #1.jpg");
  await assertRejects(
    () => readImageFile(`${base}/none`),
    DownloadError,
    `Cannot download "${base}/none": answered 404`,
  );
});

testInFolder(
  "readImageFile() refuses what is too large before it reads it",
  async (folder) => {
    const path = `${folder}/huge.jpg`;
    {
      using file = await Deno.create(path);
      await file.truncate(2 ** 28 + 1); // takes no room
    }
    await assertRejects(
      () => readImageFile(path),
      RangeError,
      `Cannot read "${path}" as it must have at most 268 MB: found 269 MB`,
    );
  },
);
