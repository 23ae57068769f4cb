/**
 * A program that writes a full shard into the given folder, reports that, and waits to be
 * killed.
 *
 * @module
 */

import { DatasetWriter } from "../../src/dataset/dataset.ts";
import { emptyImage, INFO } from "./_examples.ts";

const writer = await DatasetWriter.create(Deno.args[0], INFO);
for (let i = 0; i <= 1000; i++) await writer.add("train", emptyImage(`${i}`));
console.log("begun");
await new Promise((resolve) => setTimeout(resolve, 60_000));
