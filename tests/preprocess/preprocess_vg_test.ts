import { assert, assertEquals, assertRejects } from "@std/assert";
import { preprocessVg } from "../../src/preprocess/preprocess_vg.ts";
import { testInFolder } from "../_in_folder.ts";
import { type VgImage, writeVg } from "../dataset/formats/_vg_writer.ts";

const image = (split: number): VgImage => ({
  split,
  boxes: [[100, 100, 50, 50], [500, 500, 80, 80], [300, 300, 600, 600]],
  labels: [1, 2, 3],
  relations: [[0, 2, 1], [1, 2, 2], [1, 1, 1]],
});

testInFolder(
  "preprocessVg() makes a dataset with the logits of a label predictor, once only",
  async (raw) => {
    const images = Array.from({ length: 25 }, (_, i) => image(i < 20 ? 0 : 2));
    const files = await writeVg(images);
    await Deno.writeFile(`${raw}/VG-SGG-with-attri.h5`, files.annotations.bytes);
    await Deno.writeTextFile(`${raw}/VG-SGG-dicts.json`, files.dicts.text);
    const options = {
      raw,
      out: `${raw}/out`,
      command: "deno task preprocess vg150",
      labelPredictor: "frequency" as const,
      validation: 4,
    };
    await assertRejects(
      () => preprocessVg(options),
      RangeError,
      `image_data.json" is missing: run "deno task download vg150" first`,
    );
    await Deno.writeTextFile(`${raw}/image_data.json`, files.imageData.text);
    const dataset = await preprocessVg(options);
    const { manifest } = dataset;
    assertEquals([
      dataset.size("train"),
      dataset.size("validation"),
      dataset.size("test"),
    ], [
      16,
      4,
      5,
    ]);
    assertEquals([manifest.name, manifest.labelPredictor.name], ["vg150", "frequency"]);
    assertEquals(manifest.details, {
      annotated: { images: 25, entities: 75, relations: 75 },
      // The toy's few boxes lie in the upper left, so that images may be turned.
      boxes: { form: "centres", swappedSizes: false, alsoFit: ["swappedSizes"] },
      leftOut: {
        corruptedImages: 0,
        largeImages: 0,
        selfRelations: 25,
        apartRelations: 0,
        apartImages: 0,
      },
    });
    const [first] = await Array.fromAsync(dataset.examples("train"));
    // Class 1 to class 3 always had predicate 1, class 3 to class 1 none.
    const logits = first.relationLogits;
    const pair = (
      i: number,
      j: number,
    ) => [...logits.subarray(3 * (3 * i + j), 3 * (3 * i + j + 1))];
    assert(Math.max(...pair(0, 2)) === pair(0, 2)[0]);
    assert(Math.max(...pair(2, 0)) === pair(2, 0)[2]);
    assertEquals((await preprocessVg(options)).manifest, manifest);
    const other = await preprocessVg({ ...options, validation: 2, name: "mine" });
    assertEquals([other.size("validation"), other.manifest.name], [2, "mine"]);
    assertEquals(other.manifest.source, `${raw}/VG-SGG-with-attri.h5 (VG-SGG layout)`);
  },
);
