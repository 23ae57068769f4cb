/** Jobs that score parts of the images give together what one process gives. */

import { assert, assertEquals, assertRejects } from "@std/assert";
import type { Dataset } from "../../../src/dataset/dataset.ts";
import {
  decodeState,
  encodeState,
  type EvaluationState,
  readState,
  writeState,
} from "../../../src/pipeline/parts/evaluation_state.ts";
import {
  evaluateState,
  mergeStates,
  missingJobs,
} from "../../../src/pipeline/parts/merge_states.ts";
import {
  scoreSystem,
  type SystemSettings,
} from "../../../src/pipeline/system_evaluation.ts";
import { writeWorldDataset } from "../../../src/world/write_dataset.ts";
import { inFolder } from "../../_in_folder.ts";

/** Of 64 jobs, most have no image. */
const SIZES = { train: 8, validation: 2, test: 23 };
const METRICS = "R,ngR,mR,zR,wR,accuracy";

/** A dataset, and a function that scores a part of it into a file. */
async function withDataset(
  run: (
    dataset: Dataset,
    folder: string,
    score: (part?: Partial<SystemSettings>) => ReturnType<typeof scoreSystem>,
  ) => Promise<void>,
): Promise<void> {
  await inFolder(async (folder) => {
    const dataset = await writeWorldDataset(`${folder}/small`, {
      command: "deno task preprocess synthetic",
      sizes: SIZES,
    });
    const score = (part: Partial<SystemSettings> = {}) =>
      scoreSystem({
        ...{ system: "label_predictor", dataset: dataset.folder, split: "test" },
        ...{
          metrics: METRICS,
          k: [5, 20],
          task: "sgcls",
          protocol: "motifs,sgp",
        },
        ...{ seed: 3, resamples: 50 },
        ...part,
      });
    await run(dataset, folder, score);
  });
}

Deno.test("merge: 1, 2, 7 and 64 jobs give the bits of one process", async () => {
  await withDataset(async (dataset, folder, score) => {
    const one = await score();
    const plain = ({ rows, evaluations }: Pick<typeof one, "rows" | "evaluations">) => ({
      rows,
      results: evaluations.map(({ evaluator }) => evaluator.result()),
      images: evaluations.map(({ evaluator }) => [...evaluator.imageResults()]),
    });
    assertEquals(one.rows.length, 2 * (5 * 2 + 5), "recalls at two K, and accuracies");
    for (const count of [1, 2, 7, 64]) {
      const paths: string[] = [];
      for (let index = 1; index <= count; index++) {
        const state = `${folder}/${count}-${index}.safetensors`;
        const { rows } = await score({ state, shard: { index, count } });
        assertEquals(rows, [], "a part has no result of its own");
        paths.push(state);
      }
      const merged = await evaluateState(await mergeStates(paths.reverse()), dataset);
      assertEquals(plain(merged), plain(one), `${count} jobs`);
    }
  });
});

Deno.test("merge: the order of files and of merges does not matter", async () => {
  await withDataset(async (_, folder, score) => {
    const path = (name: string) => `${folder}/${name}.safetensors`;
    for (const index of [1, 2, 3]) {
      await score({ state: path(`${index}`), shard: { index, count: 3 } });
    }
    const merge = async (out: string, ...names: string[]) => {
      const state = await mergeStates(names.map(path));
      await writeState(path(out), state);
      return encodeState(state);
    };
    const all = await merge("all", "1", "2", "3");
    await merge("ba", "2", "1");
    await merge("cb", "3", "2");
    await merge("ac", "1", "3");
    for (const names of [["3", "ba"], ["cb", "1"], ["2", "ac"], ["3", "1", "2"]]) {
      assertEquals(await merge("again", ...names), all, names.join());
    }
    assertEquals(missingJobs(await readState(path("ac"))), [2]);
  });
});

Deno.test("merge: what cannot be joined is named", async () => {
  await withDataset(async (dataset, folder, score) => {
    const path = (name: string) => `${folder}/${name}.safetensors`;
    const save = (name: string, index: number, more: Partial<SystemSettings> = {}) =>
      score({ state: path(name), shard: { index, count: 3 }, ...more });
    await save("one", 1);
    await save("two", 2);
    await save("same", 2);
    await save("k", 2, { k: [5, 50] });
    await save("seed", 2, { seed: 4 });
    await save("count", 2, { shard: { index: 2, count: 4 } });
    const merge = (...names: string[]) => mergeStates(names.map(path));
    const refused = async (run: () => Promise<unknown>, ...texts: string[]) => {
      const { message } = await assertRejects(run, Error);
      for (const text of texts) assert(message.includes(text), `${message}: ${text}`);
    };
    await refused(() => merge("one", "two", "same"), path("two"), path("same"), "job 2");
    await refused(() => merge("one", "k"), '"k"', path("k"), "[5,50]");
    await refused(() => merge("one", "seed"), '"seed"', "found 3 and 4");
    await refused(() => merge("one", "count"), '"jobs"', "found 3 and 4");
    const two = await merge("one", "two");
    await refused(() => evaluateState(two, dataset), "missing 3/3");

    await save("three", 3);
    const whole = await merge("one", "two", "three");
    const other = await writeWorldDataset(`${folder}/other`, {
      command: "deno task preprocess synthetic",
      seed: 1,
      sizes: SIZES,
    });
    await refused(() => evaluateState(whole, other), other.folder, "SHA-256");

    const bytes = await Deno.readFile(path("one"));
    const change = (find: string, put: string) => {
      const at = new TextDecoder("latin1").decode(bytes).indexOf(find);
      assert(at > 0, find);
      const changed = bytes.slice();
      changed.set(new TextEncoder().encode(put), at);
      return changed;
    };
    const version = change("evaluation-1", "evaluation-9");
    await refused(
      async () => await decodeState(version, "x"),
      "scene-graph-evaluation-9",
    );
    const damaged = bytes.slice();
    damaged[damaged.length - 1] ^= 1;
    await refused(async () => await decodeState(damaged, "x"), "CRC-32C");
    const state: EvaluationState = decodeState(bytes, "x");
    assertEquals(encodeState(state), bytes, "reading and writing keeps every byte");
  });
});
