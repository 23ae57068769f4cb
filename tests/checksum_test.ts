import { assertEquals } from "@std/assert";
import { hashed, hashFile, mismatch, sha256 } from "../src/checksum.ts";
import { testInFolder } from "./_in_folder.ts";

// FIPS 180-2, appendix B.1: "abc".
const ABC = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
const abc = new TextEncoder().encode("abc");

Deno.test("sha256() gives the digest of the standard's example", () => {
  assertEquals(sha256(abc), ABC);
  assertEquals(sha256("abc"), ABC);
});

Deno.test("sha256() takes text as UTF-8", () => {
  assertEquals(sha256("é世"), sha256(new TextEncoder().encode("é世")));
});

Deno.test("hashed() passes chunks on before it calls back", async () => {
  const events: unknown[] = [];
  async function* chunks() {
    yield abc.subarray(0, 1);
    yield await Promise.resolve(abc.subarray(1));
  }
  for await (const chunk of hashed(chunks(), (found) => events.push(found))) {
    events.push([...chunk]);
  }
  assertEquals(events, [[97], [98, 99], { bytes: 3, sha256: ABC }]);
});

testInFolder("hashFile() gives size and digest of a file", async (folder) => {
  await Deno.writeFile(`${folder}/abc`, abc);
  assertEquals(await hashFile(`${folder}/abc`), { bytes: 3, sha256: ABC });
});

Deno.test("mismatch() compares what is known", () => {
  const found = { bytes: 3, sha256: ABC };
  assertEquals(mismatch(found, {}), undefined);
  assertEquals(mismatch(found, found), undefined);
  assertEquals(mismatch(found, { bytes: 4 }), "size is 3 bytes, expected 4");
  assertEquals(
    mismatch(found, { bytes: 4, sha256: "0".repeat(64) }),
    "SHA-256 is ba7816bf8f01…, expected 000000000000…",
  );
});
