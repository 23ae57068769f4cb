/**
 * Compiles the kernels into `src/kernels/*.wasm`.
 *
 * @module
 */

import { writeFileAtomically } from "../src/files.ts";
import { BUILDS, buildUrl, compileKernels } from "./_compile_kernels.ts";

for (const build of Object.keys(BUILDS) as (keyof typeof BUILDS)[]) {
  const bytes = await compileKernels(build);
  await writeFileAtomically(buildUrl(build).pathname, bytes);
  console.log(`${buildUrl(build).pathname.split("/").at(-1)}: ${bytes.length} bytes`);
}
