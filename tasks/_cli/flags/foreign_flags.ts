/**
 * Flags of the tasks that read data from outside.
 *
 * @module
 */

import type { Flags } from "./flags.ts";

/** What to do about boxes, names and scores that can be mended. */
export const FOREIGN_FLAGS = {
  strict: {
    default: false,
    help: "Refuse everything that would be mended, see docs/foreign_data.md",
  },
  cutBoxes: {
    default: false,
    help: "Cut boxes to their images, however much of them is lost",
  },
} as const satisfies Flags;
