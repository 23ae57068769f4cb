/**
 * The files of the npm package: what `deno pack` makes of the library, with what Node.js and
 * bundlers need besides.
 *
 * @module
 */

import { packedLibrary } from "./packed_library.ts";

type Files = Record<string, Uint8Array<ArrayBuffer>>;

/** What {@linkcode npmFiles} uses of the `package.json` that `deno pack` writes. */
interface PackageJson {
  name: string;
  version: string;
  license: string;
  dependencies: Record<string, string>;
}

/** A package by its specifier in a string of a program: name, version, file in it. */
const SPECIFIER = /"npm:((?:@[^/"]+\/)?[^@"/]+)@([\d.]+)(\/[^"]*)?"/g;

/** `src/deps/` adds nothing to a name to keep Deno from fetching a package early. */
const ADDED_NOTHING = /import\("([^"]+)" \+ ""\)/g;

/** Packages that only Deno loads; elsewhere, their files come from a server. */
const DENO_ONLY = ["@vladmandic/human"];

/** Modules of the library and their types, and the files that they fetch. */
const WANTED = /\.(js|d\.ts)$|^src\/.*\.(wasm|safetensors)$|^LICENSE$/;

/**
 * Makes the files of the package.
 *
 * @param more Further files by path, such as a checkpoint.
 * @param sources Text of the modules that name packages with their versions.
 * @returns Contents by path.
 * @throws {Error} If `deno pack` fails, or no source has the version of a package.
 */
export async function npmFiles(more: Files, sources: readonly string[]): Promise<Files> {
  const packed = await packedLibrary("Cannot make the npm package");
  const versions = versionsIn(sources);
  const files: Files = {}, loaded = new Set<string>(), asked = new Set<string>();
  for (const [path, bytes] of Object.entries(packed)) {
    if (!WANTED.test(path)) continue;
    files[path] = !path.endsWith(".js")
      ? bytes
      : new TextEncoder().encode(withoutVersions(new TextDecoder().decode(bytes), {
        loaded: (name) => loaded.add(name),
        asked: (name) => asked.add(name),
      }));
  }
  const json = JSON.parse(
    new TextDecoder().decode(packed["package.json"]),
  ) as PackageJson;
  for (const name of Object.keys(json.dependencies)) loaded.add(name);
  for (const name of [...loaded, ...DENO_ONLY]) asked.delete(name);
  files["package.json"] = new TextEncoder().encode(
    JSON.stringify(
      packageJson(json, {
        dependencies: exact([...loaded], versions),
        optional: exact([...asked], versions),
      }),
      undefined,
      2,
    ) + "\n",
  );
  return { ...files, ...more };
}

/** Packages and versions that modules name. */
function versionsIn(sources: readonly string[]): Map<string, string> {
  const matches = sources.flatMap((text) => [...text.matchAll(SPECIFIER)]);
  return new Map(matches.map(([, name, version]) => [name, version]));
}

/**
 * Replaces `npm:name@version/file` by `name/file`.
 *
 * @param code JavaScript of a module.
 * @param note Called with packages that are always there, and with those that a program
 * loads if its user asks for a detector or a photograph.
 */
function withoutVersions(
  code: string,
  note: { loaded(name: string): void; asked(name: string): void },
): string {
  const named = code.replaceAll(SPECIFIER, (_, name, _version, file = "") => {
    note.asked(name);
    return `"${name}${file}"`;
  });
  return named.replaceAll(ADDED_NOTHING, (_, name) => {
    note.loaded(name);
    return `import("${name}")`;
  });
}

function exact(
  names: readonly string[],
  versions: ReadonlyMap<string, string>,
): Record<string, string> {
  return Object.fromEntries(
    names.toSorted().map((name) => {
      const version = versions.get(name);
      if (version) return [name, version];
      throw new Error(
        `Cannot make the npm package as a file of src/deps/ must name "${name}" with its version`,
      );
    }),
  );
}

function packageJson(
  { name, version, license }: PackageJson,
  { dependencies, optional }: {
    dependencies: Record<string, string>;
    optional: Record<string, string>;
  },
): object {
  return {
    name,
    version,
    description:
      "Scene graphs from photographs and detections: the permutation-invariant Scene Graph Predictor",
    keywords: ["scene-graph", "visual-relationship-detection", "tensorflow", "wasm"],
    license,
    type: "module",
    // process.getBuiltinModule, by which a module for browsers reads files in Node.js.
    engines: { node: ">=20.16.0" },
    main: "./mod.js",
    types: "./mod.d.ts",
    exports: {
      ".": { types: "./mod.d.ts", default: "./mod.js" },
      "./checkpoints/*": "./checkpoints/*",
      "./src/*.wasm": "./src/*.wasm",
      "./src/*.safetensors": "./src/*.safetensors",
      "./package.json": "./package.json",
    },
    publishConfig: { access: "public", provenance: true },
    dependencies,
    // Those of detectors and photographs in Node.js; browsers decode by themselves.
    peerDependencies: optional,
    peerDependenciesMeta: Object.fromEntries(
      Object.keys(optional).map((name) => [name, { optional: true }]),
    ),
  };
}
