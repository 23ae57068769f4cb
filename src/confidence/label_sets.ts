/**
 * Sets of labels that hold the true one with a wanted probability: split conformal
 * prediction, class by class where there are enough examples (Sadinle, Lei and Wasserman,
 * "Least ambiguous set-valued classifiers with bounded error levels", JASA 2019).
 *
 * A class is in the set if its probability is at least as great as the threshold of the
 * class. The threshold for a coverage c is a low quantile of the probabilities that
 * entities of the class had for it in the calibration data: of n entities, the
 * floor((n + 1)(1 - c))-th smallest.
 *
 * @module
 */

/** A class with fewer entities in the calibration data shares the threshold of all. */
export const LEAST_ENTITIES = 40;

/** Number of stored quantiles of a group, at most: the finest step of a coverage. */
const MOST_QUANTILES = 1000;

/** Thresholds as plain data. */
export interface LabelSets {
  /** `[C]`: the group of each class; group 0 is that of all classes. */
  groups: Int32Array;
  /** `[G + 1]`: where the probabilities of each group begin. */
  starts: Int32Array;
  /** Probabilities of the true class, group by group, each ascending. */
  probabilities: Float32Array;
}

/**
 * Fits the sets.
 *
 * @param labels M true classes.
 * @param probabilities M probabilities that were given to them.
 * @param numClasses C.
 * @returns The thresholds.
 */
export function fitLabelSets(
  labels: ArrayLike<number>,
  probabilities: ArrayLike<number>,
  numClasses: number,
): LabelSets {
  const ofClass: number[][] = Array.from({ length: numClasses }, () => []);
  const all: number[] = [];
  for (let m = 0; m < labels.length; m++) {
    ofClass[labels[m]].push(probabilities[m]);
    all.push(probabilities[m]);
  }
  const kept = [all];
  const groups = Int32Array.from(
    ofClass,
    (list) => list.length < LEAST_ENTITIES ? 0 : kept.push(list) - 1,
  );
  const sorted = kept.map((list) => thinned(list.sort((a, b) => a - b)));
  const starts = new Int32Array(sorted.length + 1);
  sorted.forEach((list, g) => starts[g + 1] = starts[g] + list.length);
  return { groups, starts, probabilities: Float32Array.from(sorted.flat()) };
}

/** Keeps few numbers of an ascending list, at equal distances. */
function thinned(list: number[]): number[] {
  if (list.length <= MOST_QUANTILES) return list;
  return Array.from(
    { length: MOST_QUANTILES },
    (_, i) => list[Math.floor((i + 0.5) * list.length / MOST_QUANTILES)],
  );
}

/**
 * The least probability with which each class is in a set.
 *
 * @param sets The fitted sets.
 * @param coverage Wanted probability that a set holds the true label, in (0, 1).
 * @returns `[C]`; 0 where there are too few entities for the coverage, so that the class
 * is in every set.
 */
export function setThresholds(sets: LabelSets, coverage: number): Float32Array {
  const { groups, starts, probabilities } = sets;
  return Float32Array.from(groups, (group) => {
    const n = starts[group + 1] - starts[group];
    // The small number makes up for rounding: 100 * (1 - 0.9) is below 10.
    const rank = Math.floor((n + 1) * (1 - coverage) + 1e-9);
    return rank < 1 ? 0 : probabilities[starts[group] + rank - 1];
  });
}
