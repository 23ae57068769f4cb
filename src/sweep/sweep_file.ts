/**
 * Reads the file of a sweep: which settings to try.
 *
 * @module
 */

import { type PresetName, PRESETS, type VariantName, VARIANTS } from "../config.ts";
import { MODEL_CHECKS, TRAIN_CHECKS } from "../parse_config.ts";
import { type JsonValue, parseJson } from "../json_value.ts";

/** A value of a setting. */
export type SettingValue = boolean | number | string | readonly number[];

/** Numbers between two ends. */
export interface Range {
  from: number;
  to: number;
  /** Number of values, at equal distances; without it values are drawn at random. */
  count?: number;
  /** Whether distances are equal between the numbers or between their logarithms. */
  scale: "linear" | "log";
  /** Whether the values must be whole numbers. */
  isWhole: boolean;
}

/** Successive halving: see `halving.ts`. */
export interface Halving {
  /** Epochs of the first round. */
  epochs: number;
  /** Each round keeps one of this many, and trains this many times as long. */
  factor: number;
}

/** A sweep as its file describes it. */
export interface Sweep {
  /** Names the folder of its runs, `checkpoints/sweeps/<name>`. */
  name: string;
  /** Name or path of the processed dataset. */
  dataset: string;
  preset: PresetName;
  seeds: readonly number[];
  /** The values that each setting is given, in every combination; `variant` is one of them. */
  values: ReadonlyMap<string, readonly SettingValue[]>;
  /** The settings that are drawn at random. */
  drawn: ReadonlyMap<string, Range>;
  /** Number of draws of all `drawn` together. */
  draws: number;
  /** Seed of the draws. */
  drawSeed: number;
  /** Validation value that ranks the runs. */
  metric: "recall" | "loss";
  halving?: Halving;
}

const KEYS = [
  ...["name", "dataset", "preset", "variant", "seeds", "settings"],
  ...["draws", "drawSeed", "metric", "halving"],
];

const {
  variant: _variant,
  numEntityClasses: _classes,
  numPredicates: _predicates,
  embeddingSize: _size,
  ...ofModel
} = MODEL_CHECKS;
const { seed: _seed, ...ofTraining } = TRAIN_CHECKS;
const CHECKS: Record<string, (value: JsonValue) => unknown> = {
  ...ofModel,
  ...ofTraining,
};

/** Names of the settings that a sweep may change, as in `deno task train --help`. */
const SETTING_NAMES: readonly string[] = Object.keys(CHECKS);

/** Settings whose change makes losses of different runs incomparable. */
const CHANGE_LOSS = ["loss", "negativeRatio", "entityWeight", "regularization"];

/** The most combinations that one file may ask for. */
const MOST = 10_000;

/**
 * Reads a sweep.
 *
 * @param source The file, as JSON.
 * @param path Its path, whose name the sweep has by default.
 * @returns The sweep, with every value in the range of its setting.
 * @throws {SyntaxError | TypeError | RangeError} If a key is unknown or its value wrong;
 * names the file and the key.
 *
 * @example
 * ```ts
 * import { parseSweep } from "./sweep_file.ts";
 * const text = `{ "settings": { "negativeRatio": [0, 0.2], "hidden": 16 }, "seeds": 3 }`;
 * const { name, seeds, values } = parseSweep(text, "ratio.json");
 * if (name !== "ratio" || seeds.length !== 3) throw new Error();
 * if (values.get("negativeRatio")?.length !== 2) throw new Error();
 * ```
 */
export function parseSweep(source: string | Uint8Array, path: string): Sweep {
  const root = parseJson(source, `"${path}"`);
  root.onlyKeys(KEYS);
  const values = new Map<string, readonly SettingValue[]>();
  const drawn = new Map<string, Range>();
  const variants = root.at("variant").optional;
  values.set("variant", variants ? variantsOf(variants) : ["gpi_linguistic"]);
  const settings = root.at("settings");
  settings.onlyKeys(SETTING_NAMES);
  for (const [name, value] of settings.entries()) {
    const found = settingOf(name, value);
    if (Array.isArray(found)) values.set(name, found);
    else drawn.set(name, found as Range);
  }
  const draws = drawsOf(root, drawn);
  const metric = root.at("metric").optional?.oneOf(["recall", "loss"]) ?? "recall";
  const changing = CHANGE_LOSS.find((name) =>
    drawn.has(name) || (values.get(name)?.length ?? 0) > 1
  );
  if (metric === "loss" && changing) {
    root.at("metric").refuse(
      `"recall" where settings.${changing} changes, since it changes what the loss means`,
    );
  }
  const total = [...values.values()].reduce((n, { length }) => n * length, draws);
  const seeds = seedsOf(root.at("seeds"));
  if (total * seeds.length > MOST) {
    settings.refuse(
      `of at most ${MOST} jobs in all, here it is of ${total * seeds.length}`,
    );
  }
  return {
    name: nameOf(root.at("name"), path),
    dataset: root.at("dataset").optional?.string() ?? "synthetic",
    preset: root.at("preset").optional?.oneOf(Object.keys(PRESETS) as PresetName[]) ??
      "small",
    ...{ seeds, values, drawn, draws, metric },
    drawSeed: root.at("drawSeed").optional?.integer({ min: 0, below: 2 ** 32 }) ?? 0,
    halving: halvingOf(root.at("halving")),
  };
}

