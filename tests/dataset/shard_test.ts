import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import {
  checkFloat16,
  encodeShard,
  Shard,
  storedBytes,
} from "../../src/dataset/shard.ts";
import {
  decodeSafetensors,
  encodeSafetensors,
  type NamedArray,
} from "../../src/io/safetensors.ts";
import { anyExample, emptyImage, manOnHorse, VOCABULARY } from "./_examples.ts";

fc.configureGlobal({ seed: 1 });

/** Two images, the first without entities. */
const bytes = encodeShard([emptyImage("é"), manOnHorse()], VOCABULARY, "float16");
const { arrays, metadata } = decodeSafetensors(bytes, "x");

/** The shard with some arrays replaced; `undefined` leaves an array out. */
function shardWith(change: Record<string, NamedArray | undefined>): Uint8Array {
  const entries = Object.entries({ ...arrays, ...change }).filter(([, array]) => array);
  return encodeSafetensors(
    Object.fromEntries(entries) as Record<string, NamedArray>,
    metadata,
  );
}

function assertRefused(file: Uint8Array, message: string): void {
  assertThrows(
    () => new Shard(file, "train-00000.safetensors", VOCABULARY),
    RangeError,
    `Cannot use shard "train-00000.safetensors": ${message}`,
  );
}

const vector = (...values: number[]): NamedArray => ({
  shape: [values.length],
  data: Int32Array.from(values),
});

Deno.test("encodeShard() puts the arrays of all images end to end", () => {
  assertEquals(metadata, { format: "sgp-shard-1" });
  assertEquals(arrays, {
    ids: { shape: [3], data: Uint8Array.of(0xc3, 0xa9, 0x31) }, // "é" and "1"
    id_offsets: vector(0, 2, 3),
    sizes: { shape: [2, 2], data: Float64Array.of(1, 1, 100, 80) },
    entity_offsets: vector(0, 0, 2),
    relation_offsets: vector(0, 0, 1),
    boxes: { shape: [2, 4], data: Float32Array.of(10, 0, 40, 60, 0, 20, 100, 80) },
    entity_labels: vector(0, 1),
    relations: { shape: [1, 3], data: Int32Array.of(0, 1, 0) },
    entity_logits: { shape: [2, 2], data: Float16Array.of(1, -1, 0.5, 2) },
    relation_logits: {
      shape: [4, 3],
      data: Float16Array.of(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11),
    },
  });
});

Deno.test("Shard returns the examples given to encodeShard()", () => {
  fc.assert(fc.property(
    fc.array(anyExample, { maxLength: 4 }),
    fc.constantFrom("float16" as const, "float32" as const),
    (examples, logitsType) => {
      const shard = new Shard(
        encodeShard(examples, VOCABULARY, logitsType),
        "x",
        VOCABULARY,
      );
      assertEquals(shard.length, examples.length);
      assertEquals(examples.map((_, i) => shard.example(i)), examples);
    },
  ));
});

Deno.test("Shard returns negatives, and the annotation of detected boxes", () => {
  const annotated = {
    boxes: Float32Array.of(0, 0, 9, 9, 9, 9, 20, 20, 1, 1, 3, 3),
    entityLabels: Int32Array.of(1, 1, 0),
    relations: Int32Array.of(2, 0, 1),
  };
  const none = {
    boxes: new Float32Array(),
    entityLabels: new Int32Array(),
    relations: new Int32Array(),
  };
  const examples = [
    manOnHorse({ annotated, negatives: Int32Array.of(1, 0, 0, 0, 1, 1) }),
    { ...emptyImage("2"), width: 20, height: 20, annotated, negatives: new Int32Array() },
    manOnHorse({ id: "3", annotated: none, negatives: Int32Array.of(0, 1, 1) }),
  ];
  const shard = new Shard(encodeShard(examples, VOCABULARY, "float16"), "x", VOCABULARY);
  assertEquals(examples.map((_, i) => shard.example(i)), examples);
  shard.example(0).negatives!.fill(0);
  shard.example(0).annotated!.boxes.fill(0);
  assertEquals(shard.example(0), examples[0]);
});

