import { assert, assertEquals } from "@std/assert";
import { parseModule, reachable, readModules, ROOT } from "./_imports.ts";

const modules = readModules(["src", "site", "tasks", "tests", "benches", "build"]);
modules.set("mod.ts", parseModule("mod.ts", Deno.readTextFileSync(`${ROOT}mod.ts`)));

// It quotes imports that are none.
modules.delete("tests/architecture_test.ts");

/** The folder of `src/` that a module belongs to, or the name of a file in `src/` itself. */
function partOf(path: string): string {
  return path.split("/")[1];
}

/** What `ARCHITECTURE.md` says of each folder of `src/`. */
const LAW = new Map(
  Array.from(
    Deno.readTextFileSync(`${ROOT}ARCHITECTURE.md`)
      .matchAll(/^\| `src\/(\w+)\/`\s*\|([^|]*)\|([^|]*)\|([^|]*)\|$/gm),
    ([, folder, , uses, tensors]) => {
      const names = Array.from(uses.matchAll(/`(\w+)`/g), ([, name]) => name);
      return [folder, { uses: names, tensors: tensors.trim() }];
    },
  ),
);

const folders = [...new Set([...modules.keys()].filter(isInFolder).map(partOf))].sort();

function isInFolder(path: string): boolean {
  return path.startsWith("src/") && path.split("/").length > 2;
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

Deno.test("architecture: src/ imports nothing from outside of it", () => {
  assertEquals(
    offenders((path, _, target) =>
      path.startsWith("src/") && target !== undefined && !target.startsWith("src/")
    ),
    [],
  );
});

Deno.test("architecture: ARCHITECTURE.md lists the folders of src/, and what each uses", () => {
  assertEquals([...LAW.keys()].sort(), folders);
  for (const folder of folders) {
    const used = [...modules.values()].filter(({ path }) =>
      isInFolder(path) && partOf(path) === folder
    ).flatMap(({ imports }) => imports.flatMap(({ target }) => target ?? []))
      .filter((target) => isInFolder(target) && partOf(target) !== folder).map(partOf)
      .filter((name) => name !== "deps");
    assertEquals([...new Set(used)].sort(), LAW.get(folder)!.uses, `src/${folder}/`);
  }
});

Deno.test("architecture: no arrow closes a circle, of files or of folders", () => {
  const paths = [...modules.keys()];
  const parents = paths.flatMap((path) => {
    const parts = path.split("/").slice(0, -1);
    return parts.map((_, i) => parts.slice(0, i + 1).join("/"));
  });
  // In each folder, its files and its folders as wholes; types count as well.
  const circles = [...new Set(parents)].flatMap((folder) => {
    const childOf = (path: string) =>
      path.startsWith(`${folder}/`)
        ? path.slice(folder.length + 1).split("/")[0]
        : undefined;
    const arrows = new Map<string, Set<string>>();
    for (const { path, imports } of modules.values()) {
      const from = childOf(path);
      if (from === undefined) continue;
      for (const { target } of imports) {
        const to = target && childOf(target);
        if (to === undefined || to === "" || to === from) continue;
        arrows.set(from, (arrows.get(from) ?? new Set()).add(to));
      }
    }
    return circleOf(arrows).map((name) => `${folder}/${name}`);
  });
  assertEquals(circles, []);
});

Deno.test("circleOf() finds a circle and leaves out what only leads to it", () => {
  const arrows = { a: ["b"], b: ["c"], c: ["b", "d"], d: [] };
  assertEquals(
    circleOf(new Map(Object.entries(arrows).map(([k, v]) => [k, new Set(v)]))),
    ["b", "c"],
  );
});

/** The names from which the arrows lead back to themselves. */
function circleOf(arrows: ReadonlyMap<string, ReadonlySet<string>>): string[] {
  return [...arrows.keys()].filter((start) => {
    const seen = new Set<string>();
    const open = [...arrows.get(start)!];
    for (let name = open.pop(); name !== undefined; name = open.pop()) {
      if (seen.has(name)) continue;
      seen.add(name);
      open.push(...arrows.get(name) ?? []);
    }
    return seen.has(start);
  });
}

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
    path.startsWith("src/deps/") || /\/(deps_|_std\/)\w+\.ts$/.test(path);
  assertEquals(
    offenders((path, specifier) => /^(npm|jsr|https?):/.test(specifier) && !isDeps(path)),
    [],
  );
});

Deno.test("architecture: packages are named with their full version", () => {
  const specifiers = [...modules.values()].flatMap(({ imports }) =>
    imports.map(({ specifier }) => specifier)
  );
  const vague = specifiers.filter((specifier) =>
    /^(npm|jsr):/.test(specifier) && !/@\d+\.\d+\.\d+/.test(specifier)
  );
  assertEquals(vague, []);
});