function nameOf(value: JsonValue, path: string): string {
  const ofFile = path.replace(/^.*[/\\]/, "").replace(/\.json$/i, "");
  const name = value.optional?.string() ?? ofFile;
  if (/^[\w-][\w.-]{0,99}$/.test(name)) return name;
  return value.refuse(
    `a name of at most 100 letters, digits, "_", "-" and ".", by default that of the file`,
  );
}

function variantsOf(value: JsonValue): VariantName[] {
  const names = Object.keys(VARIANTS) as VariantName[];
  return listOf(value).map((item) => item.oneOf(names));
}

function seedsOf(value: JsonValue): number[] {
  const range = { min: 0, below: 2 ** 32 };
  if (value.isMissing) return [0];
  if (!Array.isArray(value.value)) {
    return Array.from({ length: value.integer({ min: 1, max: MOST }) }, (_, i) => i);
  }
  return distinct(listOf(value), (item) => item.integer(range));
}

/** The values of a setting, or the range from which they are drawn. */
function settingOf(name: string, value: JsonValue): SettingValue[] | Range {
  const check = CHECKS[name];
  if (!isRange(value)) {
    return distinct(listOf(value), (item) => {
      check(item);
      return item.value as SettingValue;
    });
  }
  const range = rangeOf(value, check);
  return range.count === undefined ? range : distinct(
    valuesOf(range).map((number) => ({ value: number }) as JsonValue),
    ({ value }) => value as number,
  );
}

function isRange({ value }: JsonValue): boolean {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function rangeOf(value: JsonValue, check: (value: JsonValue) => unknown): Range {
  value.onlyKeys(["from", "to", "count", "scale"]);
  const [from, to] = ["from", "to"].map((key) => {
    const end = value.at(key);
    end.number();
    check(end);
    return end.value as number;
  });
  if (!(to > from)) value.at("to").refuse(`a number above from, which is ${from}`);
  const scale = value.at("scale").optional?.oneOf(["linear", "log"]) ?? "linear";
  if (scale === "log") value.at("from").number({ above: 0 });
  return {
    ...{ from, to, scale },
    count: value.at("count").optional?.integer({ min: 2, max: MOST }),
    isWhole: !isAllowed(value, check, (from + to) / 2 + 1e-3),
  };
}

/** Whether a setting allows a number that is not whole. */
function isAllowed(
  value: JsonValue,
  check: (value: JsonValue) => unknown,
  number: number,
): boolean {
  try {
    check(parseJson(String(number), value.name));
    return true;
  } catch {
    return false;
  }
}

/** The value at a place in a range: 0 is its start, 1 its end. */
export function valueAt({ from, to, scale, isWhole }: Range, place: number): number {
  const value = scale === "log"
    ? Math.exp(Math.log(from) + place * Math.log(to / from))
    : from + place * (to - from);
  // Four digits are enough to tell settings apart, and can be read.
  const short = Number(value.toPrecision(4));
  return isWhole ? Math.round(value) : Math.min(to, Math.max(from, short));
}

function valuesOf(range: Range): number[] {
  const count = range.count!;
  const all = Array.from({ length: count }, (_, i) => valueAt(range, i / (count - 1)));
  return [...new Set(all)];
}

function drawsOf(root: JsonValue, drawn: ReadonlyMap<string, Range>): number {
  const draws = root.at("draws");
  const [first] = drawn.keys();
  if (first !== undefined) {
    if (draws.isMissing) {
      draws.refuse(
        `a number of draws, as settings.${first} has no count`,
        "or give the range a count",
      );
    }
    return draws.integer({ min: 1, max: MOST });
  }
  for (const key of ["draws", "drawSeed"]) {
    if (!root.at(key).isMissing) {
      root.at(key).refuse(
        "left out, as every setting has a list or a count",
        'a range without "count" is drawn at random',
      );
    }
  }
  return 1;
}

function halvingOf(value: JsonValue): Halving | undefined {
  if (value.isMissing) return undefined;
  value.onlyKeys(["epochs", "factor"]);
  return {
    epochs: value.at("epochs").integer({ min: 1, max: 1e6 }),
    factor: value.at("factor").optional?.integer({ min: 2, max: 1000 }) ?? 3,
  };
}

/** The items of a list, or the value alone. */
function listOf(value: JsonValue): JsonValue[] {
  if (!Array.isArray(value.value)) return [value];
  const items = value.items();
  if (items.length === 0) value.refuse("a list of one value or more");
  return items;
}

/** The values of items, which must differ. */
function distinct<T>(items: readonly JsonValue[], read: (item: JsonValue) => T): T[] {
  const seen = new Set<string>();
  return items.map((item) => {
    const value = read(item), text = JSON.stringify(value);
    if (seen.has(text)) item.refuse("another value than those before it");
    seen.add(text);
    return value;
  });
}
