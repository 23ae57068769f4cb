/**
 * The named variables of the network.
 *
 * @module
 */

import { tf } from "../deps/tf.ts";
import { type SgpConfig, type TrainConfig, VARIANTS } from "../config.ts";
import { Random } from "../random.ts";
import { NUM_BOX_FEATURES } from "./box_features.ts";

/** The nets of Theorem 1, by the names of the published program. */
export const NETS = {
  phi: "nn_phi",
  phiAttention: "nn_phi_atten",
  alpha: "nn_phi2",
  alphaAttention: "nn_phi2_atten",
  rhoRelation: "nn_pred",
  relationGate: "nn_pred_forgate",
  rhoEntity: "nn_obj",
  entityGate: "nn_obj_forgate",
} as const;

/** Name of a net. */
export type NetName = keyof typeof NETS;

/** Weights `[in, out]` and biases `[out]` of a dense layer: `y = x W + b`. */
export interface Layer {
  weights: tf.Variable<tf.Rank.R2>;
  biases: tf.Variable<tf.Rank.R1>;
}

/** Widths of the two feature vectors. */
export interface FeatureWidths {
  /** Entity feature e: word vector, log-probabilities, box. */
  entity: number;
  /** Relation feature r: log-probabilities, word vector. */
  relation: number;
}

/** Widths of the entity and relation features of a configuration. */
export function featureWidths(config: SgpConfig): FeatureWidths {
  const words = VARIANTS[config.variant].words ? config.embeddingSize : 0;
  return {
    entity: words + config.numEntityClasses + NUM_BOX_FEATURES[config.features],
    relation: config.numPredicates + words,
  };
}

/**
 * Widths of every layer of every net, input first: `[in, hidden.., out]`.
 *
 * A configuration without attention has no attention nets, and one that only predicts
 * relations has no entity nets.
 */
export function netWidths(config: SgpConfig): Partial<Record<NetName, number[]>> {
  const { hidden, layers, numEntityClasses, numPredicates } = config;
  const { entity, relation } = featureWidths(config);
  const { pooling } = VARIANTS[config.variant];
  const pair = 2 * entity + relation;
  const score = pooling === "feature" ? hidden : 1;
  return {
    phi: [pair, hidden],
    ...(pooling !== "mean" && { phiAttention: [pair, score] }),
    alpha: [entity + hidden, hidden],
    ...(pooling !== "mean" && { alphaAttention: [entity + hidden, score] }),
    rhoRelation: [pair + hidden, ...layers, numPredicates],
    relationGate: [pair + hidden, 1],
    ...(!config.relationsOnly && {
      rhoEntity: [entity + 2 * hidden, ...layers, numEntityClasses],
      entityGate: [entity + 2 * hidden, numEntityClasses],
    }),
  };
}

/** Name, shape and values of a parameter, as plain data. */
export interface NamedParameter {
  /** Such as `"deep_graph/nn_phi/0/weights"`. */
  name: string;
  shape: number[];
  data: Float32Array;
}

/** How parameters are initialized. */
export interface InitialValues {
  /** Seed of the random weights. */
  seed: number;
  /** See {@linkcode TrainConfig.initial}. */
  initial: TrainConfig["initial"];
}

/** All variables of a network, by net and layer. */
export class Parameters {
  /** Layers of each net; a net that the configuration lacks has none. */
  readonly nets: Readonly<Record<NetName, readonly Layer[]>>;
  readonly #variables = new Map<string, tf.Variable>();
  #version = 0;

  /**
   * @param config Shape of the network.
   * @param values Values by published name, or how to initialize them.
   * @throws {RangeError} If a value is missing or has another length.
   */
  constructor(
    config: SgpConfig,
    values: InitialValues | ReadonlyMap<string, Float32Array>,
  ) {
    try {
      this.nets = this.#makeNets(config, values);
    } catch (error) {
      this.dispose();
      throw error;
    }
  }

