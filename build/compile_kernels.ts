/**
 * Compiles the AssemblyScript kernels of `src/kernels/assembly/`.
 *
 * @module
 */

import asc from "assemblyscript/asc";
import { int8TileSource } from "./int8_tile_source.ts";
import { tileSource } from "./tile_source.ts";

/** The builds: with relaxed SIMD (fused multiply-add) and with plain SIMD. */
export const BUILDS = { relaxed: "kernels_relaxed.wasm", plain: "kernels_plain.wasm" };

/** Folder of the sources; the builds lie beside it. */
const SOURCES = new URL("../src/kernels/assembly/", import.meta.url);

/** Files whose exports the builds have. */
const ENTRIES = { relaxed: ["index.ts", "int8.ts"], plain: ["index.ts"] };

/** Where a build lies. */
export function buildUrl(build: keyof typeof BUILDS): URL {
  return new URL(`../${BUILDS[build]}`, SOURCES);
}

/** Sources that are written by programs. */
const WRITTEN: Record<string, () => string> = {
  "tile.ts": tileSource,
  "int8_tile.ts": int8TileSource,
};

/** A source, or nothing if there is none of the name. */
function readSource(name: string): string | Promise<string | null> {
  if (name in WRITTEN) return WRITTEN[name]();
  return Deno.readTextFile(new URL(name, SOURCES)).catch(() => null);
}

/**
 * Compiles one build; the same sources always give the same bytes.
 *
 * The module has no memory, data or allocator of its own: it works on the heap of the
 * WASM backend, which it imports.
 *
 * @param build Which one.
 * @returns The WebAssembly module.
 * @throws {SyntaxError} If the sources do not compile; the message is the compiler's.
 */
export async function compileKernels(
  build: keyof typeof BUILDS,
): Promise<Uint8Array<ArrayBuffer>> {
  let bytes: Uint8Array<ArrayBuffer> | undefined;
  const flags = [
    "--enable",
    "simd",
    "--importMemory",
    "--initialMemory",
    "1",
    "--noAssert",
  ];
  if (build === "relaxed") flags.push("--enable", "relaxed-simd");
  const { error, stderr } = await asc.main(
    // Not -O3: it nests the fused multiply-adds of one sum in each other, which makes the
    // matrix product wait for each (81 instead of 94 % of the FMA limit).
    [...ENTRIES[build], "--outFile", "out.wasm", "--runtime", "stub", "-O1", ...flags],
    {
      readFile: readSource,
      writeFile: (_name, contents) => {
        bytes = new Uint8Array(contents as Uint8Array<ArrayBuffer>);
      },
      listFiles: () => [],
    },
  );
  if (error || !bytes) {
    throw new SyntaxError(`Cannot compile the kernels: ${stderr}`, { cause: error });
  }
  return bytes;
}
