import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { DatasetWriter } from "../../src/dataset/dataset.ts";
import { wantedWords } from "../../tasks/_cli/wanted_words.ts";
import { SOURCES } from "../../src/download/sources.ts";
import { DATA, isMissing } from "../_fixtures.ts";
import { zipOf } from "../archive/_archives.ts";
import { serveFiles, serveRaw } from "../download/_file_server.ts";
import { testInFolder } from "../_in_folder.ts";
import { definitionOf, runScript, runTask } from "./_run_script.ts";

const run = (cwd: string, ...args: string[]) => runTask(cwd, "download", ...args);

testInFolder("download has nothing to do for the built-in dataset", async (cwd) => {
  const text = `Nothing to download: "deno task preprocess" generates "synthetic"\n`;
  assertEquals(await run(cwd, "synthetic"), { code: 0, stdout: text, stderr: "" });
  const { stdout } = await run(cwd, "synthetic", "--json");
  assertEquals(JSON.parse(stdout), { dataset: "synthetic", state: "built in" });
  assertEquals([...Deno.readDirSync(cwd)], []);
});

testInFolder("download without an argument lists the commands", async (cwd) => {
  const { code, stdout, stderr } = await run(cwd);
  assertEquals([code, stdout], [2, ""]);
  const lines = stderr.split("\n");
  for (const { name, title } of SOURCES) {
    const line = new RegExp(`^  deno task download ${name} +${title}$`);
    assert(lines.some((other) => line.test(other)), `${name}: ${stderr}`);
  }
  assertStringIncludes(stderr, `"synthetic" needs no download`);
  assertStringIncludes(stderr, "\n  deno task preprocess ");
  assertStringIncludes(
    stderr,
    `\nerror: Cannot run "download" without <dataset>; see "deno task download --help"\n`,
  );
  assertEquals([...Deno.readDirSync(cwd)], []);
});

testInFolder("download ends after its time limit", async (cwd) => {
  const { promise, resolve } = Promise.withResolvers<void>();
  await using silent = serveRaw(() => promise);
  const from = `${silent.url}x/`;
  // The clock of the process runs fast: a minute is over after a second.
  const fast = `const { setTimeout } = globalThis;
      globalThis.setTimeout = (run, milliseconds) => setTimeout(run, milliseconds / 60);`;
  await Deno.writeTextFile(`${cwd}/fast.js`, fast);
  const { script, permissions } = definitionOf("download");
  const { code, stderr } = await runScript(
    script,
    ["vg150", "--from", from, "--timeout", "1", "--stall-timeout", "3600", "--quiet"],
    { permissions: [...permissions, `--preload=${cwd}/fast.js`], cwd },
  );
  resolve();
  assertEquals(code, 75);
  assertEquals(
    stderr,
    `error: Cannot download "vg150" within 1 min; run it again to resume, or with a longer --timeout\n`,
  );
});

testInFolder("download gives up on a server that stalls", async (cwd) => {
  const { promise, resolve } = Promise.withResolvers<void>();
  await using silent = serveRaw(() => promise);
  const from = `${silent.url}x/`;
  const args = ["vg150", "--from", from, "--stall-timeout", "1", "--quiet"];
  const { code, stderr } = await run(cwd, ...args);
  resolve();
  assertEquals([code, silent.requests.length], [75, 2]);
  assertStringIncludes(stderr, `${from}: stalled: no answer within 1 s; if you can`);
});

testInFolder("download names the nearest dataset to an unknown one", async (cwd) => {
  const { code, stdout, stderr } = await run(cwd, "vg15");
  assertEquals([code, stdout], [1, ""]);
  assertStringIncludes(
    stderr,
    `error: Cannot find the dataset "vg15": known are vrd, `,
  );
  assertStringIncludes(stderr, `; the nearest is "vg150"\n`);
});

