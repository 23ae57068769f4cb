import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { copyCheckout, runLine, runWords } from "./_checkout_copy.ts";
import { exists, listFiles } from "../../src/files.ts";
import { testInFolder } from "../_in_folder.ts";

/** Everything that an address, a shell or an encoding may take for something else. */
const NAME = "C# ünï 50% a+b why?";

const TINY = "--train-images 8 --validation-images 4 --test-images 4 --name tiny";

testInFolder("every task works in a folder with a hostile name", async (parent) => {
  const root = `${parent}/${NAME}`, mine = `${root}/data/my own`;
  await copyCheckout(root);
  await Deno.mkdir(mine, { recursive: true });
  await Deno.copyFile(`${root}/examples/horses.json`, `${mine}/horses here.json`);
  await Deno.copyFile(`${root}/examples/mine.json`, `${mine}/mine.json`);
  const check = (line: string, { code, lines }: { code: number; lines: string[] }) => {
    assertEquals(code, 0, `${line}\n${lines.join("\n")}`);
    return lines;
  };
  // As `deno task` does, it runs in the root, and is told where the user stands.
  const run = async (line: string, user = root) =>
    check(line, await runWords(line, { cwd: root, user, root }));
  const runInShell = async (line: string, cwd = root) =>
    check(line, await runLine(`deno task ${line}`, cwd));
  // In the root.
  await run(`preprocess synthetic ${TINY}`);
  await runInShell(
    "train gpi_mean --dataset tiny --epochs 1 --hidden 8 --layers 8 --workers 1",
  );
  const tiny = "--resamples 10 --workers 1";
  await run(`eval gpi_mean_tiny_best ${tiny} --control none`);
  await run(`score label_predictor tiny ${tiny}`);
  await run("world --images 2 --train-images 2 --pictures 1");
  await runInShell("bundle");
  assertEquals((await listFiles(`${root}/dist`)).length, 7);
  assert(await exists(`${root}/dist/types/mod.d.ts`));
  await run("pack tiny");
  await Deno.remove(`${root}/data/processed/tiny`, { recursive: true });
  // Where the user stands: inputs are found there, outputs land there.
  assertStringIncludes(
    (await runInShell("download ../../dist/tiny.tar.gz", mine)).join("\n"),
    "data/processed/tiny",
  );
  const predicted = await runInShell(
    "predict 'horses here.json' --quiet --svg 'a b.svg'",
    mine,
  );
  assert(predicted.some((line) => /^\d/.test(line)), predicted.join("\n"));
  await run("validate mine.json --page page.html", mine);
  await run("convert tiny tiny.jsonl --no-logits", mine);
  await run("export gpi_mean_tiny_best --out m.onnx", mine);
  await run(
    "preprocess json --raw mine.json --name mine --label-predictor frequency",
    mine,
  );
  await run(
    `compare label_predictor ./../../checkpoints/gpi_mean_tiny_best.safetensors --dataset tiny ${tiny}`,
    mine,
  );
  assertEquals(await listFiles(mine), [
    ...["a b.svg", "horses here.json", "m.onnx", "mine.json", "page.html", "tiny.jsonl"],
  ]);
  assert(await exists(`${root}/data/processed/mine/manifest.json`));
});
