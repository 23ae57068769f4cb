import { assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import {
  type Manifest,
  parseManifest,
  serializeManifest,
} from "../../src/dataset/manifest.ts";
import { INFO } from "./_examples.ts";

const empty = { images: 0, entities: 0, relations: 0, shards: [] };

const shard = {
  file: "train-00000.safetensors",
  bytes: 1234,
  sha256: "0123456789abcdef".repeat(4),
  images: 3,
};

const manifest: Manifest = {
  ...INFO,
  formatVersion: 1,
  logitsType: "float16",
  splits: {
    train: { images: 3, entities: 7, relations: 2, shards: [shard] },
    validation: empty,
    test: empty,
  },
};

type Path = (string | number)[];

/** The manifest as parsed JSON, with one value replaced. */
function changed(path: Path, value: unknown): unknown {
  const root = JSON.parse(JSON.stringify(manifest));
  const parent = path.slice(0, -1).reduce((at, key) => at[key], root);
  parent[path.at(-1)!] = value;
  return root;
}

function assertRefused(
  path: Path,
  value: unknown,
  Class: typeof TypeError | typeof RangeError,
  message: string,
): void {
  assertThrows(
    () => parseManifest(changed(path, value), "data/manifest.json"),
    Class,
    `Cannot use "data/manifest.json": ${message}`,
  );
}

Deno.test("parseManifest() reads the manifest that serializeManifest() wrote", () => {
  for (
    const each of [
      manifest,
      { ...manifest, seed: 7, logitsType: "float32" as const, details: { ceiling: 0.9 } },
      { ...manifest, labelPredictor: { name: "p", simulated: false, folds: [1, "a"] } },
    ]
  ) {
    assertEquals(parseManifest(JSON.parse(serializeManifest(each))), each);
  }
});

Deno.test("serializeManifest() returns the same text for any order of keys", () => {
  const backward = Object.fromEntries(Object.entries(manifest).reverse());
  assertEquals(
    serializeManifest(backward as unknown as Manifest),
    serializeManifest(manifest),
  );
  assertStringIncludes(
    serializeManifest(manifest),
    `{\n  "formatVersion": 1,\n  "name": "test",\n  "source": "made up",\n`,
  );
});

Deno.test("parseManifest() leaves out unknown keys", () => {
  assertEquals(parseManifest(changed(["more"], 1)), manifest);
});

Deno.test("parseManifest() refuses values of another kind", () => {
  const refuse = (path: Path, value: unknown, kind: string, found: string) => {
    const key = path.map((part) => typeof part === "number" ? `[${part}]` : `.${part}`)
      .join("").slice(1);
    const problem = value === undefined
      ? `is missing, it must be ${kind}`
      : `must be ${kind}: found ${found}`;
    assertRefused(path, value, TypeError, `${key} ${problem}`);
  };
  assertThrows(
    () => parseManifest([]),
    TypeError,
    `Cannot use "manifest.json": it must be an object: found []`,
  );
  refuse(["formatVersion"], "1", "1", `"1"`);
  for (
    const key of ["name", "source", "licence", "command", "inputsHash"]
  ) {
    refuse([key], undefined, "a text", "nothing");
  }
  refuse(["logitsType"], undefined, 'one of "float16", "float32"', "nothing");
  refuse(["seed"], "7", "a whole number >= 0", `"7"`);
  refuse(["details"], [1], "an object", "[1]");
  refuse(["labelPredictor"], "frequency", "an object", `"frequency"`);
  refuse(["labelPredictor", "name"], 1, "a text", "1");
  refuse(["labelPredictor", "simulated"], "no", "true or false", `"no"`);
  refuse(["vocabulary"], null, "an object", "null");
  refuse(["splits"], 3, "an object", "3");
  refuse(["splits", "test"], undefined, "an object", "nothing");
  refuse(["splits", "train", "entities"], null, "a whole number >= 0", "null");
  refuse(["splits", "train", "shards"], {}, "a list", "{...}");
  refuse(["splits", "train", "shards", 0], "x", "an object", `"x"`);
  refuse(["splits", "train", "shards", 0, "file"], 0, "a text", "0");
});

Deno.test("parseManifest() refuses values that are not allowed", () => {
  const refuse = (path: Path, value: unknown, message: string) =>
    assertRefused(path, value, RangeError, message);
  const shardAt = ["splits", "train", "shards", 0];
  refuse(["formatVersion"], 2, "formatVersion must be 1: found 2");
  refuse(
    ["logitsType"],
    "int8",
    `logitsType must be one of "float16", "float32": found "int8"`,
  );
  refuse(["seed"], -1, "seed must be a whole number >= 0: found -1");
  refuse(
    ["splits", "train", "relations"],
    0.5,
    "splits.train.relations must be a whole number >= 0: found 0.5",
  );
  refuse(
    ["splits", "train", "images"],
    4,
    "splits.train.images must be the sum over its shards, 3: found 4",
  );
  refuse(
    ["splits", "train", "shards"],
    [shard, shard],
    `splits.train.shards[1].file must be a file name that no other shard has: found "train-00000.safetensors"`,
  );
  for (const file of ["../x.safetensors", "/x.safetensors", "x.json", ".safetensors"]) {
    refuse(
      [...shardAt, "file"],
      file,
      `splits.train.shards[0].file must be a plain file name with .safetensors: found "${file}"`,
    );
  }
  for (const sha256 of ["", "0".repeat(63), "G".repeat(64)]) {
    refuse(
      [...shardAt, "sha256"],
      sha256,
      "splits.train.shards[0].sha256 must be 64 hexadecimal digits: found",
    );
  }
});

Deno.test("parseManifest() refuses an invalid vocabulary", () => {
  assertRefused(
    ["vocabulary", "entities"],
    "man",
    TypeError,
    `vocabulary.entities must be a list of names: found "man"`,
  );
  assertRefused(
    ["vocabulary", "predicates"],
    ["on", "on"],
    RangeError,
    `vocabulary.predicates[1] must be a name other than vocabulary.predicates[0]: found "on"`,
  );
});
