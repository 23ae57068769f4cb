/**
 * Reads the measured rates of stages.
 *
 * @module
 */

import { parseJson } from "../json_value.ts";
import type { StageRate } from "./stage_costs.ts";

/**
 * Parses the lines that `deno task bench:stages --json` prints.
 *
 * @param text Lines of JSON; fields other than those of {@linkcode StageRate} are left out.
 * @param name Name of the file, for messages.
 * @returns The rates; of a stage that is there several times, the last.
 * @throws {RangeError} If a line is no JSON, or lacks a field.
 */
export function parseRates(text: string, name: string): StageRate[] {
  const rates = new Map<string, StageRate>();
  for (const [i, line] of text.split("\n").entries()) {
    if (line.trim() === "") continue;
    const value = parseJson(line, `line ${i + 1} of "${name}"`);
    const number = (key: string) => value.at(key).number({ min: 0 });
    const stage = value.at("stage").string();
    const everyJob = value.at("every_job").optional?.boolean() ?? false;
    rates.set(stage, {
      ...{ stage, start_s: number("start_s"), image_s: number("image_s") },
      ...{ bytes_in: number("bytes_in"), bytes_out: number("bytes_out") },
      ...(everyJob && { every_job: true }),
    });
  }
  return [...rates.values()];
}