Deno.test("Shard refuses negatives and annotations that do not fit their image", () => {
  const refused = (change: Parameters<typeof manOnHorse>[0], message: string) =>
    assertThrows(
      () =>
        new Shard(
          encodeShard([manOnHorse(change)], VOCABULARY, "float16"),
          "x",
          VOCABULARY,
        ),
      RangeError,
      message,
    );
  refused(
    { negatives: Int32Array.of(0, 2, 1) },
    "negative 0 must join two different entities in [0, 2): found 0 and 2",
  );
  const annotated = {
    boxes: Float32Array.of(0, 0, 200, 9),
    entityLabels: Int32Array.of(0),
    relations: new Int32Array(),
  };
  refused(
    { annotated },
    "of its annotation, box 0 must lie inside 100 x 80 with x1 < x2 and y1 < y2",
  );
});

Deno.test("Shard returns examples that do not share its memory", () => {
  const shard = new Shard(bytes, "x", VOCABULARY);
  const example = shard.example(1);
  example.boxes.fill(0);
  example.entityLabels.fill(7);
  example.relations.fill(7);
  example.relationLogits.fill(7);
  assertEquals(shard.example(1), manOnHorse());
});

Deno.test("encodeShard() rounds logits to eleven bits in float16, to none in float32", () => {
  const entityLogits = Float32Array.of(1 / 3, -Math.PI, 1e-3, 12345.678);
  const stored = (logitsType: "float16" | "float32") => {
    const file = encodeShard([manOnHorse({ entityLogits })], VOCABULARY, logitsType);
    return new Shard(file, "x", VOCABULARY).example(0).entityLogits;
  };
  assertEquals(stored("float32"), entityLogits);
  for (const [i, value] of stored("float16").entries()) {
    assertAlmostEquals(value, entityLogits[i], Math.abs(entityLogits[i]) * 2 ** -11);
  }
});

Deno.test("encodeShard() returns the same bytes for the same examples", () => {
  assertEquals(
    encodeShard([emptyImage("é"), manOnHorse()], VOCABULARY, "float16"),
    bytes,
  );
});

Deno.test("checkFloat16() refuses a logit that would be stored as infinite", () => {
  checkFloat16(manOnHorse({ entityLogits: Float32Array.of(65504, -65504, 0, 0) }));
  assertThrows(
    () => checkFloat16(manOnHorse({ entityLogits: Float32Array.of(0, -65505, 0, 0) })),
    RangeError,
    `Cannot store "1" as float16: entityLogits must lie within 65504, found -65505; ` +
      `store float32`,
  );
  assertThrows(
    () => checkFloat16(manOnHorse({ relationLogits: new Float32Array(12).fill(1e9) })),
    RangeError,
    `relationLogits must lie within 65504, found 1000000000`,
  );
});

Deno.test("storedBytes() counts the bytes that an example adds to a shard", () => {
  const added = (logitsType: "float16" | "float32") =>
    ["boxes", "entity_labels", "relations", "entity_logits", "relation_logits"]
      .map((key) =>
        decodeSafetensors(encodeShard([manOnHorse()], VOCABULARY, logitsType), "x")
          .arrays[key].data.byteLength
      )
      .reduce((sum, length) => sum + length);
  // 32 + 8 + 12 bytes and 4 + 12 logits.
  assertEquals(storedBytes(manOnHorse(), "float16"), 52 + 32);
  assertEquals(storedBytes(manOnHorse(), "float32"), 52 + 64);
  assertEquals(added("float16"), 52 + 32);
  assertEquals(added("float32"), 52 + 64);
});

Deno.test("Shard refuses a file of another format", () => {
  assertRefused(
    encodeSafetensors(arrays),
    `metadata "format" must be "sgp-shard-1", found "undefined"`,
  );
  assertRefused(
    encodeSafetensors(arrays, { format: "sgp-shard-2" }),
    `metadata "format" must be "sgp-shard-1", found "sgp-shard-2"`,
  );
});

Deno.test("Shard refuses a file without one of its arrays", () => {
  for (const key of Object.keys(arrays)) {
    assertRefused(shardWith({ [key]: undefined }), `it has no array "${key}"`);
  }
});

Deno.test("Shard refuses arrays of another type or shape", () => {
  const twelve = new Float64Array(12);
  assertRefused(
    shardWith({ relation_logits: { shape: [4, 3], data: twelve } }),
    `"relation_logits" must be a Float16Array or Float32Array, found Float64Array`,
  );
  assertRefused(
    shardWith({ entity_labels: { shape: [2], data: new Uint8Array(2) } }),
    `"entity_labels" must be a Int32Array, found Uint8Array`,
  );
  assertRefused(
    shardWith({ relation_logits: { shape: [3, 4], data: new Float16Array(12) } }),
    `"relation_logits" must have the shape [*, 3], found [3, 4]`,
  );
  assertRefused(
    shardWith({ boxes: { shape: [8], data: new Float32Array(8) } }),
    `"boxes" must have the shape [*, 4], found [8]`,
  );
  assertRefused(
    shardWith({ id_offsets: { shape: [3, 1], data: new Int32Array(3) } }),
    `"id_offsets" must have the shape [*], found [3, 1]`,
  );
});

