/**
 * The values of the flags of `study`.
 *
 * @module
 */

/** The flags. */
export interface StudyFlags {
  seed: number;
  seeds?: number;
  graphs?: readonly number[];
  datasets?: string;
  compare: string;
  finished: boolean;
  workers?: number;
  out?: string;
  quick: boolean;
  json: boolean;
  quiet: boolean;
}
