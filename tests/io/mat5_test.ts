import { assertEquals, assertRejects } from "@std/assert";
import { isMat5, readMat5, rowOf } from "../../src/io/mat5.ts";
import { mat5Bytes } from "./_mat5_bytes.ts";

const variables = {
  numbers: [[1, 2, 3], [4, 5, 6]],
  name: "äb",
  cells: { cells: [[[7]], "x", [], { cells: ["deep"] }] },
};

Deno.test("readMat5() reads numbers, text and cells, compressed or not", async () => {
  for (const isCompressed of [true, false]) {
    const bytes = mat5Bytes(variables, isCompressed);
    assertEquals(isMat5(bytes), true);
    const found = await readMat5(bytes, "a.mat");
    assertEquals([...found.keys()], ["numbers", "name", "cells"]);
    const numbers = found.get("numbers")!;
    assertEquals(numbers.shape, [2, 3]);
    assertEquals([rowOf(numbers, 0), rowOf(numbers, 1)], [[1, 2, 3], [4, 5, 6]]);
    assertEquals(found.get("name")!.text, "äb");
    const [seven, x, empty, inner] = found.get("cells")!.cells;
    assertEquals([...seven.values, x.text, empty.values.length], [7, "x", 0]);
    assertEquals(inner.cells[0].text, "deep");
  }
});

Deno.test("readMat5() refuses other files and damaged ones", async () => {
  const bytes = mat5Bytes(variables, false);
  const refused = async (bytes: Uint8Array, problem: string) => {
    await assertRejects(
      () => readMat5(bytes, "a.mat"),
      SyntaxError,
      `Cannot read "a.mat": the file has ${problem}`,
    );
  };
  await refused(new Uint8Array(200), "no header of MATLAB 5");
  await refused(bytes.slice(0, 300), "an element of ");
  const bigEndian = bytes.slice();
  bigEndian.set([77, 73], 126);
  await refused(bigEndian, "big-endian numbers, or another version");
  const damaged = mat5Bytes(variables);
  damaged.fill(9, 140, 180);
  await refused(damaged, "damaged compressed data");
});
