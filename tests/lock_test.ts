import { assert, assertEquals, assertRejects } from "@std/assert";
import { listFiles } from "../src/files.ts";
import { lock } from "../src/lock.ts";
import { testInFolder } from "./_in_folder.ts";

testInFolder(
  "lock() tells who has it, and lets the next in after that",
  async (folder) => {
    const path = `${folder}/a/.lock`;
    {
      using _held = await lock(path, "data/a");
      const error = await assertRejects(() => lock(path, "data/a"), Error);
      const host = ` on "${Deno.hostname()}"`;
      const told =
        `^Cannot write to "data/a": another process is writing to it \\(process ${Deno.pid}${host}, for [12] s\\); run it again when that has ended$`;
      assert(new RegExp(told).test(error.message), error.message);
    }
    using _held = await lock(path, "data/a");
    assertEquals(await listFiles(`${folder}/a`), [".lock"]);
  },
);

testInFolder("lock() leaves nothing behind", async (folder) => {
  (await lock(`${folder}/a/.lock`, "a"))[Symbol.dispose]();
  assertEquals([...Deno.readDirSync(folder)], []);
});

testInFolder("lock() waits for whoever makes the same", async (folder) => {
  const path = `${folder}/.lock`, owners: string[] = [], order: number[] = [];
  const make = async (i: number) => {
    const onWait = (owner: string) => owners.push(owner);
    using _held = await lock(path, "a", { making: "same", onWait });
    order.push(i);
    await new Promise((resolve) => setTimeout(resolve, 300));
    order.push(i);
  };
  await Promise.all([0, 1, 2].map(make));
  assertEquals(order.filter((_, i) => i % 2 === 0), order.filter((_, i) => i % 2 === 1));
  assertEquals(owners.length, 2);
  assert(owners[0].startsWith(`process ${Deno.pid} on `), owners[0]);
});

testInFolder("lock() takes over from a process that was killed", async (folder) => {
  await Deno.writeTextFile(
    `${folder}/program.ts`,
    `import { lock } from ${
      JSON.stringify(new URL("../src/lock.ts", import.meta.url).href)
    };
await lock("x.lock", "x");
console.log("locked");
await new Promise((resolve) => setTimeout(resolve, 60_000));`,
  );
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", "--no-config", "--no-lock", "--no-prompt", "-RW", "program.ts"],
    cwd: folder,
    stdout: "piped",
    stderr: "null",
  }).spawn();
  const reader = child.stdout.getReader();
  await reader.read();
  await assertRejects(
    () => lock(`${folder}/x.lock`, "x"),
    Error,
    `another process is writing to it (process ${child.pid}, for `,
  );
  child.kill("SIGKILL");
  await reader.cancel();
  await child.status;
  using _held = await lock(`${folder}/x.lock`, "x");
});
