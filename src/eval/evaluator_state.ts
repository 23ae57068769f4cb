/**
 * What an evaluator has seen, as plain data for a file.
 *
 * @module
 */

import type { RecordColumns } from "./image_records.ts";
import type { WarningCounts } from "./warnings.ts";

/**
 * Everything that an evaluator has seen, for a file.
 */
export interface EvaluatorState {
  /** Ids of all images in order. */
  ids: readonly string[];
  columns: RecordColumns;
  warnings: WarningCounts;
  numPredicates?: number;
}
