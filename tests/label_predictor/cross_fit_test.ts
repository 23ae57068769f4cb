import { assert, assertEquals, assertRejects } from "@std/assert";
import { crossFit } from "../../src/label_predictor/cross_fit.ts";
import { testInFolder } from "../_in_folder.ts";
import { TOY_VOCABULARY, toyImages, toyTraining } from "./_toy.ts";

const IMAGES = toyImages(10, 1);
const OPTIONS = {
  vocabulary: TOY_VOCABULARY,
  seed: 1,
  training: toyTraining(1),
  workers: 2,
};

/** The same images with other annotations of the first one. */
const CHANGED = IMAGES.with(0, {
  ...IMAGES[0],
  entityLabels: Int32Array.of(2, 2, 0),
  relations: Int32Array.of(2, 1, 0),
});

/** A cup is left of a table in other images. */
const COUNTS = {
  subjects: Int32Array.of(0),
  objects: Int32Array.of(1),
  predicates: Int32Array.of(0),
  counts: Int32Array.of(3),
};

for (
  const [title, options] of [
    ["frequency", { ...OPTIONS, name: "frequency" }],
    ["perceptron", { ...OPTIONS, name: "perceptron" }],
    ["perceptron with counts", { ...OPTIONS, name: "perceptron", counts: COUNTS }],
  ] as const
) {
  Deno.test(`crossFit() gives each image a ${title} that has not seen it`, async () => {
    const before = await crossFit(IMAGES, options);
    const after = await crossFit(CHANGED, options);
    assertEquals(after.without(0).toArrays(), before.without(0).toArrays());
    // Of the 10 images, 8 are in other parts than the first one, and 1 in the same.
    const same = IMAGES.filter((_, i) => before.without(i) === before.without(0));
    assertEquals(same.length, 2);
    const other = IMAGES.findIndex((_, i) => before.without(i) !== before.without(0));
    const differ = (a: unknown, b: unknown) => {
      try {
        assertEquals(a, b);
        return false;
      } catch {
        return true;
      }
    };
    assert(differ(after.without(other).toArrays(), before.without(other).toArrays()));
    assert(differ(after.predictor.toArrays(), before.predictor.toArrays()));
    assert(differ(before.predictor.toArrays(), before.without(0).toArrays()));
  });
}

testInFolder(
  "crossFit() does not depend on the number of workers, and continues an interrupted run",
  async (cache) => {
    const cut = new Error("cut off");
    const begun = { ...OPTIONS, name: "perceptron", cache } as const;
    let shares = 0;
    await assertRejects(
      () =>
        crossFit(IMAGES, {
          ...begun,
          workers: 1,
          onProgress(done) {
            // The first fit is that of all images; the second is under way.
            if (done > IMAGES.length) throw cut;
            shares++;
          },
        }),
      Error,
      "cut off",
    );
    assert(shares > 0);
    const kept = async () => {
      const files = (await Array.fromAsync(Deno.readDir(cache))).map(({ name }) => name);
      return await Promise.all(
        files.sort().map(async (
          name,
        ) => [name, (await Deno.stat(`${cache}/${name}`)).mtime]),
      );
    };
    const first = await kept();
    assert(first.length >= 1 && first.length < 6, `${first.length} fits are kept`);
    const resumed = await crossFit(IMAGES, begun);
    const all = await kept();
    assertEquals(all.length, 6);
    for (const [name, time] of first) {
      assertEquals(all.find((file) => file[0] === name)?.[1], time);
    }
    const alone = await crossFit(IMAGES, { ...OPTIONS, name: "perceptron", workers: 1 });
    for (const i of [0, 1, 2, 3, 4]) {
      assertEquals(resumed.without(i).toArrays(), alone.without(i).toArrays());
    }
    assertEquals(resumed.predictor.toArrays(), alone.predictor.toArrays());
  },
);

testInFolder(
  "crossFit() does not take a kept fit without counts for one with them",
  async (cache) => {
    const options = { ...OPTIONS, name: "perceptron", cache } as const;
    const plain = await crossFit(IMAGES, options);
    const first = await crossFit(IMAGES, { ...options, counts: COUNTS });
    const more = { ...COUNTS, counts: Int32Array.of(4) };
    const other = await crossFit(IMAGES, { ...options, counts: more });
    const countOf = ({ predictor }: typeof plain) =>
      predictor.toArrays()["counts/counts"]?.data;
    assertEquals(countOf(plain), undefined);
    assertEquals(countOf(first), Int32Array.of(3));
    assertEquals(countOf(other), Int32Array.of(4));
    assertEquals((await Array.fromAsync(Deno.readDir(cache))).length, 3 * 6);
  },
);

Deno.test("crossFit() reports an error of a worker and starts no other", async () => {
  await assertRejects(
    () =>
      crossFit(
        toyImages(5, 1).map((image) => ({ ...image, relations: new Int32Array() })),
        { ...OPTIONS, name: "perceptron" },
      ),
    RangeError,
    "Cannot fit a perceptron as there must be 16 or more pairs: found 0",
  );
});

Deno.test("crossFit() refuses fewer images than parts", async () => {
  await assertRejects(
    () => crossFit(toyImages(4, 1), { ...OPTIONS, name: "frequency" }),
    RangeError,
    "Cannot fit a label predictor out of fold as there must be 5 or more images: found 4; add images, or give relationLogits of your own",
  );
});
