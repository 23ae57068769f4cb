/** What the viewer evaluates is kept, and evaluated again when it has to be. */

import { assertEquals } from "@std/assert";
import { decodeCheckpoint, encodeCheckpoint } from "../../src/checkpoint/checkpoint.ts";
import { Dataset } from "../../src/dataset/dataset.ts";
import { type Listener, SILENT } from "../../src/pipeline/listener.ts";
import { openSystems } from "../../src/pipeline/systems/systems.ts";
import { shownEvaluations, type ShownSettings } from "../../src/view/evaluations.ts";
import { testInFolder } from "../_in_folder.ts";
import { writeWorld } from "./_opened_view.ts";

testInFolder("shownEvaluations() evaluates each system once", async (folder) => {
  const dataset = await Dataset.open(await writeWorld(folder, 3));
  const kept = `${folder}/kept`, mine = `${folder}/mine.safetensors`;
  await Deno.copyFile("checkpoints/gpi_linguistic_pretrained.safetensors", mine);
  const filesOf = () =>
    Object.fromEntries(
      [...Deno.readDirSync(kept)].map(({ name }) => name).sort()
        .map((name) => [name, Deno.readFileSync(`${kept}/${name}`)]),
    );
  /** What was evaluated, and what was found. */
  const look = async (names: string[], more: Partial<ShownSettings> = {}) => {
    const told: string[] = [];
    const listener: Listener = {
      ...SILENT,
      progress: (task) => (told.push(task), SILENT.progress("", "")),
    };
    const found = await shownEvaluations(await openSystems(names), dataset, {
      ...{ split: "test", metrics: "R", k: [5, 20], backend: "wasm", workers: 1, kept },
      ...more,
    }, listener);
    return {
      told,
      found: found.map(({ system, task, evaluator }) => ({
        ...{ system, task, result: evaluator.result() },
        images: [...evaluator.imageResults()],
        scores: evaluator.imageIds.map((_, i) => evaluator.candidatesOf(i)),
      })),
    };
  };

  const first = await look(["label_predictor"]);
  assertEquals(first.told, ["evaluate sgcls"]);
  const both = await look(["label_predictor", mine]);
  assertEquals(both.told, ["evaluate sgcls"]);
  assertEquals(both.found[0], first.found[0]);
  const [, { scores }] = both.found;
  assertEquals(scores.map((list) => list!.scores.length), [20, 20, 20]);
  const files = filesOf();
  assertEquals(Object.keys(files).length, 2);

  const again = await look(["label_predictor", mine]);
  assertEquals(again, { told: [], found: both.found });
  // A file that is cut short is made again, to the same bytes.
  const [path, other] = Object.keys(files);
  await Deno.writeFile(`${kept}/${path}`, files[path].slice(0, 100));
  assertEquals(await look(["label_predictor", mine]), both);
  assertEquals(filesOf(), files);
  const fresh = await look(["label_predictor"], { isFresh: true });
  assertEquals([fresh.told, fresh.found], [first.told, first.found]);
  assertEquals(Object.keys(filesOf()), [path, other]);

  // Another K, another split, other weights: nothing of what is kept is of these.
  assertEquals((await look(["label_predictor"], { k: [7] })).told.length, 1);
  assertEquals((await look(["label_predictor"], { limit: 2 })).told.length, 1);
  const checkpoint = decodeCheckpoint(await Deno.readFile(mine), mine);
  const [{ data }] = checkpoint.parameters.values();
  data[0] += 1;
  await Deno.writeFile(mine, encodeCheckpoint(checkpoint));
  assertEquals((await look(["label_predictor", mine])).told.length, 1);
  assertEquals(Object.keys(filesOf()).length, 5);
});
