/**
 * The networks by name, with widths that give each about as many parameters.
 *
 * @module
 */

import {
  DeepSetsNetwork,
  FullyConnectedNetwork,
  type LabellingNetwork,
  TheoremNetwork,
} from "./networks.ts";

/** Number of nodes of the graphs that networks are trained on. */
export const NODES = 10;

/** One of the compared networks. */
export interface Architecture {
  /** For tables and charts. */
  title: string;
  /** Whether it takes graphs with any number of nodes. */
  takesAnySize: boolean;
  /** Makes it with random weights. */
  make: (seed: readonly (number | string)[]) => LabellingNetwork;
}

/**
 * The networks, the one of the paper first.
 *
 * The paper gives two widths: two layers of 1,000 of the fully connected network, and a state
 * of 200 of the LSTMs. The sums and the hidden layers of alpha and rho are 200 wide as well,
 * and phi is as wide as it must be for the number of parameters of the fully connected one,
 * 1,132,010.
 */
export const ARCHITECTURES = {
  invariant: {
    title: "invariant",
    takesAnySize: true,
    make: (seed) => new TheoremNetwork({ hidden: 844, seed }),
  },
  linear_phi: {
    title: "invariant, phi linear",
    takesAnySize: true,
    make: (seed) => new TheoremNetwork({ hidden: 844, seed, isPhiLinear: true }),
  },
  lstm: {
    title: "LSTM",
    takesAnySize: true,
    make: (seed) => new TheoremNetwork({ hidden: 404, seed, hasLstm: true }),
  },
  fully_connected: {
    title: "fully connected",
    takesAnySize: false,
    make: (seed) => new FullyConnectedNetwork({ hidden: 1000, seed, nodes: NODES }),
  },
  deep_sets: {
    title: "deep sets without pairs",
    takesAnySize: true,
    make: (seed) => new DeepSetsNetwork({ hidden: 928, seed }),
  },
} as const satisfies Record<string, Architecture>;

/** Name of a network. */
export type ArchitectureName = keyof typeof ARCHITECTURES;
