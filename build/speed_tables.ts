/**
 * The tables of speed in the documents: of each number the least and the most of its
 * runs.
 *
 * @module
 */

import type { Row } from "../benches/row.ts";
import { markdownTable } from "./markdown_table.ts";

/** A line of `docs/results/speed.jsonl`. */
export type SpeedLine = Row & { command: string; run: number; processor: string };

type Wanted = Partial<Row>;

const SIZES = [10, 20, 40];
const OURS = { system: "ours", form: "factored", workers: 1 } as const;
const PREDICT = { bench: "predict", batch: 1 } as const;

/** One image at a time, one thread against one. */
const PEERS: readonly [name: string, row: Wanted][] = [
  ["TensorFlow.js, as published", { system: "tfjs" }],
  ["`onnxruntime-web`, as published", { system: "onnxruntime-web", form: "published" }],
  ["`onnxruntime-web`, same graph", { system: "onnxruntime-web", form: "factored" }],
  ["`onnxruntime-node` (native), as published", {
    system: "onnxruntime-node",
    form: "published",
  }],
  ["`onnxruntime-node` (native), same graph", {
    system: "onnxruntime-node",
    form: "factored",
  }],
];

/** Time for an image, and ours against three peers. */
export function speedTable(lines: readonly SpeedLine[]): string {
  const peers = [PEERS[0], PEERS[2], PEERS[4]];
  return markdownTable([
    ["entities", "ms an image", ...peers.map(([name]) => name)],
    ...SIZES.map((n) => [
      `${n}`,
      range(lines, (run) => find(run, { ...PREDICT, ...OURS, n }).median_ms, 1),
      ...peers.map(([, peer]) => ratio(lines, { ...PREDICT, ...OURS, n }, peer)),
    ]),
  ]);
}

/** How many times as fast as each peer, and the share of what the processor can do. */
export function predictTable(lines: readonly SpeedLine[]): string {
  const ours = (n: number) => ({ ...PREDICT, ...OURS, n });
  return markdownTable([
    ["against", ...SIZES.map((n) => `N = ${n}`)],
    ...PEERS.map(([name, peer]) => [
      name,
      ...SIZES.map((n) => ratio(lines, ours(n), peer)),
    ]),
    [
      "int8 against our float32",
      ...SIZES.map((n) =>
        ratio(lines, { ...ours(n), system: "ours-int8" }, {
          system: "ours",
          form: "factored",
        })
      ),
    ],
    [
      "share of the FMA limit",
      ...SIZES.map((n) =>
        `${range(lines, (run) => find(run, ours(n)).percent_of_limit!, 0)} %`
      ),
    ],
  ]);
}

/** A training step. */
export function trainTable(lines: readonly SpeedLine[]): string {
  const ours = (n: number, workers = 1) => (run: readonly SpeedLine[]) =>
    find(run, { bench: "train", ...OURS, n, workers });
  const ofSizes = (
    name: string,
    number: (n: number) => (run: readonly SpeedLine[]) => number,
    digits: number,
  ) => [name, ...SIZES.map((n) => range(lines, number(n), digits))];
  return markdownTable([
    ["a training step", ...SIZES.map((n) => `N = ${n}`)],
    ofSizes("images a second", (n) => (run) => rate(ours(n)(run)), 1),
    ofSizes(
      "times as fast as TensorFlow.js",
      (n) => (run) =>
        rate(ours(n)(run)) / rate(find(run, { bench: "train", system: "tfjs", n })),
      0,
    ),
    ofSizes(
      "share of the FMA limit, %",
      (n) => (run) => ours(n)(run).percent_of_limit!,
      0,
    ),
    ofSizes(
      "memory of a worker, MB",
      (n) => (run) => ours(n)(run).peak_mb - ours(n)(run).idle_mb,
      0,
    ),
  ]);
}

/** How time and memory grow with entities. */
export function scalingTable(lines: readonly SpeedLine[]): string {
  const sizes = [5, 10, 20, 40, 100];
  const cells = (work: Row["work"], n: number) => {
    const row = (run: readonly SpeedLine[]) =>
      find(run, { bench: "scaling", ...OURS, work, n, batch: 1 });
    return [
      range(lines, (run) => row(run).median_ms, 1),
      range(lines, (run) => row(run).peak_mb, 0),
    ];
  };
  return markdownTable([
    ["entities", "predict, ms", "peak MB", "training step, ms", "peak MB"],
    ...sizes.map((n) => [`${n}`, ...cells("predict", n), ...cells("train", n)]),
  ]);
}

/** Where and how often it was measured. */
export function machineTable(lines: readonly SpeedLine[]): string {
  const [{ processor, backend }] = lines;
  const runs = new Set(lines.map(({ run }) => run)).size;
  return markdownTable([
    ["processor", "backend", "runs"],
    [processor, backend, runs === 1 ? "1" : `${runs}: least and most of their medians`],
  ]);
}

function ratio(lines: readonly SpeedLine[], ours: Wanted, peer: Wanted): string {
  const theirs = { bench: ours.bench, n: ours.n, workers: 1, ...peer };
  return `${range(lines, (run) => rate(find(run, ours)) / rate(find(run, theirs)), 1)} x`;
}

/** Images, or else runs, a second. */
function rate({ images_per_s, median_ms }: Row): number {
  return images_per_s ?? 1000 / median_ms;
}

/** Such as `4.4 to 7.3`. */
function range(
  lines: readonly SpeedLine[],
  number: (run: readonly SpeedLine[]) => number,
  digits: number,
): string {
  const runs = [...Map.groupBy(lines, ({ run }) => run).values()].map(number);
  const [least, most] = [Math.min(...runs), Math.max(...runs)].map((n) =>
    n.toFixed(digits)
  );
  return least === most ? least : `${least} to ${most}`;
}

/** The first row that has the values. */
function find(rows: readonly SpeedLine[], values: Wanted): SpeedLine {
  const wanted = Object.entries(values) as [keyof Row, unknown][];
  const found = rows.find((row) => wanted.every(([key, value]) => row[key] === value));
  if (found) return found;
  throw new RangeError(
    `Cannot find the row with ${JSON.stringify(values)}: make it again`,
  );
}
