import { assert, assertEquals, assertThrows } from "@std/assert";
import { decodeCheckpoint, encodeCheckpoint } from "../../src/checkpoint/checkpoint.ts";
import type { Confidence } from "../../src/confidence/confidence.ts";
import {
  decodeSafetensors,
  encodeSafetensors,
  type NamedArray,
} from "../../src/io/safetensors.ts";
import { smallCheckpoint } from "../_samples.ts";

const NAME = "a.safetensors";

/** For the 5 classes and 3 predicates of the small vocabulary. */
const CONFIDENCE: Confidence = {
  entities: { intercept: -0.5, slope: 0.75 },
  relations: { intercept: 0.1, slope: 1.3 },
  labelSets: {
    groups: Int32Array.of(0, 1, 0, 0, 1),
    starts: Int32Array.of(0, 3, 5),
    probabilities: Float32Array.of(0.1, 0.2, 0.3, 0.25, 0.5),
  },
  thresholds: Float32Array.of(0.25, 0.5, 0.125),
  hasOwnThreshold: Int32Array.of(1, 0, 1),
};

/** A checkpoint as another program could write it: changed, without a checksum. */
function changed(
  change: (arrays: Record<string, NamedArray>, metadata: Record<string, string>) => void,
): Uint8Array {
  const bytes = encodeCheckpoint(smallCheckpoint("gpi_mean", { confidence: CONFIDENCE }));
  const file = decodeSafetensors(bytes, NAME);
  const arrays = { ...file.arrays }, metadata = { ...file.metadata };
  delete metadata.crc32c;
  change(arrays, metadata);
  return encodeSafetensors(arrays, metadata);
}

Deno.test("decodeCheckpoint() restores what the probabilities are worth", () => {
  const bytes = encodeCheckpoint(smallCheckpoint("gpi_mean", { confidence: CONFIDENCE }));
  const decoded = decodeCheckpoint(bytes, NAME);
  assertEquals(decoded.confidence, CONFIDENCE);
  assertEquals(encodeCheckpoint(decoded), bytes);
  const without = decodeCheckpoint(encodeCheckpoint(smallCheckpoint("gpi_mean")), NAME);
  assert(!("confidence" in without));
});

Deno.test("decodeCheckpoint() names the array that does not fit", () => {
  const ints = (...data: number[]) => ({
    shape: [data.length],
    data: Int32Array.from(data),
  });
  const cases: [key: string, array: NamedArray | undefined, message: string][] = [
    ["groups", undefined, "be Int32Array: found undefined"],
    ["groups", ints(0, 0), "have 5 numbers: found 2"],
    ["groups", ints(0, 0, 0, 0, 2), "be in [0, 2): found 2"],
    ["groups", ints(-1, 0, 0, 0, 0), "be in [0, 2): found -1"],
    ["starts", ints(0, 3, 4), "rise from 0 to 5: found 0,3,4"],
    ["starts", ints(0, 6, 5), "rise from 0 to 5: found 0,6,5"],
    ["starts", ints(), "rise from 0 to 5: found "],
    ["thresholds", ints(1, 2, 3), "be Float32Array: found Int32Array"],
    ["hasOwnThreshold", ints(1), "have 3 numbers: found 1"],
  ];
  for (const [key, array, message] of cases) {
    const bytes = changed((arrays) => {
      if (array) arrays[`confidence/${key}`] = array;
      else delete arrays[`confidence/${key}`];
    });
    assertThrows(
      () => decodeCheckpoint(bytes, NAME),
      RangeError,
      `Cannot read the checkpoint "${NAME}" as "confidence/${key}" must ${message}`,
    );
  }
});

Deno.test("decodeCheckpoint() refuses a calibration that turns the order round", () => {
  const platt = { intercept: 0, slope: 1 };
  for (
    const [value, what] of [
      [{ entities: { ...platt, slope: -1 }, relations: platt }, "entities.slope"],
      [{ entities: platt, relations: { slope: 1 } }, "relations.intercept"],
      [{ entities: platt }, "relations"],
    ] as const
  ) {
    const bytes = changed((_, metadata) => metadata.confidence = JSON.stringify(value));
    assertThrows(() => decodeCheckpoint(bytes, NAME), RangeError, what);
  }
});
