import { assert, assertEquals, assertThrows } from "@std/assert";
import { PRESETS } from "../../src/config.ts";
import { type Checkpoint, decodeCheckpoint } from "../../src/checkpoint/checkpoint.ts";
import { encodeCheckpoint, type FloatArray } from "../../src/checkpoint/checkpoint.ts";
import { decodeSafetensors, encodeSafetensors } from "../../src/io/safetensors.ts";
import type { NamedArray, Safetensors } from "../../src/io/safetensors.ts";
import {
  smallCheckpoint,
  smallCheckpointBytes,
  smallConfig,
  VOCABULARY,
} from "../_samples.ts";

const NAME = "a.safetensors";
const WEIGHTS = "deep_graph/nn_phi/0/weights";

/** The last checkpoint of an interrupted training. */
function withState(): Checkpoint {
  const { parameters, ...rest } = smallCheckpoint("gpi_mean");
  const moments = new Map<string, FloatArray>();
  for (const [name, { shape, data }] of parameters) {
    moments.set(`adam/first/${name}`, { shape, data: data.map((value) => value / 3) });
    moments.set(`adam/second/${name}`, { shape, data: data.map((value) => value ** 2) });
  }
  const best = { epoch: 2, validation: { loss: 3.5, recall: 0.25 } };
  return {
    ...rest,
    parameters,
    training: { ...rest.training, config: PRESETS.small.train },
    state: { epoch: 3, updates: 12, best, moments },
  };
}

/** A checkpoint whose network has layers for prediction in 8 bits. */
function withRanges(): Checkpoint {
  const config = smallConfig("gpi_mean", { layers: [7, 6, 5] });
  const activationRanges = {
    rhoRelation: [new Float32Array(7).fill(1.5), new Float32Array(6)],
    rhoEntity: [new Float32Array(7).fill(2), new Float32Array(6).fill(3e-7)],
  };
  return smallCheckpoint("gpi_mean", { config, activationRanges });
}

/** A checkpoint as another program could write it: changed, without a checksum. */
function lying(
  change: (file: {
    arrays: Record<string, NamedArray>;
    metadata: Record<string, string>;
  }) => void,
  checkpoint?: Checkpoint,
): Uint8Array {
  const bytes = encodeCheckpoint(checkpoint ?? smallCheckpoint());
  const { arrays, metadata } = decodeSafetensors(bytes, NAME);
  const file = { arrays: { ...arrays }, metadata: { ...metadata } };
  delete file.metadata.crc32c;
  change(file);
  return encodeSafetensors(file.arrays, file.metadata);
}

/** Changes a value inside the JSON of a key. */
const set = (key: string, change: Record<string, unknown>) => (file: Safetensors) => {
  const { metadata } = file as { metadata: Record<string, string> };
  metadata[key] = JSON.stringify({ ...JSON.parse(metadata[key]), ...change });
};

function refuses(
  change: Parameters<typeof lying>[0],
  message: string,
  errorClass: new () => Error = RangeError,
  checkpoint?: Checkpoint,
): void {
  const bytes = lying(change, checkpoint);
  assertThrows(() => decodeCheckpoint(bytes, NAME), errorClass, message);
}

Deno.test(
  "decodeCheckpoint() restores what encodeCheckpoint() encoded",
  () => {
    for (const checkpoint of [smallCheckpoint(), withState(), withRanges()]) {
      const bytes = encodeCheckpoint(checkpoint);
      const decoded = decodeCheckpoint(bytes, NAME);
      assertEquals(decoded.config, checkpoint.config);
      assertEquals(decoded.vocabulary.toJSON(), checkpoint.vocabulary.toJSON());
      assertEquals(decoded.words, checkpoint.words);
      assertEquals(decoded.labelPredictor, checkpoint.labelPredictor);
      assertEquals(decoded.training, checkpoint.training);
      assertEquals(decoded.activationRanges, checkpoint.activationRanges);
      const plain = (arrays: ReadonlyMap<string, FloatArray> = new Map()) =>
        new Map(Array.from(arrays, ([name, { shape, data }]) => [name, { shape, data }]));
      assertEquals(plain(decoded.parameters), plain(checkpoint.parameters));
      assertEquals(plain(decoded.state?.moments), plain(checkpoint.state?.moments));
      assertEquals(decoded.state?.best, checkpoint.state?.best);
      assertEquals(decoded.state?.updates, checkpoint.state?.updates);
      assertEquals(encodeCheckpoint(decoded), bytes);
    }
  },
);

