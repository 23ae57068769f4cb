import { assert, assertEquals, assertThrows } from "@std/assert";
import { configurationsOf, varyingSettings } from "../../src/sweep/configurations.ts";
import { parseSweep, valueAt } from "../../src/sweep/sweep_file.ts";
import { ROOT } from "../tasks/_run_script.ts";

const parse = (sweep: unknown) => parseSweep(JSON.stringify(sweep), "a/mine.json");

Deno.test("parseSweep() reads single values, lists, ranges, seeds and halving", () => {
  const sweep = parse({
    variant: ["gpi_mean", "gpi_linguistic"],
    seeds: [3, 5],
    settings: {
      epochs: 4,
      layers: [[64], [32, 32]],
      learningRate: { from: 1e-4, to: 1e-2, count: 3, scale: "log" },
      dropout: { from: 0, to: 0.5 },
    },
    draws: 2,
    halving: { epochs: 1 },
  });
  assertEquals(sweep.name, "mine");
  assertEquals(sweep.dataset, "synthetic");
  assertEquals(sweep.seeds, [3, 5]);
  assertEquals(Object.fromEntries(sweep.values), {
    variant: ["gpi_mean", "gpi_linguistic"],
    epochs: [4],
    layers: [[64], [32, 32]],
    learningRate: [1e-4, 1e-3, 1e-2],
  });
  assertEquals(sweep.halving, { epochs: 1, factor: 3 });
  // 2 variants, 2 layers, 3 rates, 2 draws.
  const all = configurationsOf(sweep);
  assertEquals(all.length, 24);
  assertEquals(varyingSettings(all), ["variant", "layers", "learningRate", "dropout"]);
  for (const { dropout } of all) assert(Number(dropout) >= 0 && Number(dropout) <= 0.5);
});

Deno.test("draws stay the same if others are added", () => {
  const drawn = (draws: number, more = {}) =>
    configurationsOf(parse({
      settings: { learningRate: { from: 1e-4, to: 1, scale: "log" }, ...more },
      draws,
    })).map(({ learningRate }) => learningRate);
  assertEquals(drawn(5).slice(0, 3), drawn(3));
  assertEquals(drawn(3, { dropout: { from: 0, to: 0.9 } }), drawn(3));
  assertEquals(new Set(drawn(5)).size, 5);
});

Deno.test("valueAt() goes by logarithms and rounds where whole numbers must be", () => {
  const log = { from: 1, to: 100, scale: "log", isWhole: false } as const;
  assertEquals([0, 0.5, 1].map((place) => valueAt(log, place)), [1, 10, 100]);
  const whole = { from: 4, to: 7, scale: "linear", isWhole: true } as const;
  assertEquals([0, 0.4, 1].map((place) => valueAt(whole, place)), [4, 5, 7]);
  const { drawn } = parse({ settings: { hidden: { from: 8, to: 64 } }, draws: 1 });
  assertEquals(drawn.get("hidden")?.isWhole, true);
});

for (
  const [sweep, message] of [
    [
      { settings: { hiden: 8 } },
      'settings.hiden is not a known key; the nearest is "hid',
    ],
    [{ settings: { hidden: [8, 0] } }, "settings.hidden[1] must be a whole number in [1"],
    [{ settings: { layers: [8] } }, "settings.layers[0] must be a list: found 8"],
    [{ settings: { dropout: [0, 0] } }, "settings.dropout[1] must be another value than"],
    [
      { settings: { dropout: [] } },
      "settings.dropout must be a list of one value or more",
    ],
    [{ settings: { seed: 1 } }, "settings.seed is not a known key"],
    [{ setings: {} }, 'setings is not a known key; the nearest is "settings"'],
    [{}, "settings is missing, it must be an object"],
    [{ settings: {}, variant: "gpi_men" }, 'variant must be one of "gpi_linguistic"'],
    [{ settings: {}, seeds: 0 }, "seeds must be a whole number in [1, 10000]: found 0"],
    [{ settings: {}, draws: 3 }, "draws must be left out, as every setting has a list"],
    [
      { settings: { dropout: { from: 0, to: 0.5 } } },
      "draws is missing, it must be a num",
    ],
    [
      { settings: { dropout: { from: 0.5, to: 0.1 } }, draws: 1 },
      "settings.dropout.to must be a number above from, which is 0.5: found 0.1",
    ],
    [
      { settings: { dropout: { from: 0, to: 0.5, scale: "log" } }, draws: 1 },
      "settings.dropout.from must be a number above 0: found 0",
    ],
    [
      { settings: { negativeRatio: [0, 1] }, metric: "loss" },
      'metric must be "recall" where settings.negativeRatio changes',
    ],
    [{ settings: {}, name: "../x" }, "name must be a name of at most 100 letters"],
    [{ settings: {}, halving: { epochs: 0 } }, "halving.epochs must be a whole number"],
  ] as const
) {
  Deno.test(`parseSweep() names the key: ${message}`, () => {
    assertThrows(() => parse(sweep), Error, `Cannot use "a/mine.json": ${message}`);
  });
}

Deno.test("the sweeps of examples/ can be read", () => {
  for (const name of ["sweep", "sweep_vrd", "sweep_vg5k"]) {
    const path = `examples/${name}.json`;
    const sweep = parseSweep(Deno.readFileSync(ROOT + path), path);
    assert(configurationsOf(sweep).length > 1, path);
  }
});
