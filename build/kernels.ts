/**
 * Compiles the kernels into `src/kernels/*.wasm`.
 *
 * @module
 */

import { lastName, pathOf } from "../src/address.ts";
import { writeFileAtomically } from "../src/files.ts";
import { runTask } from "../tasks/_cli/run.ts";

await runTask({
  name: "build:kernels",
  summary: "Compile src/kernels/assembly (AssemblyScript) into src/kernels/*.wasm.",
}, async ({ json }) => {
  // Imported only now, since the compiler reads the environment when it is loaded.
  const { BUILDS, buildUrl, compileKernels } = await import("./compile_kernels.ts");
  for (const build of Object.keys(BUILDS) as (keyof typeof BUILDS)[]) {
    const bytes = await compileKernels(build);
    const path = pathOf(buildUrl(build)), file = lastName(path);
    await writeFileAtomically(path, bytes);
    console.log(
      json
        ? JSON.stringify({ file, bytes: bytes.length })
        : `${file}: ${bytes.length} bytes`,
    );
  }
});