Deno.test(
  "encodeCheckpoint() writes published names, and metadata as text",
  () => {
    const bytes = encodeCheckpoint(smallCheckpoint());
    const { arrays, metadata } = decodeSafetensors(bytes, NAME);
    assertEquals(arrays[WEIGHTS].shape, [47, 6]); // e 3 + 5 + 12, twice; r 4 + 3 -> H 6
    for (const key of ["config", "vocabulary", "training"]) JSON.parse(metadata[key]);
    assertEquals(JSON.parse(metadata.vocabulary), VOCABULARY.toJSON());
    assertEquals(metadata.format_version, "1");
    assertEquals(metadata.label_predictor, "frequency");
  },
);

Deno.test("encodeCheckpoint() stores numbers in 16 bits, and decodeCheckpoint() widens them", () => {
  const checkpoint = withRanges(), { labelPredictor, words } = smallCheckpoint();
  const bytes = encodeCheckpoint({ ...checkpoint, labelPredictor }, "float16");
  const { arrays } = decodeSafetensors(bytes, NAME);
  const kinds = (kind: string) =>
    Object.values(arrays).filter(({ data }) => data.constructor.name === kind).length;
  // Every parameter and the profiles; the ranges stay as they are.
  assertEquals(kinds("Float16Array"), checkpoint.parameters.size + 1);
  assertEquals(kinds("Float32Array"), 4);
  const decoded = decodeCheckpoint(bytes, NAME);
  for (const [name, { data }] of checkpoint.parameters) {
    assertEquals(decoded.parameters.get(name)!.data, data.map(Math.f16round));
  }
  assertEquals(decoded.activationRanges, checkpoint.activationRanges);
  assertEquals(decoded.labelPredictor!.arrays, labelPredictor!.arrays);
  assertEquals(encodeCheckpoint(decoded, "float16"), bytes);
  const linguistic = encodeCheckpoint(smallCheckpoint(), "float16");
  const { entities } = decodeCheckpoint(linguistic, NAME).words!;
  assertEquals(entities, words!.entities.map(Math.f16round));
});

Deno.test("encodeCheckpoint() refuses numbers that 16 bits cannot hold", () => {
  const checkpoint = smallCheckpoint();
  checkpoint.parameters.get(WEIGHTS)!.data[7] = -65536;
  assertThrows(
    () => encodeCheckpoint(checkpoint, "float16"),
    RangeError,
    `Cannot save a checkpoint in 16 bits as all numbers must lie within 65504: "${WEIGHTS}" has -65536 at 7; keep its 32 bits`,
  );
});

Deno.test("decodeCheckpoint() refuses a wrong bit and a number that is not finite, in 16 bits too", () => {
  const bytes = encodeCheckpoint(smallCheckpoint(), "float16");
  bytes[bytes.length - 1] ^= 1;
  assertThrows(() => decodeCheckpoint(bytes, NAME), SyntaxError, "CRC-32C must be");
  const { arrays, metadata } = decodeSafetensors(
    encodeCheckpoint(smallCheckpoint(), "float16"),
    NAME,
  );
  (arrays[WEIGHTS].data as Float16Array)[3] = Infinity;
  const { crc32c: _, ...rest } = metadata;
  assertThrows(
    () => decodeCheckpoint(encodeSafetensors(arrays, rest), NAME),
    RangeError,
    `Cannot read the checkpoint "${NAME}" as all numbers must be finite: "${WEIGHTS}" has Infinity at 3`,
  );
});

Deno.test("encodeCheckpoint() refuses numbers that are not finite", () => {
  for (const bad of [NaN, Infinity, -Infinity]) {
    const checkpoint = withState();
    checkpoint.parameters.get(WEIGHTS)!.data[7] = bad;
    assertThrows(
      () => encodeCheckpoint(checkpoint),
      RangeError,
      `Cannot save a checkpoint as all numbers must be finite: "${WEIGHTS}" has ${bad} at 7`,
    );
  }
  const checkpoint = withState();
  checkpoint.state!.moments.get(`adam/second/${WEIGHTS}`)!.data[1] = NaN;
  assertThrows(() => encodeCheckpoint(checkpoint), RangeError, "has NaN at 1");
});

