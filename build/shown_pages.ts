/**
 * Makes every kind of page and drawing, by the commands that people use.
 *
 * @module
 */

import { pathOf } from "../src/address.ts";

/** A page or drawing to look at. */
export interface ShownPage {
  name: string;
  /** Path of an HTML or SVG file. */
  path: string;
}

/** What is shown. */
export interface ShownOptions {
  /** Folder for everything that the commands write. */
  folder: string;
  /** A photograph that `predict` looks at; default: none, and a file of `examples/`. */
  photograph?: string;
}

/** Drawings of the documentation. */
const DOCUMENTS = ["predicted_graph", "graph_labelling", "logit_adjustment", "scale"];

/**
 * Makes the pages one by one, from the built-in world and from `examples/`.
 *
 * @param options Where, and of which photograph.
 * @returns Each page when it is there.
 * @throws {Error} If a command fails.
 */
export async function* shownPages(
  { folder, photograph }: ShownOptions,
): AsyncGenerator<ShownPage> {
  const at = (path: string) => pathOf(new URL(`../${path}`, import.meta.url));
  const run = async (task: string, ...args: string[]) => {
    const flags = ["run", "--quiet", "--allow-all", `--lock=${at("deno.lock")}`];
    const { success, stderr } = await new Deno.Command("deno", {
      args: [...flags, at(`tasks/${task}.ts`), ...args, "--quiet"],
      cwd: folder,
      env: { INIT_CWD: folder },
    }).output();
    if (!success) {
      const said = new TextDecoder().decode(stderr);
      throw new Error(`Cannot make a page as "${task}" must end well: ${said}`);
    }
  };
  for (const name of DOCUMENTS) yield { name, path: at(`docs/${name}.svg`) };

  const source = photograph ?? at("examples/beach.json");
  const drawn = ["--svg", "over.svg", "--before-after", "both.svg"];
  const seen = ["--attention-svg", "attention.svg", "--steps-svg", "steps.svg"];
  const checkpoint = at("checkpoints/gpi_linguistic_vg_pretrained.safetensors");
  const how = ["--checkpoint", checkpoint];
  await run("predict", source, ...how, ...drawn, ...seen);
  for (const name of ["over", "both", "attention", "steps"]) {
    yield { name: `predict-${name}`, path: `${folder}/${name}.svg` };
  }
  await run("predict", source, ...how, "--before-after", "both.html");
  yield { name: "predict-page", path: `${folder}/both.html` };

  const sizes = ["--train-images", "60", "--validation-images", "10"];
  await run("preprocess", "synthetic", ...sizes, "--test-images", "40");
  await run("validate", "synthetic", "--page", "statistics.html");
  yield { name: "statistics", path: `${folder}/statistics.html` };

  const small = "--epochs 4 --hidden 16 --layers 16 --workers 1".split(" ");
  for (const variant of ["gpi_mean", "gpi_no_context"]) {
    await run("train", variant, ...small);
  }
  const scored = ["--workers", "1", "--resamples", "100"];
  const curve = ["--logit-adjustment", "auto", "--adjustment-curve", "adjustment.svg"];
  await run("eval", "gpi_mean_best", "--task", "predcls", ...curve, ...scored);
  yield { name: "adjustment", path: `${folder}/adjustment.svg` };
  await run("report", "gpi_mean_best", "--name", "one", ...scored);
  yield { name: "report-one", path: `${folder}/reports/one/index.html` };
  await run("report", "gpi_mean_best", "gpi_mean", "--name", "two", ...scored);
  yield { name: "report-two", path: `${folder}/reports/two/index.html` };

  const model = ["--checkpoint", "gpi_mean_best", "--out", "pictures"];
  await run("draw", "synthetic", "test-000003", ...model);
  const stem = `${folder}/pictures/synthetic-test-000003`;
  yield { name: "draw", path: `${stem}.html` };
  yield { name: "draw-predicted", path: `${stem}-predicted.svg` };
}
