/**
 * Compiles the AssemblyScript kernels of `src/kernels/assembly/`.
 *
 * @module
 */

import { asc } from "./deps_assemblyscript.ts";
import { int8TileSource } from "./int8_tile_source.ts";
import { tileSource } from "./tile_source.ts";

/** Files of the builds: with relaxed SIMD (fused multiply-add), and with plain SIMD. */
export const BUILDS = { relaxed: "kernels_relaxed.wasm", plain: "kernels_plain.wasm" };

/** Folder of the sources. */
const SOURCES = new URL("../src/kernels/assembly/", import.meta.url);

/** Sources whose exports each build has. */
const ENTRIES = { relaxed: ["index.ts", "int8.ts"], plain: ["index.ts"] };

/** URL of a build's file. */
export function buildUrl(build: keyof typeof BUILDS): URL {
  return new URL(`../${BUILDS[build]}`, SOURCES);
}

/** Generated sources. */
const GENERATED: Record<string, () => string> = {
  "tile.ts": tileSource,
  "int8_tile.ts": int8TileSource,
};

/** Reads or generates a source; null if it does not exist. */
function readSource(name: string): string | Promise<string | null> {
  if (name in GENERATED) return GENERATED[name]();
  return Deno.readTextFile(new URL(name, SOURCES)).catch(() => null);
}

/**
 * Compiles one build; the same sources always give the same bytes.
 *
 * The module has no memory, data or allocator of its own: it imports the heap of the WASM
 * backend.
 *
 * @param build The build.
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
    // Not -O3: it nests the fused multiply-adds of a sum, so that the matrix product waits
    // for each of them (81 % instead of 94 % of the FMA limit).
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