testInFolder(
  "download fetches VRD from a mirror once, and prints one JSON object per file",
  async (cwd) => {
    const names = Array.from(Deno.readDirSync(`${DATA}/vrd`), ({ name }) => name)
      .filter((name) => name.endsWith(".json"));
    const files = Object.fromEntries(
      names.map((name) => [name, Deno.readFileSync(`${DATA}/vrd/${name}`)]),
    );
    await using mirror = serveFiles(files);
    const args = ["vrd", "--mirror", mirror.url];
    const { code, stdout, stderr } = await run(cwd, ...args, "--json");
    assertEquals([code, stderr], [0, ""]);
    const lines = stdout.trim().split("\n").map((line) => JSON.parse(line));
    assertEquals(lines.map(({ file }) => file).sort(), names.sort());
    for (const { path, bytes, from, state } of lines) {
      assertEquals((await Deno.stat(`${cwd}/${path}`)).size, bytes);
      assertEquals([from.startsWith(mirror.url), state], [true, "downloaded"]);
    }
    const again = await run(cwd, "vrd");
    assertEquals(again.code, 0);
    assertEquals(again.stdout.match(/, present\n/g)?.length, names.length);
    assertStringIncludes(again.stderr, "Licence: none stated by the publisher");
    assertEquals(mirror.requests.length, names.length);
  },
  { ignore: isMissing(`${DATA}/vrd`) },
);

testInFolder(
  "download refuses a GloVe archive other than the published one",
  async (cwd) => {
    const zip = zipOf([{ path: "glove.840B.300d.txt", content: "man 1 2\n" }]);
    await Deno.mkdir(`${cwd}/in`);
    await Deno.writeFile(`${cwd}/in/glove.840B.300d.zip`, zip);
    const refused = await run(cwd, "glove_840b", "--from", "in");
    assertEquals(refused.code, 1);
    assertStringIncludes(refused.stderr, `in: SHA-256 is `);
    assertStringIncludes(refused.stderr, `expected c06db255e650…`);
  },
);

testInFolder("download names the host that it has no permission for", async (cwd) => {
  const args = ["vg150", "--from", "http://example.org/x/"];
  const { code, stderr } = await run(cwd, ...args);
  assertEquals(code, 1);
  assert(
    stderr.includes(
      `http://example.org/x/: not permitted; run the script of the task by "deno run" with --allow-net=example.org and the same arguments`,
    ),
    stderr,
  );
});

testInFolder("pack and download pass a dataset on, byte for byte", async (cwd) => {
  const small = [
    "--train-images",
    "3",
    "--validation-images",
    "1",
    "--test-images",
    "1",
  ];
  const made = await runTask(cwd, "preprocess", ...small);
  assertEquals(made.code, 0, made.stderr);
  const pack = () => runTask(cwd, "pack", "--json");
  const { code, stdout, stderr } = await pack();
  assertEquals([code, stderr], [0, ""]);
  const packed = JSON.parse(stdout);
  assertEquals([packed.name, packed.path], ["synthetic", "dist/synthetic.tar.gz"]);
  await Deno.rename(`${cwd}/dist`, `${cwd}/elsewhere`);
  await Deno.remove(`${cwd}/data`, { recursive: true });
  const taken = await run(cwd, "elsewhere/synthetic.tar.gz", "--json");
  assertEquals([taken.code, taken.stderr], [0, ""]);
  assertEquals(JSON.parse(taken.stdout).state, "unpacked");
  assertEquals(JSON.parse((await pack()).stdout).sha256, packed.sha256);
  const again = await run(cwd, "elsewhere/synthetic.tar.gz");
  assert(/^data\/processed\/synthetic, .* MB, present\n$/.test(again.stdout));
});

testInFolder(
  "wantedWords() has the words of the shipped table and of processed datasets",
  async (folder) => {
    assert((await wantedWords(`${folder}/none`)).has("elephant"));
    const writer = await DatasetWriter.create(`${folder}/mine`, {
      name: "mine",
      vocabulary: { entities: ["Flux capacitor"], predicates: ["powers"] },
      labelPredictor: { name: "none", simulated: false },
      ...{ source: "a test", licence: "none", command: "none", inputsHash: "0" },
    });
    await writer.close();
    await Deno.mkdir(`${folder}/unfinished`);
    const words = await wantedWords(folder);
    assert(["flux", "capacitor", "powers", "elephant"].every((word) => words.has(word)));
  },
);

testInFolder("pack reports a missing dataset", async (cwd) => {
  const { code, stderr } = await runTask(cwd, "pack", "no");
  assertEquals(code, 1);
  assertStringIncludes(
    stderr,
    `error: Cannot open the dataset "data/processed/no": it has no manifest.json`,
  );
});
