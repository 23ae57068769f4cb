import { assert, assertEquals, assertNotEquals } from "@std/assert";
import fc from "fast-check";
import { Random, seedFrom } from "../src/random.ts";

fc.configureGlobal({ seed: 1 });

const MASK = 0xffffffffn;

/** sfc32 as PractRand publishes it, in big integers. */
function* sfc32(a: bigint, b: bigint, c: bigint, counter: bigint): Generator<bigint> {
  while (true) {
    const sum = (a + b + counter) & MASK;
    counter = (counter + 1n) & MASK;
    a = b ^ (b >> 9n);
    b = (c + (c << 3n)) & MASK;
    c = (((c << 21n) | (c >> 11n)) + sum) & MASK;
    yield sum;
  }
}

Deno.test("Random gives the numbers of sfc32 after the first twelve", () => {
  fc.assert(fc.property(fc.integer(), (seed) => {
    const [a, b, c] = [1, 2, 3].map((i) => BigInt(seedFrom(seed, i)));
    const expected = sfc32(a, b, c, 1n);
    for (let i = 0; i < 12; i++) expected.next();
    const random = new Random(seed);
    for (let i = 0; i < 20; i++) {
      assertEquals(BigInt(random.uint32()), expected.next().value);
    }
  }));
});

Deno.test("seedFrom() gives 32 bits that differ for different parts", () => {
  const seeds = [
    seedFrom(),
    seedFrom(0),
    seedFrom(1),
    seedFrom("1"),
    seedFrom(1, 1),
    seedFrom(1, "train"),
    seedFrom(1, "test"),
    seedFrom("train", 1),
    seedFrom("ab", "c"),
    seedFrom("a", "bc"),
    seedFrom("abc"),
    seedFrom("abc", ""),
  ];
  assertEquals(new Set(seeds).size, seeds.length);
  for (const seed of seeds) assert(Number.isInteger(seed) && seed >= 0 && seed < 2 ** 32);
  assertEquals(seedFrom(2 ** 32 + 5), seedFrom(5));
});

Deno.test("seedFrom() changes half of the bits for neighbouring seeds", () => {
  const counts = new Array(32).fill(0);
  for (let i = 0; i < 4000; i++) {
    const changed = seedFrom(i) ^ seedFrom(i + 1);
    for (let bit = 0; bit < 32; bit++) counts[bit] += (changed >>> bit) & 1;
  }
  // Half of 4,000, deviation 32: six deviations.
  for (const count of counts) assert(Math.abs(count - 2000) < 192, `${counts}`);
});

Deno.test("Random gives the same numbers for the same seed only", () => {
  const draw = (...seed: (number | string)[]) => {
    const random = new Random(...seed);
    return Array.from({ length: 5 }, () => random.uniform());
  };
  assertEquals(draw(1, "a"), draw(1, "a"));
  assertNotEquals(draw(1, "a"), draw(1, "b"));
  assertNotEquals(draw(1), draw(2));
});

Deno.test("Random draws within its bounds", () => {
  const random = new Random(3);
  for (let i = 0; i < 1000; i++) {
    const uniform = random.uniform();
    assert(uniform >= 0 && uniform < 1);
    const between = random.between(-2, 5);
    assert(between >= -2 && between < 5);
    assert([0, 1, 2].includes(random.below(3)));
    assert(["a", "b"].includes(random.pick(["a", "b"])));
  }
  assertEquals(random.below(1), 0);
  assert(!random.chance(0) && random.chance(1));
});

Deno.test("Random.below() draws each number equally often", () => {
  const random = new Random("below");
  const counts = new Array(6).fill(0);
  for (let i = 0; i < 60_000; i++) counts[random.below(6)]++;
  // 10,000 each, deviation 91: five deviations.
  for (const count of counts) assert(Math.abs(count - 10_000) < 456, `${counts}`);
});

Deno.test("Random.normal() has mean 0 and deviation 1", () => {
  const random = new Random("normal");
  const n = 100_000;
  let sum = 0, squares = 0, beyond2 = 0;
  for (let i = 0; i < n; i++) {
    const x = random.normal();
    assert(Number.isFinite(x));
    sum += x;
    squares += x * x;
    if (Math.abs(x) > 2) beyond2++;
  }
  // Deviations of the three: 0.0032, 0.0045 and 0.00066.
  assert(Math.abs(sum / n) < 0.016, `mean ${sum / n}`);
  assert(Math.abs(squares / n - 1) < 0.022, `variance ${squares / n}`);
  assert(Math.abs(beyond2 / n - 0.0455) < 0.0033, `beyond 2: ${beyond2 / n}`);
});

Deno.test("Random.weighted() draws in proportion, and never an index of weight zero", () => {
  const random = new Random("weighted");
  const counts = [0, 0, 0, 0];
  for (let i = 0; i < 40_000; i++) counts[random.weighted([0, 1, 3, 0])]++;
  assertEquals([counts[0], counts[3]], [0, 0]);
  // 10,000 of 40,000, deviation 87: five deviations.
  assert(Math.abs(counts[1] - 10_000) < 433, `${counts}`);
  assertEquals(random.weighted([0, 0, 1e-300]), 2);
});

Deno.test("Random.weighted() draws no weight of zero when rounding leaves a remainder", () => {
  class Most extends Random {
    override uniform() {
      return 1 - 2 ** -53;
    }
  }
  // In float64 0.1 + 0.2 is more than 0.3, so sums and differences disagree.
  fc.assert(fc.property(
    fc.array(fc.double({ min: 0.01, max: 10, noNaN: true }), { minLength: 1 }),
    (weights) => {
      const index = new Most().weighted([...weights, 0, 0]);
      assertEquals(index, weights.length - 1);
    },
  ));
});

Deno.test("Random.shuffle() keeps all items and draws every order equally often", () => {
  fc.assert(fc.property(fc.array(fc.integer()), fc.integer(), (items, seed) => {
    const shuffled = new Random(seed).shuffle([...items]);
    assertEquals(shuffled.sort(), [...items].sort());
  }));
  const counts = new Map<string, number>();
  const random = new Random("shuffle");
  for (let i = 0; i < 6000; i++) {
    const order = random.shuffle(Int32Array.of(0, 1, 2)).join("");
    counts.set(order, (counts.get(order) ?? 0) + 1);
  }
  assertEquals(counts.size, 6);
  // 1,000 each, deviation 29: five deviations.
  for (const count of counts.values()) assert(Math.abs(count - 1000) < 144, `${count}`);
});
