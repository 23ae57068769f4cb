/**
 * The combinations of settings that a sweep tries.
 *
 * @module
 */

import { Random } from "../random.ts";
import { type SettingValue, type Sweep, valueAt } from "./sweep_file.ts";

/** One combination: a value for each setting that the file names, and the variant. */
export type Configuration = Readonly<Record<string, SettingValue>>;

/**
 * Every combination of the listed values, each with every draw of the others.
 *
 * A draw depends on its seed, its number and the name of the setting alone, so that more
 * draws, or another setting, change none that was there.
 *
 * @returns The combinations, which differ; the last setting of the file changes first.
 */
export function configurationsOf(sweep: Sweep): Configuration[] {
  let all: Configuration[] = [{}];
  for (const [name, values] of sweep.values) {
    all = all.flatMap((one) => values.map((value) => ({ ...one, [name]: value })));
  }
  const drawn = Array.from({ length: sweep.draws }, (_, draw) => {
    const entries = Array.from(sweep.drawn, ([name, range]) => {
      const random = new Random(sweep.drawSeed, "sweep", name, draw);
      return [name, valueAt(range, random.uniform())];
    });
    return Object.fromEntries(entries) as Configuration;
  });
  const found = drawn.flatMap((draw) => all.map((one) => ({ ...one, ...draw })));
  // Two draws of whole numbers may be the same.
  const byText = new Map(found.map((one) => [JSON.stringify(one), one]));
  return [...byText.values()];
}

/** The settings whose values differ between configurations, in the order of the file. */
export function varyingSettings(configurations: readonly Configuration[]): string[] {
  return Object.keys(configurations[0] ?? {}).filter((name) => {
    const values = configurations.map((one) => JSON.stringify(one[name]));
    return new Set(values).size > 1;
  });
}
