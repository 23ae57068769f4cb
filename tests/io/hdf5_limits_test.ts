import { assertEquals, assertThrows } from "@std/assert";
import { Hdf5Claims } from "../../src/io/_hdf5_limits.ts";
import { Hdf5Reader } from "../../src/io/hdf5.ts";
import { Hdf5File, ready } from "../../src/deps/hdf5.ts";

Deno.test("Hdf5Claims limits each data set by its layout", () => {
  // A file of 1,000 bytes; deflate packs 1,032 to 1 at most.
  const limits: [claim: number, isPacked: boolean, isRight: boolean][] = [
    [999, false, true],
    [1000, false, true],
    [1001, false, false],
    [1_031_999, true, true],
    [1_032_000, true, true],
    [1_032_001, true, false],
    [NaN, true, false],
    [0, false, true],
  ];
  for (const [claim, isPacked, isRight] of limits) {
    const add = () => new Hdf5Claims(1000).add("a", claim, isPacked);
    if (isRight) add();
    else assertThrows(add, Error, `"a" claims ${claim} bytes, its file has 1000`);
  }
});

Deno.test("Hdf5Claims limits all data sets together", () => {
  for (const [last, isRight] of [[99, true], [100, true], [101, false]] as const) {
    const claims = new Hdf5Claims(1000, 5100);
    claims.add("packed", 5000, true); // beyond the file's own size
    const add = () => claims.add("plain", last, false);
    if (isRight) add();
    else {
      assertThrows(
        add,
        Error,
        'its data sets claim 5101 bytes up to "plain", at most 5100 are read',
      );
    }
  }
});

Deno.test("Hdf5Reader reads packed, plain and empty data sets side by side", async () => {
  const { FS } = await ready;
  const file = new Hdf5File("/mixed.h5", "w");
  const packed = new Int32Array(200_000); // 800,000 bytes, packed to a few
  file.create_dataset({
    ...{ name: "packed", data: packed, shape: [200_000], chunks: [200_000] },
    compression: 4,
  });
  file.create_dataset({ name: "plain", data: Int32Array.of(1, 2, 3), shape: [3] });
  file.create_dataset({
    ...{ name: "none", data: new Int32Array(), shape: [0], maxshape: [null] },
    ...{ chunks: [8], compression: 4 },
  });
  file.close();
  const bytes = FS.readFile("/mixed.h5") as Uint8Array;
  using reader = new Hdf5Reader();
  const names = ["packed", "plain", "none"];
  const arrays = await reader.read(bytes, "mixed.h5", { names });
  assertEquals(arrays.packed.data.length, 200_000);
  assertEquals(arrays.plain.data, Int32Array.of(1, 2, 3));
  assertEquals(arrays.none, { shape: [0], data: new Int32Array() });
});
