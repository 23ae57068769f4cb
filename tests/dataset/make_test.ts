import { assert, assertEquals, assertRejects } from "@std/assert";
import { Dataset, DatasetWriter } from "../../src/dataset/dataset.ts";
import { makeDataset } from "../../src/dataset/make.ts";
import { killAtEach } from "../_kill_at.ts";
import { testInFolder } from "../_in_folder.ts";
import { usually } from "../_usually.ts";
import { emptyImage, INFO } from "./_examples.ts";
import { FIRST, hashesBelow, OTHER, writeWorldDataset } from "./_made_datasets.ts";

/** How a disk, a tool or a person may damage a dataset. */
const DAMAGES: Record<string, (folder: string) => Promise<void>> = {
  "without a shard": (folder) => Deno.remove(`${folder}/train-00000.safetensors`),
  "with half a shard": (folder) => Deno.truncate(`${folder}/test-00000.safetensors`, 99),
  "with a wrong bit": (folder) =>
    change(`${folder}/validation-00000.safetensors`, (bytes) => bytes[2000] ^= 8),
  "without a manifest": (folder) => Deno.remove(`${folder}/manifest.json`),
  "with half a manifest": (folder) => Deno.truncate(`${folder}/manifest.json`, 99),
  "with a folder as manifest": async (folder) => {
    await Deno.remove(`${folder}/manifest.json`);
    await Deno.mkdir(`${folder}/manifest.json`);
  },
  "of another seed": async (folder) => {
    await writeWorldDataset(folder, OTHER);
  },
  "of other sizes": async (folder) => {
    const sizes = { train: 1003, validation: 0, test: 1 };
    await writeWorldDataset(folder, { ...FIRST, sizes });
  },
};
for (const [name, damage] of Object.entries(DAMAGES)) {
  testInFolder(`writeWorldDataset() replaces a dataset ${name}`, async (folder) => {
    const place = `${folder}/data`;
    await writeWorldDataset(place, FIRST);
    const whole = await hashesBelow(folder);
    await damage(place);
    await writeWorldDataset(place, FIRST);
    assertEquals(await hashesBelow(folder), whole);
  });
}

testInFolder("writeWorldDataset() finds any wrong byte of a manifest", async (folder) => {
  await writeWorldDataset(`${folder}/data`, FIRST);
  const path = `${folder}/data/manifest.json`, whole = await Deno.readTextFile(path);
  const counts = [...whole.matchAll(/"(entities|relations|bytes|images|seed)": (\d)/g)];
  assert(counts.length > 12);
  for (const { index, 0: found } of counts) {
    const wrong = found.replace(/\d$/, (digit) => `${9 - Number(digit)}`);
    const text = whole.slice(0, index) + wrong + whole.slice(index + found.length);
    await Deno.writeTextFile(path, text);
    await writeWorldDataset(`${folder}/data`, FIRST);
    assertEquals(await Deno.readTextFile(path), whole, `${found} at ${index}`);
  }
});

async function change(path: string, edit: (bytes: Uint8Array) => void): Promise<void> {
  const bytes = await Deno.readFile(path);
  edit(bytes);
  await Deno.writeFile(path, bytes);
}

testInFolder("makeDataset() keeps the good dataset if it fails", async (folder) => {
  await writeWorldDataset(`${folder}/data`, FIRST);
  await Deno.writeTextFile(`${folder}/data/notes.txt`, "mine");
  const before = await hashesBelow(folder);
  const info = { ...INFO, inputsHash: "other" };
  const make = (end: (writer: DatasetWriter) => Promise<void>) =>
    makeDataset(`${folder}/data`, { info }, async (aside) => {
      const writer = await DatasetWriter.create(aside, info);
      for (let i = 0; i <= 1000; i++) await writer.add("train", emptyImage(`${i}`));
      await end(writer);
    });
  const fail = () => make(() => Promise.reject(new Error("no space left")));
  await assertRejects(fail, Error, "no space left");
  assertEquals(await hashesBelow(folder), before);
  const dataset = await make(async (writer) => void await writer.close());
  assertEquals(dataset.size("train"), 1001);
  assertEquals(await Deno.readTextFile(`${folder}/data/notes.txt`), "mine");
});

testInFolder("makeDataset() writes through no symbolic link", async (folder) => {
  await Deno.mkdir(`${folder}/theirs`);
  await Deno.symlink(`${folder}/theirs`, `${folder}/data`);
  await assertRejects(
    () => writeWorldDataset(`${folder}/data`, FIRST),
    RangeError,
    "as it must be a folder: found a symbolic link; remove the link, or choose another name",
  );
  assertEquals([...Deno.readDirSync(`${folder}/theirs`)], []);
  await writeWorldDataset(`${folder}/other_name`, FIRST);
  await Deno.remove(`${folder}/data`);
  await writeWorldDataset(`${folder}/data`, FIRST);
});

testInFolder("makeDataset() gives the same bytes after any kill", async (folder) => {
  await writeWorldDataset(`${folder}/first/data`, FIRST);
  await writeWorldDataset(`${folder}/other/data`, OTHER);
  const [first, other] = [
    await hashesBelow(`${folder}/first`),
    await hashesBelow(`${folder}/other`),
  ];
  const root = `${folder}/killed`, place = `${root}/data`;
  await writeWorldDataset(place, FIRST);
  const program = new URL("_killed_maker.ts", import.meta.url);
  const kills = await killAtEach(program, [place], async (count) => {
    // One of the two is there, whole, or the next program that makes one finds it.
    await writeWorldDataset(place, count % 2 ? FIRST : OTHER);
    assertEquals(await hashesBelow(root), count % 2 ? first : other, `kill ${count}`);
    await writeWorldDataset(place, FIRST);
    assertEquals(await hashesBelow(root), first);
  }, 7);
  assert(kills >= 3, `${kills} kills`);
  assertEquals(await hashesBelow(root), other);
});

testInFolder("two processes make the same dataset once", async (folder) => {
  const program = `import { writeWorldDataset } from ${
    JSON.stringify(new URL("../../src/world/write_dataset.ts", import.meta.url).href)
  };
let made = 0;
await writeWorldDataset("data", {
  ...${JSON.stringify(FIRST)},
  onProgress: () => made++,
});
console.log(made);`;
  await Deno.writeTextFile(`${folder}/program.ts`, program);
  const rounds = usually(1, 50);
  for (let round = 0; round < rounds; round++) {
    const outputs = await Promise.all([1, 2].map(() =>
      new Deno.Command(Deno.execPath(), {
        args: ["run", "--no-lock", "--allow-all", "program.ts"],
        cwd: folder,
      }).output()
    ));
    const printed = outputs.map(({ stdout, stderr }) =>
      new TextDecoder().decode(stdout) + new TextDecoder().decode(stderr)
    );
    assertEquals(printed.sort(), ["0\n", "8\n"]);
    await (await Dataset.open(`${folder}/data`)).checkFiles();
    await Deno.remove(`${folder}/data`, { recursive: true });
    assertEquals([...Deno.readDirSync(folder)].map(({ name }) => name), ["program.ts"]);
  }
});
