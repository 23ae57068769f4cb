/**
 * A program that trains in a folder with another seed, and is killed at an operation.
 *
 * @module
 */

import "../../src/deps/gradients.ts";
import { trainAndSave } from "../../src/train/run.ts";
import { killAt } from "../_kill_at.ts";
import { optionsIn, TRAIN } from "./_small_run.ts";

const [count, folder, seed = "0"] = Deno.args;
const train = { ...TRAIN, epochs: 2, seed: Number(seed) };
const options = await optionsIn(folder, { train, force: true });
killAt(Number(count));
const { wasDone } = await trainAndSave(options);
console.log(wasDone);
