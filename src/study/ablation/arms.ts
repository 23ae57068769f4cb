/**
 * The networks that the study `ablation` compares: variants, numbers of steps, features.
 *
 * @module
 */

import type { SgpConfig, VariantName } from "../../config.ts";
import { nearestName } from "../../nearest.ts";
import { CONTROL } from "../../pipeline/model_systems.ts";

/** A network of the study. */
export interface Arm extends Pick<SgpConfig, "steps" | "features"> {
  variant: VariantName;
}

/** The variants: the control first, then those of the paper from the simplest on. */
const ABLATION_VARIANTS: readonly VariantName[] = [
  CONTROL,
  "gpi_mean",
  "gpi_neighbour_attention",
  "gpi_feature_attention",
  "gpi_linguistic",
];

/** The numbers of steps, T. */
export const ABLATION_STEPS: readonly number[] = [1, 2, 3];

const FEATURES = ["default", "paper"] as const;

/** What may be compared: `grid` is every combination of networks, steps and features. */
const COMPARISONS = ["networks", "steps", "features", "grid"] as const;

/** What is compared. */
export type Comparison = typeof COMPARISONS[number];

/** What is compared by default. */
export const USUAL_COMPARISONS = "networks,steps,features";

/**
 * Reads what is to be compared.
 *
 * @param text Names separated by commas.
 * @throws {RangeError} If a name is unknown.
 */
export function parseComparisons(text: string): Comparison[] {
  return text.split(",").map((name) => {
    const found = COMPARISONS.find((one) => one === name);
    if (found) return found;
    throw new RangeError(
      `Cannot compare "${name}" as it must be one of ${
        COMPARISONS.join(", ")
      }: the nearest is "${nearestName(name, COMPARISONS)}"`,
    );
  });
}

/**
 * Lists the networks. Each has its control among them: the same without context, with
 * equally many steps and the same features.
 *
 * @param compared What is compared; steps and features for the control and
 * `gpi_linguistic` alone, unless it is the grid.
 */
export function armsOf(compared: readonly Comparison[]): Arm[] {
  const [one] = ABLATION_STEPS, [usual] = FEATURES;
  const ends: readonly VariantName[] = [CONTROL, "gpi_linguistic"];
  const combined = (
    variants: readonly VariantName[],
    steps: readonly number[],
    features: readonly SgpConfig["features"][],
  ) =>
    features.flatMap((features) =>
      steps.flatMap((steps) =>
        variants.map((variant): Arm => ({ variant, steps, features }))
      )
    );
  const arms: Readonly<Record<Comparison, () => Arm[]>> = {
    networks: () => combined(ABLATION_VARIANTS, [one], [usual]),
    steps: () => combined(ends, ABLATION_STEPS, [usual]),
    features: () => combined(ends, [one], FEATURES),
    grid: () => combined(ABLATION_VARIANTS, ABLATION_STEPS, FEATURES),
  };
  const all = compared.flatMap((name) => arms[name]());
  return [...new Map(all.map((arm) => [armName(arm), arm])).values()];
}

/** The network without context that an arm is compared with; that of the control is itself. */
export function controlOf(arm: Arm): Arm {
  return { ...arm, variant: CONTROL };
}

/** Such as `gpi_linguistic T=2 paper`. */
export function armName({ variant, steps, features }: Arm): string {
  return `${variant} T=${steps} ${features}`;
}
