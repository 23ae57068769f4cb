import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { nearestName, typoOf } from "../src/nearest.ts";

fc.configureGlobal({ seed: 1 });

Deno.test("nearestName() finds the name with the fewest edits", () => {
  // kitten -> sitting: 3 edits (k -> s, e -> i, + g); kitten -> mitten: 1.
  assertEquals(nearestName("kitten", ["sitting", "mitten"]), "mitten");
  assertEquals(
    nearestName("gpi_linguistc", ["gpi_mean", "gpi_linguistic"]),
    "gpi_linguistic",
  );
});

Deno.test("nearestName() counts two swapped letters as one edit", () => {
  // tabel -> tail: 2 edits (b -> i, - e); tabel -> table: 1.
  assertEquals(nearestName("tabel", ["tail", "table"]), "table");
  assertEquals(nearestName("on", ["in", "no"]), "in");
});

Deno.test("nearestName() ignores case and takes the first of equals", () => {
  assertEquals(nearestName("VRD", ["vg150", "vrd"]), "vrd");
  assertEquals(nearestName("cat", ["bat", "hat"]), "bat");
});

Deno.test("nearestName() counts a missing end as one edit", () => {
  // val -> train: 4 edits, val -> validation: 7.
  assertEquals(nearestName("val", ["train", "validation", "test"]), "validation");
  assertEquals(nearestName("on", ["on top of", "on"]), "on");
  assertEquals(nearestName("", ["validation", "a"]), "a");
});

Deno.test("nearestName() returns undefined for no names", () => {
  assertEquals(nearestName("vrd", []), undefined);
});

Deno.test("nearestName() finds a known name itself", () => {
  fc.assert(fc.property(fc.uniqueArray(fc.string(), { minLength: 1 }), (names) => {
    const name = names[names.length >> 1];
    assertEquals(nearestName(name, names)?.toLowerCase(), name.toLowerCase());
  }));
});

Deno.test("typoOf() finds no name of which over a third differs", () => {
  // person -> horse: 4 edits of 6 letters; hrose -> horse: 1 of 5.
  assertEquals(typoOf("person", ["horse", "elephant"]), undefined);
  assertEquals(typoOf("hrose", ["house", "horse"]), "horse");
  // Of three letters one may differ.
  assertEquals([typoOf("mam", ["man"]), typoOf("mxx", ["man"])], ["man", undefined]);
});

Deno.test("nearestName() takes no time for names of a megabyte", () => {
  const [long, other] = ["a".repeat(1e6), `${"a".repeat(1e6)}b`];
  const names = ["horse", other, ...Array.from({ length: 200 }, (_, i) => `name ${i}`)];
  const start = performance.now();
  assertEquals(nearestName(long, names), other);
  assertEquals(typoOf(`x${long}`, ["horse"]), undefined);
  // Unbounded, the first pair alone is 10^12 steps.
  assert(performance.now() - start < 2000);
});