Deno.test("Shard refuses offsets that do not rise from 0 to the end", () => {
  for (const key of ["id_offsets", "entity_offsets", "relation_offsets"]) {
    const end = arrays[key].data[2] as number;
    const refuse = (message: string, ...values: number[]) =>
      assertRefused(shardWith({ [key]: vector(...values) }), `"${key}" ${message}`);
    refuse("of 2 images must have 3 numbers, found 2", 0, end);
    refuse("must begin with 0, found 1", 1, 1, end);
    refuse(`must not decrease, found ${end + 1}, ${end} at 2`, 0, end + 1, end);
    refuse("must not decrease, found 0, -1 at 1", 0, -1, end);
    refuse(`must end with ${end}, found ${end + 1}`, 0, 0, end + 1);
  }
});

Deno.test("Shard refuses arrays whose rows do not fit together", () => {
  assertRefused(
    shardWith({ boxes: { shape: [1, 4], data: new Float32Array(4) } }),
    `"boxes" must have 2 rows, found 1`,
  );
  assertRefused(
    shardWith({ entity_logits: { shape: [3, 2], data: new Float16Array(6) } }),
    `"entity_logits" must have 2 rows, found 3`,
  );
  // One entity in each image: 1 + 1 pairs instead of 4.
  assertRefused(
    shardWith({ entity_offsets: vector(0, 1, 2) }),
    `"relation_logits" must have 2 rows, found 4`,
  );
});

Deno.test("Shard refuses logits that are not finite, float16 or float32", () => {
  for (const Type of [Float16Array, Float32Array]) {
    for (const bad of [NaN, Infinity, -Infinity]) {
      assertRefused(
        shardWith({
          relation_logits: { shape: [4, 3], data: new Type(12).fill(bad, 5) },
        }),
        `"relation_logits" must be finite, found ${bad} at 5`,
      );
    }
  }
  assertRefused(
    shardWith({ entity_logits: { shape: [2, 2], data: Float16Array.of(0, 0, 0, NaN) } }),
    `"entity_logits" must be finite, found NaN at 3`,
  );
});

Deno.test("Shard refuses an image that checkExample() refuses", () => {
  assertRefused(
    shardWith({ entity_labels: vector(0, 2) }),
    `Cannot use image "1" as label of entity 1 must be in [0, 2): found 2`,
  );
  assertRefused(
    shardWith({ relations: { shape: [1, 3], data: Int32Array.of(0, 2, 0) } }),
    `Cannot use image "1" as relation 0 must join two different entities`,
  );
  assertRefused(
    shardWith({ sizes: { shape: [2, 2], data: Float64Array.of(1, 1, 100, 79) } }),
    `Cannot use image "1" as box 1 must lie inside 100 x 79`,
  );
});

Deno.test("Shard refuses an id that is not UTF-8", () => {
  assertRefused(
    shardWith({ ids: { shape: [3], data: Uint8Array.of(0xc3, 0x28, 0x31) } }),
    "an id is not UTF-8",
  );
});

Deno.test("Shard refuses a file cut anywhere", () => {
  for (let length = 0; length < bytes.length; length++) {
    assertThrows(
      () => new Shard(bytes.subarray(0, length), "x", VOCABULARY),
      SyntaxError,
      `Cannot read "x": `,
    );
  }
});

Deno.test("Shard reads a file with a wrong bit, or refuses it with a message", () => {
  for (let bit = 0; bit < 8 * bytes.length; bit++) {
    const flipped = bytes.slice();
    flipped[bit >> 3] ^= 1 << (bit & 7);
    try {
      const shard = new Shard(flipped, "x", VOCABULARY);
      for (let i = 0; i < shard.length; i++) shard.example(i);
    } catch (error) {
      assert(error instanceof SyntaxError || error instanceof RangeError, `${error}`);
      assert(/^Cannot (read|use shard) "x": /.test(error.message), error.message);
    }
  }
});
