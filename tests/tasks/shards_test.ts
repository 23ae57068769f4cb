/** What jobs print or write for parts of the images is together what one process does. */

import { assertEquals } from "@std/assert";
import { SAMPLES } from "../detect/_sample_images.ts";
import { testInFolder } from "../_in_folder.ts";
import { ROOT, runTask } from "./_run_script.ts";

/** What it finds depends on the size of the photograph. */
const DETECTOR = `export default ({ width, height }) => ({
  imageWidth: width,
  imageHeight: height,
  classes: ["man", "horse"],
  boxes: [0, 0, width / 2, height, width / 4, 0, width, height],
  beliefs: [0.8, 0.1, width / 100, 0.5],
});`;

testInFolder(
  "detect and predict --shard: 1, 2 and 7 jobs print the lines of one process",
  async (folder) => {
    await Deno.writeTextFile(`${folder}/detector.ts`, DETECTOR);
    await Deno.mkdir(`${folder}/photos`);
    const samples = [SAMPLES.rgb, SAMPLES.turnedWebp];
    for (let i = 0; i < 5; i++) {
      await Deno.writeFile(`${folder}/photos/${i}.jpg`, samples[i % 2]);
    }
    const own = ["photos", "--detector", "detector.ts", "--backend", "wasm", "--json"];
    const model = `${ROOT}checkpoints/gpi_linguistic_vg_pretrained.safetensors`;
    for (const args of [["detect", ...own], ["predict", ...own, "--checkpoint", model]]) {
      const [task, ...flags] = args;
      const run = async (...more: string[]) => {
        const { code, stdout, stderr } = await runTask(folder, task, ...flags, ...more);
        assertEquals([code, stderr], [0, ""]);
        return stdout;
      };
      const one = await run();
      assertEquals(one.split("\n").length, 5 + 1);
      for (const count of [1, 2, 7]) {
        const parts: string[] = [];
        for (let index = 1; index <= count; index++) {
          parts.push(await run("--shard", `${index}/${count}`));
        }
        assertEquals(parts.join(""), one, `${task}, ${count} jobs`);
        const most = Math.max(...parts.map((part) => part.split("\n").length - 1));
        assertEquals(most, Math.ceil(5 / count));
      }
    }
  },
);
