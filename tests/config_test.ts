import { assertEquals, assertThrows } from "@std/assert";
import { parseVariant, PRESETS, VARIANTS } from "../src/config.ts";
import { parseSgpConfig, parseTrainConfig } from "../src/parse_config.ts";

const MODEL = {
  ...PRESETS.small.model,
  relations: "network",
  variant: "gpi_mean",
  numEntityClasses: 5,
  numPredicates: 4,
  embeddingSize: 0,
} as const;
const TRAIN = PRESETS.small.train;

Deno.test("parseSgpConfig() and parseTrainConfig() accept the presets", () => {
  for (const { model, train } of Object.values(PRESETS)) {
    const config = { ...MODEL, ...model, relations: "reread" } as const;
    assertEquals(parseSgpConfig(config, "x"), config);
    assertEquals(parseTrainConfig(JSON.parse(JSON.stringify(train)), "x"), train);
  }
});

Deno.test("parseSgpConfig() refuses every field outside its range", () => {
  const bad: Record<keyof typeof MODEL, unknown[]> = {
    variant: ["gpi", "toString", undefined],
    numEntityClasses: [0, 1.5, 1e7, "5"],
    numPredicates: [1, NaN],
    embeddingSize: [-1, null],
    hidden: [0, 10001, Infinity],
    layers: [[0], ["7"], 7, Array(21).fill(1)],
    steps: [0, 101, 2.5],
    features: ["published", 1],
    epsilon: [0, -1, 2, "1e-2", null],
    relationTrust: [-0.1, 1.1, "1", null],
    relations: ["label predictor", 1],
    relationsOnly: ["yes", 0],
  };
  for (const [field, values] of Object.entries(bad)) {
    for (const value of values) {
      assertThrows(
        () => parseSgpConfig({ ...MODEL, [field]: value }, `"a.json"`),
        RangeError,
        `Cannot use "a.json": ${field}`,
      );
    }
  }
  assertThrows(
    () => parseSgpConfig({ ...MODEL, steps: 0 }, "x"),
    RangeError,
    "Cannot use x: steps must be a whole number in [1, 100]: found 0",
  );
});

Deno.test("parseTrainConfig() refuses every field outside its range", () => {
  const bad: Record<keyof typeof TRAIN, unknown[]> = {
    seed: [-1, 2 ** 32, 0.5],
    epochs: [0],
    batchSize: [0],
    learningRate: [0, -1, Infinity, NaN],
    dropout: [-0.1, 1],
    loss: ["sum"],
    negativeRatio: [-1, Infinity],
    entityWeight: [-1, NaN],
    regularization: [-1e-9, "0"],
    initial: ["zero"],
    schedule: ["linear"],
    select: ["accuracy"],
    patience: [-1, 0.5],
  };
  for (const [field, values] of Object.entries(bad)) {
    for (const value of values) {
      assertThrows(
        () => parseTrainConfig({ ...TRAIN, [field]: value }, "x"),
        RangeError,
        `Cannot use x: ${field} must be `,
      );
    }
  }
});

Deno.test("parseTrainConfig() refuses other values than records, and unknown settings", () => {
  for (const value of [null, 3, []]) {
    assertThrows(
      () => parseTrainConfig(value, "x"),
      RangeError,
      `Cannot use x: it must be an object: found ${JSON.stringify(value)}`,
    );
  }
  assertThrows(
    () => parseTrainConfig(undefined, "x"),
    RangeError,
    "Cannot use x: it is missing, it must be an object",
  );
  assertThrows(
    () => parseTrainConfig({ ...TRAIN, drop_out: 0.1 }, "x"),
    RangeError,
    'Cannot use x: drop_out is not a known key; the nearest is "dropout"',
  );
});

Deno.test("parseVariant() knows every variant and suggests the nearest one", () => {
  for (const name of Object.keys(VARIANTS)) {
    assertEquals<string>(parseVariant(name), name);
  }
  for (const name of ["gpi_mena", "constructor"]) {
    assertThrows(() => parseVariant(name), RangeError, `Cannot find the model "${name}"`);
  }
  assertThrows(() => parseVariant("gpi_mena"), RangeError, 'the nearest is "gpi_mean"');
});
