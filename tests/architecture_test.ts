import { assert, assertEquals } from "@std/assert";
import { parseModule, reachable, readModules, ROOT } from "./_imports.ts";

const modules = readModules(["src", "tasks", "tests", "benches"]);
modules.set("mod.ts", parseModule("mod.ts", Deno.readTextFileSync(`${ROOT}mod.ts`)));

// It quotes imports that are none.
modules.delete("tests/architecture_test.ts");

/** Plain data and chance, which every module may use; they use only each other. */
const COMMON = [
  "config",
  "nearest",
  "random",
  "scene_graph",
  "show_value",
  "vocabulary",
];

/** Files of whole models, which stand above the model; other formats know nothing of it. */
const MODEL_FILES = [
  "checkpoint.ts",
  "_checkpoint_metadata.ts",
  "onnx_inputs.ts",
  "onnx_model.ts",
];

/** Who may use whom besides; the arrows of ARCHITECTURE.md. */
const ARROWS: Record<string, readonly string[]> = {
  common: [],
  files: [],
  formats: [],
  gradients: [],
  kernels: [],
  backend: ["kernels"],
  words: ["formats"],
  dataset: ["files", "formats", "words"],
  model: ["dataset", "kernels"],
  eval: ["dataset", "files"],
  label_predictor: [
    "backend",
    "dataset",
    "files",
    "formats",
    "gradients",
    "kernels",
    "words",
  ],
  checkpoint: ["formats", "model"],
  predictor: [
    "backend",
    "checkpoint",
    "dataset",
    "eval",
    "label_predictor",
    "model",
  ],
  preprocess: ["backend", "dataset", "files", "formats", "label_predictor"],
  render: ["eval"],
  // A worker starts a backend of its own.
  train: [
    "backend",
    "checkpoint",
    "dataset",
    "eval",
    "files",
    "gradients",
    "kernels",
    "label_predictor",
    "model",
    "words",
  ],
};

/** The part of the house that a module of `src/` belongs to. */
function partOf(path: string): string {
  if (!path.startsWith("src/")) return path;
  const [, first, second] = path.split("/");
  const name = first.replace(/\.ts$/, "");
  if (second === undefined) {
    if (name === "word_vectors") return "words";
    if (["decode", "predict_input"].includes(name)) return "predictor";
    if (/^deps(_|$)/.test(name)) return "deps";
    return COMMON.includes(name) ? "common" : name;
  }
  if (path === "src/deps/gradients.ts") return "gradients";
  if (first === "io") return MODEL_FILES.includes(second) ? "checkpoint" : "formats";
  return first;
}

/** Paths with what is wrong with them, for a message that shows all at once. */
function offenders(
  isWrong: (path: string, specifier: string, target?: string) => unknown,
): string[] {
  return [...modules.values()].flatMap(({ path, imports }) =>
    imports.filter(({ specifier, target }) => isWrong(path, specifier, target))
      .map(({ specifier }) => `${path} imports "${specifier}"`)
  );
}

Deno.test("parseModule() finds every kind of import and no comment", () => {
  const { imports, code } = parseModule(
    "src/a/b.ts",
    `/** import { x } from "./no.ts"; Deno.exit() */
import { type A, b } from "./one.ts";
import type { C } from "../two.ts";
export * from "npm:three@1.0.0";
import "./four.ts";
// import "./never.ts";
const five = await import("./five.ts"); // Deno.cwd()
new Worker(new URL("./six.ts", import.meta.url));
const url = "https://example.org";
import {
  d,
} from "./seven.ts";
`,
  );
  assertEquals(
    imports.map(({ specifier, target, isTypeOnly }) => [
      specifier,
      target ?? "",
      isTypeOnly,
    ]).sort(),
    [
      ["../two.ts", "src/two.ts", true],
      ["./five.ts", "src/a/five.ts", false],
      ["./four.ts", "src/a/four.ts", false],
      ["./one.ts", "src/a/one.ts", false],
      ["./seven.ts", "src/a/seven.ts", false],
      ["./six.ts", "src/a/six.ts", false],
      ["npm:three@1.0.0", "", false],
    ],
  );
  assert(!code.includes("Deno.") && code.includes("https://example.org"));
});

Deno.test("architecture: every import is of a file that exists", () => {
  assertEquals(
    offenders((_, __, target) =>
      target !== undefined && target.endsWith(".ts") && !modules.has(target)
    ),
    [],
  );
});

