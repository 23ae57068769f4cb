import { assertEquals } from "@std/assert";
import {
  EntityProfiles,
  profileLogits,
} from "../../src/label_predictor/entity_profiles.ts";
import { assertClose } from "../_assert.ts";

const log = Math.log;

Deno.test("EntityProfiles.result() has the mean log-probabilities for each likeliest class", () => {
  const profiles = new EntityProfiles(3);
  // Two entities that look like class 0 (one not normalised), one like class 1.
  const unnormalised = [log(0.6) + 5, log(0.2) + 5, log(0.2) + 5];
  profiles.add({ entityLogits: Float32Array.of(log(0.8), log(0.15), log(0.05)) });
  profiles.add({
    entityLogits: Float32Array.of(...unnormalised, log(0.1), log(0.9), -1000),
  });
  const result = profiles.result();
  assertClose(result.subarray(0, 3), [
    (log(0.8) + log(0.6)) / 2,
    (log(0.15) + log(0.2)) / 2,
    (log(0.05) + log(0.2)) / 2,
  ], 1e-6);
  // A probability of 0 is raised to 1e-6.
  assertClose(result.subarray(3, 6), [log(0.1), log(0.9), log(1e-6)], 1e-5);
  // Class 2 is never the likeliest.
  assertClose(result.subarray(6), Array(3).fill(log(1 / 3)), 1e-6);
});

Deno.test("profileLogits() gives the label its score, the others their usual shares", () => {
  const profiles = new Float32Array(9).fill(log(1 / 3));
  profiles.set([log(0.5), log(0.3), log(0.1)], 0);
  const out = new Float32Array(3);
  profileLogits(0, 0.6, profiles, out);
  assertClose(out.map(Math.exp), [0.6, 0.3, 0.1], 1e-6); // 0.4 divided 3 to 1
  profileLogits(1, 0.5, undefined, out);
  assertClose(out.map(Math.exp), [0.25, 0.5, 0.25], 1e-6);
  const alone = new Float32Array(1);
  profileLogits(0, 0.7, undefined, alone);
  assertEquals(Number.isFinite(alone[0]), true);
});
