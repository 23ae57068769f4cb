import { assertEquals, assertRejects } from "@std/assert";
import { writeFileAtomically } from "../src/files.ts";
import { replaceFolder } from "../src/replace_folder.ts";
import { testInFolder } from "./_in_folder.ts";

const OPTIONS = { isPart: (name: string) => name !== "note", last: "last" };

/** Makes a folder of two files. */
const make = (text: string) => async (folder: string) => {
  await writeFileAtomically(`${folder}/first`, text);
  await writeFileAtomically(`${folder}/last`, text);
};
const none = () => Promise.resolve(undefined);

/** Every file below a folder with its text. */
async function filesBelow(folder: string): Promise<Record<string, string>> {
  const found: Record<string, string> = {};
  for await (const { name, isDirectory } of Deno.readDir(folder)) {
    const path = `${folder}/${name}`;
    if (!isDirectory) found[name] = await Deno.readTextFile(path);
    else {
      const inside = Object.entries(await filesBelow(path));
      for (const [file, text] of inside) found[`${name}/${file}`] = text;
    }
  }
  return found;
}

testInFolder("replaceFolder() replaces what it makes, and no more", async (folder) => {
  await replaceFolder(`${folder}/a`, OPTIONS, none, make("1"));
  await Deno.writeTextFile(`${folder}/a/note`, "mine");
  await Deno.writeTextFile(`${folder}/a/older`, "part");
  await replaceFolder(`${folder}/a`, OPTIONS, none, make("2"));
  assertEquals(await filesBelow(folder), {
    "a/first": "2",
    "a/last": "2",
    "a/note": "mine",
  });
  const found = await replaceFolder(
    `${folder}/a`,
    OPTIONS,
    () => Promise.resolve("it"),
    make("3"),
  );
  assertEquals([found, (await filesBelow(folder))["a/last"]], ["it", "2"]);
});

testInFolder("replaceFolder() keeps links to what is elsewhere", async (folder) => {
  await Deno.mkdir(`${folder}/photographs`);
  await replaceFolder(`${folder}/a`, OPTIONS, none, make("1"));
  const options = { ...OPTIONS, isPart: (name: string) => /first|last/.test(name) };
  const links = { photographs: "../photographs", unplugged: "/no/such/disk" };
  for (const [name, to] of Object.entries(links)) {
    await Deno.symlink(to, `${folder}/a/${name}`);
  }
  await replaceFolder(`${folder}/a`, options, none, make("2"));
  for (const [name, to] of Object.entries(links)) {
    assertEquals(await Deno.readLink(`${folder}/a/${name}`), to);
  }
});

testInFolder(
  "replaceFolder() keeps the old folder if the new one fails",
  async (folder) => {
    await replaceFolder(`${folder}/a`, OPTIONS, none, make("1"));
    const fail = async (aside: string) => {
      await make("2")(aside);
      throw new Error("out of luck");
    };
    await assertRejects(() => replaceFolder(`${folder}/a`, OPTIONS, none, fail), Error);
    assertEquals((await filesBelow(folder))["a/last"], "1");
    await replaceFolder(`${folder}/a`, OPTIONS, none, make("3"));
    assertEquals(await filesBelow(folder), { "a/first": "3", "a/last": "3" });
  },
);

// The states in which a kill can leave the three folders.
const STATES: [name: string, folders: string[], files: string, expected: string][] = [
  ["before the exchange", ["a", ".a.new"], "first,last", "a"],
  ["amid the exchange", [".a.old", ".a.new"], "first,last", ".a.new"],
  ["amid it, with half a new folder", [".a.old", ".a.new"], "first", ".a.old"],
  ["after the exchange", [".a.old", "a"], "first,last", "a"],
];
for (const [name, folders, files, expected] of STATES) {
  testInFolder(`replaceFolder() ends what was interrupted ${name}`, async (folder) => {
    for (const place of folders) {
      await Deno.mkdir(`${folder}/${place}`);
      for (const file of place === ".a.new" ? files.split(",") : ["first", "last"]) {
        await Deno.writeTextFile(`${folder}/${place}/${file}`, place);
      }
    }
    const old = folders.includes(".a.old") ? ".a.old" : "a";
    await Deno.writeTextFile(`${folder}/${old}/note`, "mine");
    const seen: string[] = [];
    await replaceFolder(`${folder}/a`, OPTIONS, async () => {
      seen.push(await Deno.readTextFile(`${folder}/a/first`));
      return undefined;
    }, make("new"));
    assertEquals(seen, [expected]);
    assertEquals(await filesBelow(folder), {
      "a/first": "new",
      "a/last": "new",
      "a/note": "mine",
    });
  });
}

testInFolder("replaceFolder() refuses a symbolic link, not a folder", async (folder) => {
  await make("theirs")(`${folder}/b`);
  await Deno.symlink(`${folder}/b`, `${folder}/a`);
  const run = () => replaceFolder(`${folder}/a`, OPTIONS, none, make("1"));
  await assertRejects(
    run,
    RangeError,
    `Cannot write to "${folder}/a" as it must be a folder: found a symbolic link; remove the link`,
  );
  await Deno.remove(`${folder}/a`);
  await Deno.symlink(`${folder}/b`, `${folder}/.a.new`);
  await run();
  assertEquals(await filesBelow(folder), {
    "a/first": "1",
    "a/last": "1",
    "b/first": "theirs",
    "b/last": "theirs",
  });
});
