/**
 * The least number of operations that the network needs.
 *
 * @module
 */

import type { SgpConfig } from "../src/config.ts";
import { featureWidths } from "../src/model/parameters.ts";

/**
 * Counts the useful floating-point operations of `gpi_linguistic` for one image: two for
 * each multiply-add of the factored form. With N entities, m pairs, C classes, P
 * predicates, entity features of width e, hidden width H and rho of widths L1 .. Lk:
 *
 * - a pair: (P + 2)(2 H + L1 + 1) + H + L1 L2 + .. + Lk P, where phi, its attention,
 *   rho's first layer and the gate see log q, a row of a table times a number and the
 *   rows of its two entities, and H is the pooling;
 * - an entity: 2 e (2 H + L1 + 1) for its rows, (e + H)(2 H + L1 + C) for alpha, its
 *   attention, rho's first layer and the gate, H, and L1 L2 + .. + Lk C;
 * - an image: H (2 L1 + 1 + C) for the rows that the graph vector adds;
 *
 * all times the number of steps. The tables of word vectors times weights are not
 * counted, as they change with the weights only. At the published size this gives 0.39,
 * 1.26 and 4.4 GFLOP for N = 10, 20 and 40.
 */
export function flopsOf(config: SgpConfig, n: number): number {
  const { numEntityClasses: c, numPredicates: p, hidden, layers, steps } = config;
  const { entity: e } = featureWidths(config);
  const pairs = config.features === "paper" ? n * n : n * (n - 1);
  const [first] = layers;
  const later = (out: number) =>
    layers.reduce((sum, width, i) => sum + width * (layers[i + 1] ?? out), 0);
  const columns = 2 * hidden + first + 1;
  const ofPair = (p + 2) * columns + hidden + later(p);
  const ofEntity = 2 * e * columns + (e + hidden) * (2 * hidden + first + c) + hidden +
    later(c);
  const ofImage = hidden * (2 * first + 1 + c);
  return 2 * steps * (pairs * ofPair + n * ofEntity + ofImage);
}
