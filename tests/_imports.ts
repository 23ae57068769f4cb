/**
 * Reads the imports of modules.
 *
 * @module
 */

import { fileURLToPath } from "node:url";

/** The checkout, with a slash at the end. */
export const ROOT = fileURLToPath(new URL("../", import.meta.url));

/** One import of a module. */
export interface Import {
  /** The specifier, such as `./random.ts` or `npm:name@1.2.3`. */
  specifier: string;
  /** Path from the root of the checkout, for a file of the project. */
  target?: string;
  /** Whether it imports only types, so it does not exist at run time. */
  isTypeOnly: boolean;
  /** Whether the module is loaded when it is asked for: `await import(...)`. */
  isDynamic: boolean;
}

/** A module: its code without comments, and its imports. */
export interface Module {
  /** Path from the root of the checkout. */
  path: string;
  code: string;
  imports: Import[];
}

/** Reads every TypeScript module of some folders, by path from the root. */
export function readModules(folders: readonly string[]): Map<string, Module> {
  const modules = new Map<string, Module>();
  const visit = (folder: string) => {
    for (const { name, isDirectory } of Deno.readDirSync(ROOT + folder)) {
      const path = `${folder}/${name}`;
      // The sources of the kernels are AssemblyScript, not TypeScript.
      if (isDirectory && name !== "assembly") visit(path);
      else if (name.endsWith(".ts")) {
        modules.set(path, parseModule(path, Deno.readTextFileSync(ROOT + path)));
      }
    }
  };
  folders.forEach(visit);
  return modules;
}

/** Parses one module; it does not recognize strings that look like comments. */
export function parseModule(path: string, text: string): Module {
  const code = text
    .replace(/\/\*[\s\S]*?\*\//g, "")
    .replace(/(^|[\s;{(,])\/\/.*$/gm, "$1");
  const patterns = [
    // import { a } from "x"; export * from "x"; import "x";
    /^\s*(?:import|export)\s+(type\s)?(?:[^;"']*?\sfrom\s+)?["']([^"']+)["']/gm,
    // await import("x"); modules of workers
    /\bimport(\s)?\(\s*["']([^"']+)["']/g,
    /\bnew URL(\s)?\(\s*["']([^"']+\.ts)["']\s*,\s*import\.meta\.url/g,
  ];
  const imports = patterns.flatMap((pattern, i) =>
    [...code.matchAll(pattern)].map(([, type, specifier]): Import => ({
      specifier,
      ...(specifier.startsWith(".") && { target: resolve(path, specifier) }),
      isTypeOnly: type?.trim() === "type",
      isDynamic: i === 1,
    }))
  );
  return { path, code, imports };
}

function resolve(from: string, specifier: string): string {
  return new URL(specifier, `file:///${from}`).pathname.slice(1);
}

/**
 * Paths of all modules that a module needs at run time, including itself.
 *
 * @param modules All modules.
 * @param start The module.
 * @param options Whether modules that are loaded when they are asked for count; default true.
 */
export function reachable(
  modules: ReadonlyMap<string, Module>,
  start: string,
  { withDynamic = true }: { withDynamic?: boolean } = {},
): Set<string> {
  const seen = new Set<string>();
  const open = [start];
  for (let path = open.pop(); path !== undefined; path = open.pop()) {
    if (seen.has(path)) continue;
    seen.add(path);
    for (const { target, isTypeOnly, isDynamic } of modules.get(path)?.imports ?? []) {
      if (target && !isTypeOnly && (withDynamic || !isDynamic)) open.push(target);
    }
  }
  return seen;
}
