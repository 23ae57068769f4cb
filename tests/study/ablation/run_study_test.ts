/** That a study goes on where it was, whatever has happened. */

import { assert, assertEquals } from "@std/assert";
import { writeWorldDataset } from "../../../src/world/write_dataset.ts";
import { testInFolder } from "../../_in_folder.ts";
import { tinyStudy } from "./_tiny_study.ts";

/** Runs the study in a process that kills itself. */
async function killed(...args: string[]): Promise<void> {
  const script = new URL("./_tiny_study.ts", import.meta.url);
  const { signal, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "--no-check", "--allow-all", script.href, ...args],
  }).output();
  assertEquals(signal, "SIGKILL", new TextDecoder().decode(stderr));
}

/** The bytes of all files of a folder, by name. */
function filesOf(folder: string): Record<string, string> {
  return Object.fromEntries(
    Array.from(Deno.readDirSync(folder)).filter(({ name }) => !name.startsWith("."))
      .map(({ name }) => [name, Deno.readFileSync(`${folder}/${name}`).toString()])
      .sort(),
  );
}

testInFolder(
  "a study that was killed twice gives the bytes of one with two workers",
  async (folder) => {
    const data = `${folder}/world`;
    const sizes = { train: 8, validation: 4, test: 6 };
    await writeWorldDataset(data, { sizes, command: "" });
    const [mine, other] = [`${folder}/killed`, `${folder}/whole`];
    await killed(data, mine, "train", "1.5");
    const early = Object.keys(filesOf(`${mine}/runs`)).length;
    assert(early > 0 && early < 6, `${early} files`);
    // The control is trained, gpi_mean is not.
    const finished = await tinyStudy(data, mine, 1, { onlyFinished: true });
    const names = finished.map(({ network }) => network);
    assertEquals([...new Set(names)], [
      ...["label_predictor", "frequency", "gpi_no_context"],
    ]);
    await killed(data, mine, "evaluate", "1");
    // Of the control, and of what is not trained.
    const kept = Object.keys(filesOf(`${mine}/evaluations`));
    assertEquals(kept.length, 2);
    const resumed = await tinyStudy(data, mine, 1);
    const whole = await tinyStudy(data, other, 2);
    assertEquals(resumed, whole);
    for (const part of ["runs", "evaluations"]) {
      assertEquals(filesOf(`${mine}/${part}`), filesOf(`${other}/${part}`));
    }
    // 2 networks with 3 files each; their evaluations, and that of what is not trained.
    assertEquals(Object.keys(filesOf(`${mine}/runs`)).length, 6);
    assertEquals(Object.keys(filesOf(`${mine}/evaluations`)).length, 3);
  },
);
