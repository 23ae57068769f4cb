import { fileURLToPath } from "node:url";
import { assert, assertEquals } from "@std/assert";
import { measureReliability } from "../../../src/pipeline/scoring/reliability.ts";
import { openSystem } from "../../../src/pipeline/systems/systems.ts";
import { worldExamples } from "../../../src/world/world.ts";
import { writeWorldDataset } from "../../../src/world/write_dataset.ts";
import { reliabilityText } from "../../../tasks/_cli/print/reliability.ts";
import { testInFolder } from "../../_in_folder.ts";

testInFolder(
  "measureReliability() counts every label and every pair, and what label sets hold",
  async (folder) => {
    const dataset = await writeWorldDataset(`${folder}/toy`, {
      seed: 5,
      sizes: { train: 1, validation: 1, test: 12 },
      command: "a test",
    });
    const path = new URL(
      "../../../checkpoints/gpi_linguistic_pretrained.safetensors",
      import.meta.url,
    );
    const system = await openSystem(fileURLToPath(path));
    assert(system.kind === "checkpoint");
    const report = await measureReliability(system, dataset, "test", { backend: "wasm" });
    const sizes = [...worldExamples(5, "test", 12)].map(({ entityLabels }) =>
      entityLabels.length
    );
    const sum = (values: number[]) => values.reduce((a, b) => a + b, 0);
    assertEquals(report.entities.before.count, sum(sizes));
    assertEquals(report.entities.after.count, sum(sizes));
    assertEquals(report.relations.before.count, sum(sizes.map((n) => n * (n - 1))));
    for (const { before, after } of [report.entities, report.relations]) {
      assert(before.error >= 0 && after.error <= 1);
      assertEquals(sum(after.bins.map(({ count }) => count)), after.count);
    }
    assertEquals(report.coverage.map(({ wanted }) => wanted), [0.8, 0.9, 0.95]);
    // A greater coverage never takes a label out of a set.
    report.coverage.reduce((less, more) => {
      assert(more.measured >= less.measured && more.size >= less.size);
      return more;
    });
    // Before context the likeliest class of the detector counts.
    let right = 0;
    const c = dataset.vocabulary.numEntityClasses;
    for (const { entityLabels, entityLogits } of worldExamples(5, "test", 12)) {
      entityLabels.forEach((label, i) => {
        const row = entityLogits.subarray(i * c, (i + 1) * c);
        right += Number(row.every((logit) => logit <= row[label]));
      });
    }
    const { confusions, predicateConfusions, thresholds } = report;
    const annotated = [...worldExamples(5, "test", 12)].map(({ relations }) =>
      new Set(
        Array.from({ length: relations.length / 3 }, (_, r) =>
          relations.subarray(3 * r, 3 * r + 3).join()),
      ).size
    );
    for (const when of ["before", "after"] as const) {
      assertEquals(sum(confusions.map((each) => each[when])), sum(sizes));
      assertEquals(sum(predicateConfusions.map((each) => each[when])), sum(annotated));
    }
    const same = confusions.filter(({ truth, predicted }) => truth === predicted);
    assertEquals(sum(same.map(({ before }) => before)), right);
    thresholds.reduce((lower, higher) => {
      assert(lower.count >= higher.count && lower.recall >= higher.recall);
      return higher;
    });
    const text = reliabilityText(report, "text");
    for (const word of ["labels in a set", "relations after calibration", "came true"]) {
      assert(text.includes(word), text);
    }
    assertEquals(JSON.parse(reliabilityText(report, "json")).system, report.system);
  },
);
