/**
 * What to believe of a detector that gives each box one class and one confidence: how
 * likely the class is, and which others it may be. Both are measured where the true
 * classes are known.
 *
 * - **Calibration.** The probability that class d is right at confidence s is
 *   sigmoid(a + b logit(s) + c_d): Platt's scaling (Platt, 1999) with an offset for each
 *   class, which a penalty keeps near 0, so that rare classes stay with the common curve.
 * - **Confusions.** If d is wrong, class k is right with a probability of
 *   (n_dk + {@linkcode PRIOR_COUNT} q_k) / (n_d + {@linkcode PRIOR_COUNT}): the counts of
 *   true classes, smoothed by their shares q among all mistakes.
 *
 * The strengths of smoothing were chosen on training images of `vg5k`, cross-fitted: of 3, 10
 * and 30 mistakes, of penalties 1, 2, 5 and 1000, and of pseudocounts 0.1 to 10, these give
 * the true classes the greatest likelihood.
 *
 * @module
 */

/** Strength of the smoothing of confusions, as a number of mistakes. */
const PRIOR_COUNT = 10;
/** Penalty of an offset c_d: c_d^2 times this, divided by 2, is added to the loss. */
const OFFSET_PENALTY = 2;
/** Newton steps of the fit, of which none changes a number by more than 1. */
const STEPS = 30;
/** Confidences and probabilities stay this far from 0 and 1. */
const MARGIN = 1e-4;
/** Pseudocount with which every class has a share among all mistakes. */
const SHARE_COUNT = 10;

/** M detections whose true classes are known. */
export interface DetectedLabels {
  /** `[M]`: the detector's classes. */
  detected: Int32Array;
  /** `[M]`: its confidences, 0 to 1. */
  scores: Float32Array;
  /** `[M]`: the true classes. */
  truths: Int32Array;
}

/** The calibration and the confusions of a detector. */
export interface DetectorDoubt {
  /** C: number of classes. */
  numClasses: number;
  /** a. */
  intercept: number;
  /** b. */
  slope: number;
  /** `[C]`: c. */
  offsets: Float64Array;
  /**
   * `[C, C]`, detected class first: probability of each true class if the detected one is
   * wrong. The diagonal is 0 and each row sums to 1.
   */
  confusions: Float64Array;
}

/**
 * Measures a detector.
 *
 * @param labels Detections of boxes whose classes are known.
 * @param numClasses C, 2 or more.
 * @returns Its calibration and confusions.
 * @throws {RangeError} If there are no detections, or fewer than two classes.
 */
export function fitDetectorDoubt(
  labels: DetectedLabels,
  numClasses: number,
): DetectorDoubt {
  if (labels.detected.length === 0 || numClasses < 2) {
    throw new RangeError(
      `Cannot measure a detector as there must be detections of known boxes and two or more classes: found ${labels.detected.length} detections and ${numClasses} classes`,
    );
  }
  return {
    numClasses,
    ...fitCalibration(labels, numClasses),
    confusions: countConfusions(labels, numClasses),
  };
}

/**
 * Fits a, b and c by Newton's method; the loss is convex. As each label has one offset, the
 * Hessian is an arrow: a block of a and b, and one number for each offset.
 */