  #makeNets(
    config: SgpConfig,
    values: InitialValues | ReadonlyMap<string, Float32Array>,
  ): Record<NetName, Layer[]> {
    const widths = netWidths(config);
    const nets = {} as Record<NetName, Layer[]>;
    for (const net of Object.keys(NETS) as NetName[]) {
      const sizes = widths[net] ?? [];
      nets[net] = sizes.slice(1).map((numOut, i) => {
        const name = `deep_graph/${NETS[net]}/${i}`;
        const make = <R extends tf.Rank>(part: string, shape: tf.ShapeMap[R]) => {
          const full = `${name}/${part}`;
          const data = values instanceof Map
            ? valueOf(values, full, shape as number[])
            : initialValues(full, shape as number[], {
              ...values as InitialValues,
              isLast: i === sizes.length - 2,
            });
          const variable = tf.tidy(() => tf.variable(tf.tensor<R>(data, shape), true));
          this.#variables.set(full, variable as tf.Variable);
          return variable;
        };
        return {
          weights: make<tf.Rank.R2>("weights", [sizes[i], numOut]),
          biases: make<tf.Rank.R1>("biases", [numOut]),
        };
      });
    }
    return nets;
  }

  /** The variables by published name, always in the same order. */
  get variables(): ReadonlyMap<string, tf.Variable> {
    return this.#variables;
  }

  /** Total number of parameters. */
  get count(): number {
    let count = 0;
    for (const variable of this.#variables.values()) count += variable.size;
    return count;
  }

  /** Counts changes of the values; anything derived from an older version is stale. */
  get version(): number {
    return this.#version;
  }

  /** Call it after changing a value other than by {@linkcode Parameters.assign}. */
  markChanged(): void {
    this.#version++;
  }

  /** A copy of all values. */
  async values(): Promise<NamedParameter[]> {
    return await Promise.all(
      [...this.#variables].map(async ([name, variable]) => ({
        name,
        shape: variable.shape,
        data: Float32Array.from(await variable.data()),
      })),
    );
  }

  /** Sets every value, as from {@linkcode Parameters.values}. */
  assign(values: ReadonlyMap<string, Float32Array>): void {
    for (const [name, variable] of this.#variables) {
      const data = valueOf(values, name, variable.shape);
      tf.tidy(() => variable.assign(tf.tensor(data, variable.shape)));
    }
    this.markChanged();
  }

  /** Frees the variables. */
  dispose(): void {
    for (const variable of this.#variables.values()) variable.dispose();
  }
}

function valueOf(
  values: ReadonlyMap<string, Float32Array>,
  name: string,
  shape: number[],
): Float32Array {
  const data = values.get(name);
  const size = tf.util.sizeFromShape(shape);
  if (data?.length === size) return data;
  throw new RangeError(
    `Cannot set parameter "${name}" as it must have shape [${shape}]: ${
      data ? `found ${data.length} numbers` : "it is missing"
    }`,
  );
}

/** Initial bias of the gates with `"identity"`: they let 95 % through. */
const OPEN_GATE = 3;

/**
 * Draws Glorot-uniform weights and sets biases to zero; each parameter has its own random
 * stream. With `"identity"` the weights of the gates and the last layers of rho are zero,
 * and the biases of the gates are {@linkcode OPEN_GATE}: log-probabilities are large
 * inputs, and with random weights they would shut half of the gates for good.
 */
function initialValues(
  name: string,
  shape: number[],
  { seed, initial, isLast }: InitialValues & { isLast: boolean },
): Float32Array {
  const data = new Float32Array(tf.util.sizeFromShape(shape));
  const net = name.split("/")[1];
  const isBias = shape.length === 1;
  if (initial === "identity") {
    const isGate = net === NETS.relationGate || net === NETS.entityGate;
    const isRho = net === NETS.rhoRelation || net === NETS.rhoEntity;
    if (isGate && isBias) return data.fill(OPEN_GATE);
    if (isGate || isRho && isLast) return data;
  }
  if (isBias) return data;
  const random = new Random(seed, name);
  const limit = Math.sqrt(6 / (shape[0] + shape[1]));
  for (let i = 0; i < data.length; i++) data[i] = random.between(-limit, limit);
  return data;
}
