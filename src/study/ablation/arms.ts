/**
 * The networks that the study `ablation` compares: variants, numbers of steps, features.
 *
 * @module
 */

import type { SgpConfig, VariantName } from "../../config.ts";
import { CONTROL } from "../../pipeline/model_evaluation.ts";

/** A network of the study. */
export interface Arm extends Pick<SgpConfig, "steps" | "features"> {
  variant: VariantName;
}

/** The variants: the control first, then those of the paper from the simplest on. */
export const ABLATION_VARIANTS: readonly VariantName[] = [
  CONTROL,
  "gpi_mean",
  "gpi_neighbour_attention",
  "gpi_feature_attention",
  "gpi_linguistic",
];

/** The numbers of steps, T. */
export const ABLATION_STEPS: readonly number[] = [1, 2, 3];

const FEATURES = ["default", "paper"] as const;

/**
 * Lists the networks. Each has its control among them: the same without context, with
 * equally many steps and the same features.
 *
 * @param isGrid True for every combination; else steps and features change one at a time,
 * for the control and `gpi_linguistic` alone.
 */
export function armsOf(isGrid = false): Arm[] {
  const [one, ...more] = ABLATION_STEPS, [usual, ...others] = FEATURES;
  if (isGrid) {
    return FEATURES.flatMap((features) =>
      ABLATION_STEPS.flatMap((steps) =>
        ABLATION_VARIANTS.map((variant) => ({ variant, steps, features }))
      )
    );
  }
  const ends = [CONTROL, "gpi_linguistic"] as const;
  return [
    ...ABLATION_VARIANTS.map((variant) => ({ variant, steps: one, features: usual })),
    ...more.flatMap((steps) =>
      ends.map((variant) => ({ variant, steps, features: usual }))
    ),
    ...others.flatMap((features) =>
      ends.map((variant) => ({ variant, steps: one, features }))
    ),
  ];
}

/** The network without context that an arm is compared with; that of the control is itself. */
export function controlOf(arm: Arm): Arm {
  return { ...arm, variant: CONTROL };
}

/** Such as `gpi_linguistic T=2 paper`. */
export function armName({ variant, steps, features }: Arm): string {
  return `${variant} T=${steps} ${features}`;
}
