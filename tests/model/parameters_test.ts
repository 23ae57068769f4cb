import { assert, assertEquals, assertThrows } from "@std/assert";
import { PRESETS, type SgpConfig } from "../../src/config.ts";
import { netWidths, Parameters } from "../../src/model/parameters.ts";
import { Sgp } from "../../src/model/sgp.ts";
import { assertClose, assertNoLeak } from "../_assert.ts";
import { testOnEachBackend } from "../_backends.ts";
import { randomImage, smallConfig, smallSgp, smallWords } from "../_samples.ts";

/** The published network on VG150: sizes and counts of its program's variables. */
const PUBLISHED: SgpConfig = {
  ...PRESETS.paper.model,
  variant: "gpi_linguistic",
  numEntityClasses: 150,
  numPredicates: 51,
  embeddingSize: 300,
  features: "paper",
  relations: "network",
};

Deno.test("netWidths() has as many parameters as the published network", () => {
  const counts = Object.fromEntries(
    Object.entries(netWidths(PUBLISHED)).map(([net, widths]) => [
      net,
      widths.slice(1).reduce((sum, out, i) => sum + (widths[i] + 1) * out, 0),
    ]),
  );
  assertEquals(counts, {
    phi: 640_000,
    phiAttention: 640_000,
    alpha: 482_500,
    alphaAttention: 482_500,
    rhoRelation: 1_416_551,
    relationGate: 1_780,
    rhoEntity: 1_308_650,
    entityGate: 219_750,
  });
});

Deno.test("netWidths() leaves out what a variant does not have", () => {
  const nets = (change: Partial<SgpConfig>) =>
    Object.keys(netWidths({ ...PUBLISHED, ...change }));
  assert(!nets({ variant: "gpi_mean" }).includes("phiAttention"));
  assert(!nets({ relationsOnly: true }).includes("rhoEntity"));
  assert(!nets({ relationsOnly: true }).includes("entityGate"));
  const { phiAttention } = netWidths({
    ...PUBLISHED,
    variant: "gpi_neighbour_attention",
  });
  // No words: e = 150 log-probabilities and 14 box features, r = 51; one score.
  assertEquals(phiAttention, [164 + 164 + 51, 1]);
});

testOnEachBackend(
  "Parameters start as published: Glorot-uniform, no biases",
  async () => {
    const sgp = smallSgp(smallConfig("gpi_linguistic", { hidden: 60, layers: [50] }));
    for (const { name, shape, data } of await sgp.parameters.values()) {
      if (shape.length === 1) {
        assert(data.every((value) => value === 0), name);
        continue;
      }
      // Uniform in +-sqrt(6 / (in + out)): so is its variance, limit^2 / 3.
      const limit = Math.sqrt(6 / (shape[0] + shape[1]));
      const greatest = data.reduce((most, v) => Math.max(most, Math.abs(v)), 0);
      assert(greatest <= limit && greatest > 0.8 * limit, `${name}: ${greatest}`);
      if (data.length < 1000) continue;
      const mean = data.reduce((sum, v) => sum + v, 0) / data.length;
      const square = data.reduce((sum, v) => sum + v * v, 0) / data.length;
      assertClose([mean], [0], 0.1 * limit, `mean of ${name}`);
      assertClose([3 * square / limit ** 2], [1], 0.1, `variance of ${name}`);
    }
    sgp.dispose();
  },
);

testOnEachBackend(
  "Parameters with identity start give the label predictor's ranking",
  async () => {
    const sgp = smallSgp(smallConfig("gpi_linguistic"), "identity");
    const image = randomImage(4, "identity");
    const [{ entityLogits, relationLogits }] = await sgp.predict([image]);
    // Each of the two steps: rho gives 0, the gate lets sigmoid(3) through.
    const through = (1 / (1 + Math.exp(-3))) ** 2;
    const expected = image.entityLogits.map((value) => value * through);
    assertClose(entityLogits, expected, 1e-5, "entities");
    for (let pair = 0; pair < 16; pair++) {
      if (pair % 5 === 0) continue;
      const row = (values: Float32Array) => values.subarray(4 * pair, 4 * pair + 4);
      const scaled = row(image.relationLogits).map((value) => value * through);
      assertClose(row(relationLogits), scaled, 1e-5, `pair ${pair}`);
    }
    sgp.dispose();
  },
);

testOnEachBackend("Parameters depend on the seed alone", async () => {
  const config = smallConfig("gpi_mean");
  const valuesOf = async (seed: number) => {
    const parameters = new Parameters(config, { seed, initial: "glorot" });
    const values = await parameters.values();
    parameters.dispose();
    return values;
  };
  assertEquals(await valuesOf(3), await valuesOf(3));
  const [one, other] = [await valuesOf(3), await valuesOf(4)];
  assert(one[0].data.every((value, i) => value !== other[0].data[i]));
});

testOnEachBackend("Parameters.assign() sets what values() gave", async () => {
  const config = smallConfig("gpi_linguistic");
  const source = new Parameters(config, { seed: 1, initial: "glorot" });
  const target = new Parameters(config, { seed: 2, initial: "glorot" });
  const values = await source.values();
  const byName = new Map(values.map(({ name, data }) => [name, data]));
  await assertNoLeak(() => target.assign(byName));
  assertEquals(await target.values(), values);
  assertEquals(target.count, values.reduce((sum, { data }) => sum + data.length, 0));
  const copy = new Parameters(config, byName);
  assertEquals(await copy.values(), values);
  for (const parameters of [source, target, copy]) parameters.dispose();
});

testOnEachBackend("Parameters refuse missing and misshapen values", () => {
  const config = smallConfig("gpi_mean");
  const name = "deep_graph/nn_phi/0/weights";
  assertThrows(
    () => new Parameters(config, new Map()),
    RangeError,
    `Cannot set parameter "${name}" as it must have shape [38,6]: it is missing`,
  );
  assertThrows(
    () => new Parameters(config, new Map([[name, new Float32Array(3)]])),
    RangeError,
    `Cannot set parameter "${name}" as it must have shape [38,6]: found 3 numbers`,
  );
});

testOnEachBackend("Sgp refuses missing and misshapen word vectors", async () => {
  const config = smallConfig("gpi_linguistic");
  const start = { seed: 1, initial: "glorot" } as const;
  const words = smallWords(config)!;
  await assertNoLeak(() => {
    assertThrows(
      () => new Sgp(config, start),
      TypeError,
      `Cannot build the network as "gpi_linguistic" needs word vectors: none were given`,
    );
    assertThrows(
      () => new Sgp(config, start, { ...words, entities: new Float32Array(4) }),
      RangeError,
      "Cannot use word vectors as entities must have shape [5, 3]: found 4 numbers",
    );
    assertThrows(
      () => new Sgp(config, start, { ...words, relations: new Float32Array(4) }),
      RangeError,
      "Cannot use word vectors as relations must have shape [4, 3]: found 4 numbers",
    );
    assertThrows(() => new Sgp(config, new Map(), words), RangeError, "it is missing");
  });
});
