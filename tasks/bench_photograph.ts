/**
 * Times each part of the way from a photograph to its graph, and watches memory.
 *
 * @module
 */

import { type MemoryUse, type PartTimes, timePhotograph } from "../benches/photograph.ts";
import { runTask } from "./_cli/run.ts";

await runTask({
  name: "bench:photograph",
  summary: "Time each part from a photograph to its graph, and watch memory.",
  positionals: {
    photograph: { path: "path", help: "A photograph: JPEG, PNG or WebP" },
  },
  flags: {
    predictions: {
      default: 100,
      min: 1,
      help: "Number of predictions during which memory is watched",
    },
  },
  examples: [
    "bench:photograph photo.jpg",
    "bench:photograph photo.jpg --predictions 1000",
  ],
}, async ({ photograph, predictions, json }) => {
  for await (const row of timePhotograph(photograph, predictions)) {
    if (json) console.log(JSON.stringify(row));
    else console.log("part" in row ? timesLine(row) : memoryLine(row));
  }
});

function timesLine({ part, times }: PartTimes): string {
  const sorted = times.toSorted((a, b) => a - b);
  const [least, median, most] = [0, Math.floor(times.length / 2), times.length - 1]
    .map((i) => sorted[i].toFixed(1));
  return `${part.padEnd(34)}${
    median.padStart(9)
  } ms  (${least} to ${most}, ${times.length} runs)`;
}

function memoryLine(
  { predictions, resident, heap, buffers, ...rest }: MemoryUse,
): string {
  const megabytes = (bytes: number) => `${(bytes / 1e6).toFixed(1)} MB`;
  return `after ${predictions} predictions: resident ${megabytes(resident)}, heap ${
    megabytes(heap)
  }, buffers ${megabytes(buffers)}, ${rest.tensors} tensors of ${
    megabytes(rest.tensor_bytes)
  }`;
}