function fitCalibration(
  { detected, scores, truths }: DetectedLabels,
  numClasses: number,
): Pick<DetectorDoubt, "intercept" | "slope" | "offsets"> {
  let intercept = 0, slope = 1;
  const offsets = new Float64Array(numClasses);
  const inputs = Float64Array.from(scores, logit);
  for (let step = 0; step < STEPS; step++) {
    // A weak prior keeps b near 1, as where all confidences are equal.
    let gradA = 0, gradB = slope - 1, aa = 1e-9, ab = 0, bb = 1;
    const grad = offsets.map((offset) => OFFSET_PENALTY * offset);
    const withA = new Float64Array(numClasses), withB = new Float64Array(numClasses);
    for (let m = 0; m < detected.length; m++) {
      const d = detected[m], x = inputs[m];
      const p = sigmoid(intercept + slope * x + offsets[d]);
      const error = p - Number(d === truths[m]), weight = p * (1 - p);
      gradA += error;
      gradB += error * x;
      grad[d] += error;
      withA[d] += weight;
      withB[d] += weight * x;
      aa += weight;
      ab += weight * x;
      bb += weight * x * x;
    }
    // Eliminates the offsets, whose own curvature is the sum of their weights.
    const curvature = withA.map((weight) => weight + OFFSET_PENALTY);
    for (let d = 0; d < numClasses; d++) {
      gradA -= withA[d] * grad[d] / curvature[d];
      gradB -= withB[d] * grad[d] / curvature[d];
      aa -= withA[d] * withA[d] / curvature[d];
      ab -= withA[d] * withB[d] / curvature[d];
      bb -= withB[d] * withB[d] / curvature[d];
    }
    const determinant = aa * bb - ab * ab;
    const stepA = (bb * gradA - ab * gradB) / determinant;
    const stepB = (aa * gradB - ab * gradA) / determinant;
    const steps = grad.map((value, d) =>
      (value - withA[d] * stepA - withB[d] * stepB) / curvature[d]
    );
    const share = Math.min(1, 1 / greatest([stepA, stepB, ...steps]));
    intercept -= share * stepA;
    slope -= share * stepB;
    offsets.forEach((_, d) => offsets[d] -= share * steps[d]);
  }
  return { intercept, slope, offsets };
}

/** The greatest magnitude: Newton steps may be too long where the loss is flat. */
function greatest(steps: readonly number[]): number {
  return Math.max(...steps.map(Math.abs));
}

function countConfusions(
  { detected, truths }: DetectedLabels,
  numClasses: number,
): Float64Array {
  const confusions = new Float64Array(numClasses * numClasses);
  const shares = new Float64Array(numClasses).fill(SHARE_COUNT);
  detected.forEach((d, m) => {
    if (d === truths[m]) return;
    confusions[d * numClasses + truths[m]]++;
    shares[truths[m]]++;
  });
  for (let d = 0; d < numClasses; d++) {
    const row = confusions.subarray(d * numClasses, (d + 1) * numClasses);
    const others = sum(shares) - shares[d];
    const mistakes = sum(row);
    row.forEach((count, k) => {
      const prior = k === d ? 0 : PRIOR_COUNT * shares[k] / others;
      row[k] = (count + prior) / (mistakes + PRIOR_COUNT);
    });
  }
  return confusions;
}

/**
 * The probability that a detected class is right.
 *
 * @param doubt The measured detector.
 * @param detected The class.
 * @param score Its confidence, 0 to 1.
 * @returns From 0.0001 to 0.9999.
 */
export function chanceOfRight(
  { intercept, slope, offsets }: DetectorDoubt,
  detected: number,
  score: number,
): number {
  const chance = sigmoid(intercept + slope * logit(score) + offsets[detected]);
  return Math.min(Math.max(chance, MARGIN), 1 - MARGIN);
}

/**
 * The probabilities of all classes for each detection.
 *
 * @param doubt The measured detector.
 * @param detections The M detections.
 * @returns `[M, C]`; each row sums to 1. The greatest need not be that of the detected
 * class, if the detector is often wrong about it.
 */
export function beliefsOfDetections(
  doubt: DetectorDoubt,
  { detected, scores }: Pick<DetectedLabels, "detected" | "scores">,
): Float32Array {
  const { numClasses, confusions } = doubt;
  const beliefs = new Float32Array(detected.length * numClasses);
  detected.forEach((d, m) => {
    const chance = chanceOfRight(doubt, d, scores[m]);
    for (let k = 0; k < numClasses; k++) {
      beliefs[m * numClasses + k] = (1 - chance) * confusions[d * numClasses + k];
    }
    beliefs[m * numClasses + d] = chance;
  });
  return beliefs;
}

/** Joins the detections of several images. */
export function joinDetectedLabels(all: readonly DetectedLabels[]): DetectedLabels {
  return {
    detected: Int32Array.from(all.flatMap(({ detected }) => [...detected])),
    scores: Float32Array.from(all.flatMap(({ scores }) => [...scores])),
    truths: Int32Array.from(all.flatMap(({ truths }) => [...truths])),
  };
}

function logit(score: number): number {
  const inside = Math.min(Math.max(score, MARGIN), 1 - MARGIN);
  return Math.log(inside / (1 - inside));
}

function sigmoid(x: number): number {
  return 1 / (1 + Math.exp(-x));
}

function sum(values: Float64Array): number {
  return values.reduce((total, value) => total + value, 0);
}