Deno.test("architecture: deno.lock has every package", () => {
  const { specifiers } = JSON.parse(Deno.readTextFileSync(`${ROOT}deno.lock`));
  const wanted = [...modules.values()].flatMap(({ imports }) =>
    imports.flatMap(({ specifier }) =>
      specifier.match(/^npm:(@[^/]+\/)?[^/]+/)?.[0] ?? []
    )
  );
  const missing = [...new Set(wanted)].filter((name) => !(name in specifiers));
  assertEquals(missing, [], 'add them: "deno cache --lock=deno.lock <their files>"');
});

Deno.test("architecture: a command fetches the packages that it uses, and no others", () => {
  // "deno task" fetches everything that deno.json or its lock file names, used or not.
  const config = JSON.parse(Deno.readTextFileSync(`${ROOT}deno.json`));
  assertEquals(config.lock, false);
  assert(config.unstable.includes("npm-lazy-caching"));
  const remote = Object.values<string>(config.imports).filter((to) =>
    !to.startsWith(".")
  );
  assertEquals(remote, []);
  for (const { command } of Object.values<{ command: string }>(config.tasks)) {
    for (const [part] of command.matchAll(/deno (run|test) .*/g)) {
      assert(/^deno \w+ --(lock=deno\.lock|no-lock) /.test(part), part);
    }
  }
  // 800 MB: of benches, tests and builds.
  const forDevelopers = ["deps_onnxruntime", "deps_assemblyscript", "deps_fast_check"];
  for (const path of [...modules.keys()].filter((path) => /^tasks\/[^_/]+$/.test(path))) {
    const used = [...reachable(modules, path)].filter((used) =>
      forDevelopers.some((name) => used.includes(name))
    );
    assertEquals(used, [], path);
  }
});

Deno.test("architecture: paths and URLs are made of each other by functions alone", () => {
  const isByHand = /import\.meta\.url\)\.pathname|`file:\/\/\$\{/;
  const found = [...modules.values()].filter(({ code }) => isByHand.test(code));
  assertEquals(found.map(({ path }) => path), []);
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
  const pathsOf = (...names: string[]) => names.map((name) => `src/deps/${name}.ts`);
  const atOnce = pathsOf("tf", "_host_platform");
  const backends = pathsOf("cpu", "wasm", "webgpu");
  const detectors = pathsOf(
    ...["centernet", "_centernet_package", "graph_model", "images", "onnx"],
    "transformers",
  );
  const later = [...backends, ...detectors];
  const heavy = [...reachable(modules, "mod.ts")].filter((path) =>
    ["files.ts", "checksum.ts", "train"].includes(partOf(path)) ||
    partOf(path) === "deps" && ![...atOnce, ...later].includes(path)
  );
  assertEquals(heavy, []);
  // What is not asked for is not loaded: a backend, or a detector and its packages.
  const loaded = [...reachable(modules, "mod.ts", { withDynamic: false })];
  assertEquals(loaded.filter((path) => later.includes(path)), []);
  assertEquals(loaded.filter((path) => partOf(path) === "detect"), [
    "src/detect/detect.ts",
  ]);
});

Deno.test("architecture: src/files.ts is the one door to the file system", () => {
  const found = [...modules.values()].filter(({ path, code }) =>
    (path.startsWith("src/") || path === "mod.ts") && !path.startsWith("src/files/") &&
    /\bDeno\./.test(code)
  );
  assertEquals(found.map(({ path }) => path), []);
  // What lies behind the door is reached through it alone.
  assertEquals(
    offenders((path, _, target) =>
      target?.startsWith("src/files/") === true && path !== "src/files.ts" &&
      !path.startsWith("src/files/")
    ),
    [],
  );
});

Deno.test("architecture: src/checksum.ts is the one door to hashing", () => {
  const found = [...modules.values()].filter(({ path, code }) =>
    path.startsWith("src/") && path !== "src/checksum.ts" &&
    /\bnode:crypto\b|\bcrypto\.subtle\b/.test(code)
  );
  assertEquals(found.map(({ path }) => path), []);
});

Deno.test("architecture: only the folders that may know tensors reach them", () => {
  const reaching = folders.filter((folder) =>
    [...modules.keys()].some((path) =>
      isInFolder(path) && partOf(path) === folder &&
      reachable(modules, path).has("src/deps/tf.ts")
    )
  );
  const allowed = folders.filter((folder) => LAW.get(folder)?.tensors !== "no");
  assertEquals(reaching, allowed);
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
