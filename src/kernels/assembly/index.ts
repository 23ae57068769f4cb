/** Exports of the module. Addresses count bytes on the heap; the caller checks sizes. */

export { adam } from "./adam";
export { drop } from "./dropout";
export { multiply, multiplyTransposed, transposedBytes } from "./multiply";
export { packColumns, packedBytes, packTransposed } from "./pack";
export {
  poolColumns,
  poolColumnsBytes,
  poolColumnsGradient,
  poolRows,
  poolRowsGradient,
} from "./pool";
export {
  copy,
  gather,
  innerProducts,
  reluGradient,
  scatterScaled,
  sum,
  sumAll,
} from "./rows";
export { crossEntropy, logProbabilities, logProbabilitiesGradient } from "./softmax";
export { sumsBytes } from "./sums";