Deno.test("decodeCheckpoint() names a wrong parameter", () => {
  const must =
    `Cannot read the checkpoint "${NAME}" as "${WEIGHTS}" must be float32 of ` +
    "shape [47,6]: ";
  refuses(({ arrays }) => delete arrays[WEIGHTS], `${must}it is missing`);
  refuses(({ arrays }) => {
    arrays[WEIGHTS] = { ...arrays[WEIGHTS], shape: [6, 47] };
  }, `${must}found shape [6,47]`);
  refuses(({ arrays }) => {
    arrays[WEIGHTS] = { shape: [47, 6], data: new Float64Array(47 * 6) };
  }, `${must}found Float64Array`);
  refuses(
    ({ arrays }) => {
      arrays["deep_graph/nn_more/0/weights"] = { shape: [1], data: new Float32Array(1) };
    },
    `"${NAME}" as all its arrays must belong to its configuration: found the parameter "deep_graph/nn_more/0/weights"`,
  );
  refuses(
    ({ arrays }) => {
      arrays[WEIGHTS] = { shape: [47, 6], data: new Float32Array(282).fill(NaN) };
    },
    `Cannot read the checkpoint "${NAME}" as all numbers must be finite: "${WEIGHTS}" has NaN at 0`,
  );
  refuses(
    ({ arrays }) => delete arrays["word_vectors/relations"],
    `"word_vectors/relations" must be float32 of shape [4,3]: it is missing`,
  );
  refuses(
    ({ arrays }) => delete arrays.entity_profiles,
    `"entity_profiles" must be float32 of shape [5,5]: it is missing`,
  );
});

Deno.test("decodeCheckpoint() names wrong metadata", () => {
  const cannot = `Cannot read the checkpoint "${NAME}"`;
  refuses(
    ({ metadata }) => metadata.format_version = "2",
    `${cannot} as its format_version must be 1: found 2`,
  );
  refuses(
    ({ metadata }) => delete metadata.format_version,
    'it has no "format_version": it looks like a safetensors file of another program',
  );
  for (const key of ["config", "vocabulary", "training"]) {
    refuses(
      ({ metadata }) => delete metadata[key],
      `Cannot read "${key}" of the checkpoint "${NAME}": it is not JSON (`,
      SyntaxError,
    );
  }
  refuses(({ metadata }) => metadata.config = "null", "it must be an object: found null");
  refuses(
    set("config", { steps: 0 }),
    `Cannot use the configuration in "${NAME}": steps must be a whole number in [1, 100]: found 0`,
  );
  refuses(set("config", { step: 1 }), "step is not a known key");
  const vocabularies = {
    null: "it must be an object: found null",
    "[]": "it must be an object: found []",
    '{"entities":[]}': "entities must be a list of names: found []",
  };
  for (const [vocabulary, message] of Object.entries(vocabularies)) {
    refuses(
      ({ metadata }) => metadata.vocabulary = vocabulary,
      `Cannot use "vocabulary" of the checkpoint "${NAME}": ${message}`,
    );
  }
  refuses(
    set("vocabulary", { predicates: ["on"] }),
    `${cannot} as its vocabulary must have 5 classes and 4 predicates like its configuration: found 5 and 2`,
  );
});

Deno.test("decodeCheckpoint() names wrong activation ranges", () => {
  const key = "activation_ranges/rhoEntity/1";
  const cannot = `Cannot read the checkpoint "${NAME}" as "${key}" must be`;
  const refusesRanges = (array: NamedArray | undefined, message: string) =>
    refuses(
      ({ arrays }) => {
        if (array) arrays[key] = array;
        else delete arrays[key];
      },
      cannot + message,
      RangeError,
      withRanges(),
    );
  const floats = (...numbers: number[]) => ({
    shape: [numbers.length],
    data: Float32Array.from(numbers),
  });
  refusesRanges(undefined, " float32 of shape [6]: it is missing");
  refusesRanges(floats(1, 2), " float32 of shape [6]: found shape [2]");
  refusesRanges(floats(1, 2, 3, 4, 5, -6), " numbers in [0, 2^99]: found -6");
  refusesRanges(floats(1, 2, 3, 4, 5, 1e30), " numbers in [0, 2^99]: found 1");
  refuses(
    ({ arrays }) => arrays["activation_ranges/rhoEntity/2"] = floats(1),
    'as all its ranges must belong to its layers: found "activation_ranges/rhoEntity/2"',
    RangeError,
    withRanges(),
  );
  const { activationRanges, ...rest } = withRanges();
  const rhoEntity = [new Float32Array(7), new Float32Array(6).fill(2 ** 100)];
  const wide = { ...activationRanges!, rhoEntity };
  assertThrows(
    () => encodeCheckpoint({ ...rest, activationRanges: wide }),
    RangeError,
    `Cannot save a checkpoint as "${key}" must be numbers in [0, 2^99]: found 1.2`,
  );
});

