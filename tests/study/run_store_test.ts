import { assertEquals, assertRejects } from "@std/assert";
import { RunStore } from "../../src/study/run_store.ts";
import { testInFolder } from "../_in_folder.ts";

testInFolder(
  "RunStore keeps results, and gives them back for the same settings alone",
  async (folder) => {
    const store = new RunStore<number>(`${folder}/runs`);
    assertEquals(await store.load("a", { size: 1 }), undefined);
    await store.save("a", { size: 1 }, 0.5);
    assertEquals(await store.load("a", { size: 1 }), 0.5);
    assertEquals(await store.load("a", { size: 2 }), undefined);
    assertEquals(await store.load("b", { size: 1 }), undefined);
    const names = Array.from(Deno.readDirSync(`${folder}/runs`), ({ name }) => name);
    assertEquals(names, ["a.json"]);
  },
);

testInFolder("RunStore names a file that is not JSON", async (folder) => {
  await Deno.writeTextFile(`${folder}/a.json`, '{"settings":');
  await assertRejects(
    () => new RunStore(folder).load("a", {}),
    SyntaxError,
    `Cannot read ${folder}/a.json: it is not JSON (Unexpected end of JSON input); delete the file, and the run is made again`,
  );
});
