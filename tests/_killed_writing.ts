/**
 * A program that writes two files together, and is killed at an operation.
 *
 * @module
 */

import { writeFilesTogether } from "../src/files.ts";
import { killAt } from "./_kill_at.ts";

const [count, group] = Deno.args;
killAt(Number(count));
await writeFilesTogether(group, { x: "2", y: "2" });
