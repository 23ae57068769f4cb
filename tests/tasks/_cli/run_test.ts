import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { errorLine } from "../../../tasks/_cli/run.ts";
import { testInFolder } from "../../_in_folder.ts";
import { runScript, scriptCommand } from "../_run_script.ts";

const sample = (args: string[], ...permissions: string[]) =>
  runScript("tests/tasks/_cli/_sample_task.ts", args, { permissions });

Deno.test("runTask() gives the values to the task and exits with 0", async () => {
  const { code, stdout, stderr } = await sample(["print", "--seed", "7", "--json"]);
  assertEquals([code, stderr], [0, ""]);
  const { way, seed, json } = JSON.parse(stdout);
  assertEquals([way, seed, json], ["print", 7, true]);
});

Deno.test("runTask() prints help on stdout, without any permission", async () => {
  const { code, stdout } = await sample(["--help"]);
  assertEquals(code, 0);
  assert(stdout.startsWith("Do something for a test.\n\nUsage: deno task sample <way>"));
});

Deno.test("runTask() exits with 2 if the command line is wrong", async () => {
  assertEquals(await sample(["print", "--sed", "7"]), {
    code: 2,
    stdout: "",
    stderr:
      'error: Cannot use the flag "--sed": "sample" does not have it, the nearest is "--seed"\n',
  });
});

Deno.test("runTask() prints an error on one line and exits with 1", async () => {
  assertEquals(await sample(["error"]), {
    code: 1,
    stdout: "",
    stderr: "error: Cannot do it: found 0\n",
  });
  assertEquals((await sample(["string"])).stderr, "error: no error at all\n");
});

Deno.test("runTask() prints the stack trace of an error with --trace", async () => {
  const { stderr } = await sample(["error", "--trace"]);
  assertStringIncludes(stderr, "error: Cannot do it: found 0\nRangeError");
  assertStringIncludes(stderr, "_sample_task.ts:");
});

Deno.test("runTask() names the missing permission and what to do", async () => {
  const { code, stderr } = await sample(["read", "--path", "a.json"]);
  assertEquals(code, 1);
  assertEquals(
    stderr,
    'error: Cannot continue without a permission: Requires read access to "a.json", run again with the --allow-read flag, or run "deno task sample"\n',
  );
});

Deno.test("runTask() reports a full disk", async () => {
  const { code, stderr } = await sample(["full"], "--allow-all");
  assertEquals(code, 75); // may succeed later
  assert(
    /^error: Cannot write as the disk is full: .*; free some space.*\n$/.test(stderr),
  );
});

Deno.test("runTask() reports a port in use", async () => {
  const { code, stderr } = await sample(["port"], "--allow-net=127.0.0.1");
  assertEquals(code, 1);
  assert(/^error: Cannot listen as the port is in use: .*another port\n$/.test(stderr));
});

testInFolder("runTask() leaves no partial file behind after Ctrl-C", async (folder) => {
  const process = scriptCommand(
    "tests/tasks/_cli/_sample_task.ts",
    ["write", "--path", `${folder}/whole.bin`],
    { permissions: [`--allow-read=${folder}`, `--allow-write=${folder}`] },
  ).spawn();
  const reader = process.stdout.getReader();
  await reader.read();
  assertEquals([...Deno.readDirSync(folder)].map(({ name }) => name), [
    "whole.bin.partial",
  ]);
  reader.releaseLock();
  process.kill("SIGINT");
  const { code, stderr } = await process.output();
  assertEquals(code, 130);
  assertStringIncludes(new TextDecoder().decode(stderr), "Stopped by SIGINT");
  assertEquals([...Deno.readDirSync(folder)], []);
});

Deno.test("progressBar() writes plain lines where stderr is no terminal", async () => {
  const { stderr, stdout } = await sample(["progress"]);
  assertEquals(stdout, "");
  assert(/^count 100% 3\/3 images, \d+ images\/s, in \ds\n$/.test(stderr), stderr);
});

Deno.test("progressBar() shows nothing with --quiet or --json", async () => {
  assertEquals((await sample(["progress", "--quiet"])).stderr, "");
  assertEquals((await sample(["progress", "--json"])).stderr, "");
});

Deno.test("errorLine() shows what a terminal would obey", () => {
  const error = new RangeError('Cannot find "a\x1b[31mb"\n and more');
  assertEquals(errorLine(error, "train"), 'Cannot find "a\\u{1b}[31mb" and more');
});
