/**
 * Ranges of numbers, and how messages write them.
 *
 * @module
 */

/** The range of allowed numbers; without bounds, all are allowed. */
export interface NumberRange {
  min?: number;
  above?: number;
  max?: number;
  below?: number;
}

/** Whether a number is in a range. */
export function isWithin(
  value: number,
  { min, above, max, below }: NumberRange,
): boolean {
  return !(value < min! || value <= above! || value > max! || value >= below!);
}

/** The bounds as text: ` in [0, 1)`, ` >= 1`, ` above 0`, or nothing. */
export function boundsOf({ min, above, max, below }: NumberRange): string {
  const low = min ?? above, high = max ?? below;
  if (low !== undefined && high !== undefined) {
    const [open, close] = [min === undefined ? "(" : "[", max === undefined ? ")" : "]"];
    return ` in ${open}${low}, ${high}${close}`;
  }
  if (low !== undefined) return min === undefined ? ` above ${low}` : ` >= ${low}`;
  if (high !== undefined) return max === undefined ? ` below ${high}` : ` <= ${high}`;
  return "";
}
