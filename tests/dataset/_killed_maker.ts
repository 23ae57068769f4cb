/**
 * A program that replaces the dataset of a folder and is killed at an operation.
 *
 * @module
 */

import { killAt } from "../_kill_at.ts";
import { OTHER, writeWorldDataset } from "./_made_datasets.ts";

const [count, folder] = Deno.args;
killAt(Number(count));
await writeWorldDataset(folder, OTHER);