Deno.test("architecture: src/ imports along the arrows only", () => {
  assertEquals(
    offenders((path, _, target) => {
      if (!path.startsWith("src/") || target === undefined) return false;
      if (!target.startsWith("src/")) return true;
      const [from, to] = [partOf(path), partOf(target)];
      if (from === to || to === "common" || to === "deps") return false;
      return !ARROWS[from]?.includes(to);
    }),
    [],
  );
});

Deno.test("architecture: no module imports itself by a detour", () => {
  const rings = [...modules.values()].filter(({ path, imports }) =>
    imports.some(({ target, isTypeOnly }) =>
      target && !isTypeOnly && reachable(modules, target).has(path)
    )
  );
  assertEquals(rings.map(({ path }) => path), []);
});

Deno.test("architecture: a name that begins with _ is private to its folder", () => {
  assertEquals(
    offenders((path, _, target) => {
      const match = target?.match(/^(.*)\/_[^/]*$/);
      // A test may look behind the door that it tests.
      return match && !path.startsWith("tests/") && !path.startsWith(`${match[1]}/`);
    }),
    [],
  );
});

Deno.test("architecture: packages are named in deps files only", () => {
  const isDeps = (path: string) =>
    /^(src|benches)\/deps(_\w+)?\.ts$/.test(path) || path.includes("/_std/") ||
    // Imported for its side effect, so it has nothing to hand on from a deps file.
    partOf(path) === "gradients";
  assertEquals(
    offenders((path, specifier) => /^(npm|jsr|https?):/.test(specifier) && !isDeps(path)),
    [],
  );
});

Deno.test("architecture: packages are named with their full version", () => {
  const versions = Object.values(
    JSON.parse(Deno.readTextFileSync(`${ROOT}deno.json`)).imports,
  )
    .concat(
      [...modules.values()].flatMap(({ imports }) => imports.map((i) => i.specifier)),
    );
  const vague = versions.filter((specifier) =>
    /^(npm|jsr):/.test(String(specifier)) && !/@\d+\.\d+\.\d+/.test(String(specifier))
  );
  assertEquals(vague, []);
});

Deno.test("architecture: mod.ts reaches nothing that needs our import map", () => {
  const graph = reachable(modules, "mod.ts");
  assertEquals(
    offenders((path, specifier, target) =>
      graph.has(path) && target === undefined && !specifier.startsWith("npm:")
    ),
    [],
  );
});

Deno.test("architecture: mod.ts reaches no files, no training and no heavy package", () => {
  const light = ["deps.ts", "deps_cpu.ts", "deps_wasm.ts", "deps_webgpu.ts"];
  const heavy = [...reachable(modules, "mod.ts")].filter((path) =>
    ["files", "gradients", "train"].includes(partOf(path)) ||
    partOf(path) === "deps" && !light.includes(path.slice("src/".length))
  );
  assertEquals(heavy, []);
});

Deno.test("architecture: Deno.* stands where files are read and written only", () => {
  const isFileAccess = (path: string) =>
    path === "src/files.ts" || path.startsWith("src/dataset/download");
  const found = [...modules.values()].filter(({ path, code }) =>
    (path.startsWith("src/") || path === "mod.ts") && !isFileAccess(path) &&
    /\bDeno\./.test(code)
  );
  assertEquals(found.map(({ path }) => path), []);
});

Deno.test("architecture: evaluation, drawing and file formats need no tensors", () => {
  const tensorFree = [...modules.keys()].filter((path) =>
    path.startsWith("src/") &&
    ["common", "formats", "dataset", "eval", "render"].includes(partOf(path))
  );
  const found = tensorFree.filter((path) =>
    reachable(modules, path).has("src/deps/tf.ts")
  );
  assertEquals(found, []);
});

Deno.test("architecture: src/ prints nothing", () => {
  const found = [...modules.values()].filter(({ path, code }) =>
    path.startsWith("src/") && /\bconsole\./.test(code)
  );
  assertEquals(found.map(({ path }) => path), []);
});

Deno.test("architecture: every task has a description and no more than it needs", () => {
  const { tasks } = JSON.parse(Deno.readTextFileSync(`${ROOT}deno.json`));
  const files = new Set<string>();
  for (
    const [name, task] of Object.entries<{ description?: string; command: string }>(tasks)
  ) {
    assert((task.description ?? "").length > 0, `Task "${name}" has no description`);
    const { command } = task;
    assert(!/(^|\s)(-A|--allow-all)\b/.test(command), `Task "${name}" may do everything`);
    for (const [file] of command.matchAll(/tasks\/\w+\.ts/g)) files.add(file);
  }
  const programs = [...modules.keys()].filter((path) =>
    /^tasks\/[^_/][^/]*\.ts$/.test(path)
  );
  assertEquals([...files].sort(), programs.sort());
});