Deno.test(
  "decodeCheckpoint() names wrong entries of the training",
  () => {
    const must = (path: string, what: string, found: string, key = "training") =>
      `Cannot use "${key}" of the checkpoint "${NAME}": ${path} must be ${what}: found ${found}`;
    refuses(
      ({ metadata }) => metadata.training = "[]",
      `Cannot use "training" of the checkpoint "${NAME}": it must be an object: found []`,
    );
    const changes: [Record<string, unknown>, string][] = [
      [{ command: 3 }, must("command", "a text", "3")],
      [{ epoch: -1 }, must("epoch", "a whole number >= 0", "-1")],
      [{ workers: 0 }, must("workers", "a whole number >= 1", "0")],
      [{ deterministic: 1 }, must("deterministic", "true or false", "1")],
      [{ metrics: { a: null } }, must("metrics.a", "a finite number", "null")],
      [{ dataset: null }, must("dataset", "an object", "null")],
      [
        { dataset: { name: "x", inputsHash: "y", labelPredictor: { name: "z" } } },
        "dataset.labelPredictor.simulated is missing, it must be true or false",
      ],
      [
        { config: { seed: -1 } },
        `Cannot use the training settings in "${NAME}": seed`,
      ],
    ];
    for (const [change, message] of changes) {
      refuses(
        set("training", change),
        message,
      );
    }

    const state: [Record<string, unknown>, string][] = [
      [{ epoch: "3" }, must("epoch", "a whole number >= 0", '"3"', "training_state")],
      [{ updates: 1.5 }, must("updates", "a whole number >= 0", "1.5", "training_state")],
      [
        { best: { epoch: 1, validation: { loss: 1 } } },
        "best.validation.recall is missing, it must be a finite number",
      ],
    ];
    for (const [change, message] of state) {
      refuses(
        set("training_state", change),
        message,
        RangeError,
        withState(),
      );
    }
    refuses(
      ({ arrays }) => {
        const name = `training_state/adam/first/${WEIGHTS}`;
        arrays[name] = { shape: [1], data: new Int32Array(1) };
      },
      "must be float32 of shape [1]: found Int32Array",
      RangeError,
      withState(),
    );
  },
);

Deno.test("decodeCheckpoint() refuses a file that is cut anywhere", () => {
  const bytes = encodeCheckpoint(withState());
  const cuts = Array.from({ length: 200 }, (_, i) => Math.floor(bytes.length * i / 200));
  for (const length of [...cuts, bytes.length - 1]) {
    const cut = bytes.subarray(0, length);
    assertThrows(
      () => decodeCheckpoint(cut, NAME),
      SyntaxError,
      `Cannot read "${NAME}": `,
    );
  }
});

Deno.test("decodeCheckpoint() notices every wrong bit", () => {
  const config = smallConfig("gpi_mean", { hidden: 1, layers: [] });
  const bytes = smallCheckpointBytes("gpi_mean", { config });
  const header = 8 + Number(new DataView(bytes.buffer).getBigUint64(0, true));
  const whole = decodeCheckpoint(bytes, NAME);
  let refused = 0, same = 0;
  // Every bit of the header, and one of each byte of the numbers.
  for (let bit = 0; bit < 8 * bytes.length; bit += bit < 8 * header ? 1 : 7) {
    const flipped = bytes.slice();
    flipped[bit >> 3] ^= 1 << (bit & 7);
    try {
      // The name of an unused key may change, all else may not.
      assertEquals(decodeCheckpoint(flipped, NAME), whole);
      same++;
    } catch (error) {
      const { message } = error as Error;
      const isOurs = error instanceof SyntaxError || error instanceof RangeError;
      assert(isOurs && message.startsWith("Cannot "), `bit ${bit}: ${error}`);
      assert(message.includes(NAME), message);
      refused++;
    }
  }
  assert(refused > 50 * same, `${refused} refused, ${same} read the same`);
});
