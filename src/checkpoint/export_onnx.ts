/**
 * Exports the Scene Graph Predictor as an ONNX file, for any ONNX runtime.
 *
 * @module
 */

import { type SgpConfig, VARIANTS } from "../config.ts";
import { NUM_BOX_FEATURES } from "../model/box_features.ts";
import { featureWidths, type NetName, NETS } from "../model/parameters.ts";
import type { WordVectorData } from "../model/sgp.ts";
import type { Vocabulary } from "../vocabulary.ts";
import { FLOAT, OnnxGraph } from "../io/onnx_graph.ts";
import {
  certaintyOf,
  countRows,
  type Distribution,
  logProbabilities,
  lookUp,
  trusted,
} from "./_onnx_operations.ts";

/** A network as plain data, such as a checkpoint. */
export interface NetworkData {
  config: SgpConfig;
  /** Parameters by published name. */
  parameters: ReadonlyMap<string, { shape: readonly number[]; data: Float32Array }>;
  /** Word vectors, in variants with words. */
  words?: WordVectorData;
  /** Names of classes and predicates, for the file's metadata. */
  vocabulary?: Vocabulary;
}

/**
 * Form of the first layers over pairs: on concatenated features as published, or part by
 * part as in `layers.ts`, which gives the same results and is cheaper.
 */
export type OnnxForm = "published" | "factored";

/** A part of a net's input, which is multiplied with some rows of the first layer. */
type Part = "subject" | "object" | "logQ" | "words" | "graph" | "entity" | "node";

/**
 * Encodes a network for one image of n entities and m pairs, sorted by subject, each
 * subject with the same number of pairs.
 *
 * Inputs: `entityLogits` `[n, C]`, `relationLogits` `[m, P]`, `boxFeatures` `[n, F]`, and
 * the entities of each pair, `subjects` and `objects`, `[m]` int64.
 * Outputs: `newEntityLogits` `[n, C]` and `newRelationLogits` `[m, P]`.
 * m is 0 for an image of one entity, and n may be 0 as well. The metadata has the
 * configuration, the form and the vocabulary.
 *
 * @param network The network to export.
 * @param form Form of the first layers.
 * @returns The bytes of the file.
 */
export function encodeOnnx(
  network: NetworkData,
  form: OnnxForm,
): Uint8Array<ArrayBuffer> {
  const { config } = network;
  const builder = new ModelBuilder(network, form);
  const names = builder.steps();
  const { numEntityClasses: c, numPredicates: p, features } = config;
  return builder.graph.encode(
    [
      { name: "entityLogits", type: "float", shape: ["n", c] },
      { name: "relationLogits", type: "float", shape: ["m", p] },
      { name: "boxFeatures", type: "float", shape: ["n", NUM_BOX_FEATURES[features]] },
      { name: "subjects", type: "int64", shape: ["m"] },
      { name: "objects", type: "int64", shape: ["m"] },
    ],
    [
      { name: names.entities, type: "float", shape: ["n", c] },
      { name: names.relations, type: "float", shape: ["m", p] },
    ],
    {
      config: JSON.stringify(config),
      form,
      ...(network.vocabulary && { vocabulary: JSON.stringify(network.vocabulary) }),
    },
  );
}

/** Names of the inputs of the nets. */
interface State {
  entity: string;
  q: Distribution;
  node?: string;
  graph?: string;
}

class ModelBuilder {
  readonly graph = new OnnxGraph();
  readonly #config: SgpConfig;
  readonly #parameters: NetworkData["parameters"];
  readonly #form: OnnxForm;
  readonly #words?: { entities: string; relations: string };
  /** Number of rows of each part. */
  readonly #sizes: Record<Part, number>;
  /** Order of the parts in the input of each net. */
  readonly #orders: Record<NetName, readonly Part[]>;
  /** Certainty of the labels in the first step. */
  #firstCertainty?: string;

  constructor({ config, parameters, words }: NetworkData, form: OnnxForm) {
    this.#config = config;
    this.#parameters = parameters;
    this.#form = form;
    const { hidden, numEntityClasses: c, numPredicates: p } = config;
    const { entity, relation } = featureWidths(config);
    const { context, words: hasWords } = VARIANTS[config.variant];
    if (hasWords && words) {
      const { size } = words;
      this.#words = {
        entities: this.graph.floats("entityWords", [c, size], words.entities),
        relations: this.graph.floats("predicateWords", [p, size], words.relations),
      };
    }
    this.#sizes = {
      ...{ subject: entity, object: entity, entity, logQ: p, words: relation - p },
      ...{ graph: hidden, node: hidden },
    };
    const pair: Part[] = hasWords ? ["logQ", "words"] : ["logQ"];
    const [graph, node]: Part[][] = context ? [["graph"], ["node"]] : [[], []];
    const phi: Part[] = ["object", "subject", ...pair];
    const rhoRelation: Part[] = [...pair, "object", "subject", ...graph];
    const rhoEntity: Part[] = ["entity", ...graph, ...node];
    this.#orders = {
      ...{ phi, phiAttention: phi, rhoRelation, relationGate: rhoRelation },
      ...{ alpha: ["entity", "node"], alphaAttention: ["entity", "node"] },
      ...{ rhoEntity, entityGate: rhoEntity },
    };
  }

  /** Adds all steps; returns the names of the outputs. */
  steps(): { entities: string; relations: string } {
    const { graph } = this;
    let entities = "entityLogits", relations = "relationLogits";
    for (let t = 0; t < this.#config.steps; t++) {
      [entities, relations] = this.#step(entities, relations);
    }
    return {
      entities: graph.apply("Identity", [entities], {}, "newEntityLogits"),
      relations: graph.apply("Identity", [relations], {}, "newRelationLogits"),
    };
  }

  #step(entityLogits: string, relationLogits: string): [string, string] {
    const { graph } = this;
    const { numEntityClasses, numPredicates, variant, relationsOnly } = this.#config;
    const { epsilon, relationTrust } = this.#config;
    const p = logProbabilities(graph, entityLogits, numEntityClasses, epsilon);
    const q = logProbabilities(graph, relationLogits, numPredicates - 1, epsilon);
    const parts = [p.logs, "boxFeatures"];
    if (this.#words) parts.unshift(lookUp(graph, this.#words.entities, p));
    const state: State = { entity: graph.apply("Concat", parts, { axis: 1 }), q };
    if (VARIANTS[variant].context) {
      state.node = this.#pool("phi", "phiAttention", state, true);
      state.graph = this.#pool("alpha", "alphaAttention", state, false); // [1, H]
    }
    const gated = (net: NetName, gateNet: NetName, logits: string) => {
      const gate = graph.apply("Sigmoid", [this.#net(gateNet, state)]);
      const kept = graph.apply("Mul", [gate, logits]);
      return graph.apply("Add", [this.#net(net, state), kept]);
    };
    const before = relationLogits;
    const after = gated("rhoRelation", "relationGate", before);
    const change = () => {
      const certainty = certaintyOf(graph, p.greatest, this.#firstCertainty);
      this.#firstCertainty ??= certainty;
      return trusted(graph, { before, after, certainty }, relationTrust);
    };
    return [
      relationsOnly ? entityLogits : gated("rhoEntity", "entityGate", entityLogits),
      relationTrust === 1 ? after : change(),
    ];
  }

  /** Pools the output of a net over the pairs of each entity, or over all entities. */
  #pool(net: NetName, attention: NetName, state: State, isPairs: boolean): string {
    const { graph } = this;
    const { pooling } = VARIANTS[this.#config.variant];
    const n = countRows(graph, state.entity), one = graph.integers(1);
    // Pairs are sorted by subject; each subject has m / n pairs, which may be 0.
    const least = graph.apply("Max", [n, one]);
    const [numGroups, size] = isPairs
      ? [n, graph.apply("Div", [countRows(graph, "subjects"), least])]
      : [one, n];
    const grouped = (rows: string, width: number) => {
      const parts = [numGroups, size, graph.integers(width)];
      const shape = graph.apply("Concat", parts, { axis: 0 });
      return graph.apply("Reshape", [rows, shape], { allowzero: 1 }); // [G, K / G, D]
    };
    const { hidden } = this.#config;
    const values = grouped(this.#net(net, state), hidden);
    const sum = (rows: string) => graph.apply("ReduceSum", [rows, one], { keepdims: 0 });
    if (pooling === "mean") {
      const count = graph.apply("Cast", [graph.apply("Max", [size, one])], { to: FLOAT });
      return graph.apply("Div", [sum(values), count]);
    }
    const width = pooling === "feature" ? hidden : 1;
    const scores = grouped(this.#net(attention, state), width);
    const weights = graph.apply("Softmax", [scores], { axis: 1 });
    return sum(graph.apply("Mul", [weights, values]));
  }

  /** Applies a net: the first layer, then relu and a dense layer for each later one. */
  #net(net: NetName, state: State): string {
    const { graph } = this;
    const isFactored = this.#form === "factored";
    let x = isFactored ? this.#byParts(net, state) : this.#concatenated(net, state);
    x = graph.apply("Add", [x, this.#constant(net, 0, "biases")]);
    for (let i = 1; this.#parameters.has(nameOf(net, i, "weights")); i++) {
      const weights = this.#constant(net, i, "weights");
      const product = graph.apply("MatMul", [graph.apply("Relu", [x]), weights]);
      x = graph.apply("Add", [product, this.#constant(net, i, "biases")]);
    }
    return x;
  }

  /** Applies the first layer as published, to the concatenation of all parts. */
  #concatenated(net: NetName, state: State): string {
    const { graph } = this;
    const rows = this.#orders[net].includes("subject") ? "subjects" : state.entity;
    const parts = this.#orders[net].map((part) => {
      if (part === "subject") return graph.apply("Gather", [state.entity, "subjects"]);
      if (part === "object") return graph.apply("Gather", [state.entity, "objects"]);
      if (part === "words") return lookUp(graph, this.#words!.relations, state.q);
      if (part !== "graph") return this.#part(part, state);
      const width = graph.integers(this.#config.hidden);
      const shape = graph.apply("Concat", [countRows(graph, rows), width], { axis: 0 });
      return graph.apply("Expand", [state.graph!, shape]);
    });
    const input = graph.apply("Concat", parts, { axis: 1 });
    // The control without context lacks the last parts, so it leaves out their rows.
    const width = this.#orders[net].reduce((sum, part) => sum + this.#sizes[part], 0);
    return graph.apply("MatMul", [input, this.#rows(net, "all", 0, width)]);
  }

  /** Applies the first layer part by part, as `layers.ts` does. */
  #byParts(net: NetName, state: State): string {
    const { graph } = this;
    let from = 0;
    const products = this.#orders[net].map((part) => {
      const weights = this.#rows(net, part, from, this.#sizes[part]);
      from += this.#sizes[part];
      if (part === "words") {
        const table = graph.apply("MatMul", [this.#words!.relations, weights]);
        return lookUp(graph, table, state.q);
      }
      const product = graph.apply("MatMul", [this.#part(part, state), weights]);
      if (part === "subject") return graph.apply("Gather", [product, "subjects"]);
      return part === "object" ? graph.apply("Gather", [product, "objects"]) : product;
    });
    return products.reduce((sum, product) => graph.apply("Add", [sum, product]));
  }

  /** Name of the values of a part. */
  #part(part: Part, state: State): string {
    if (part === "logQ") return state.q.logs;
    if (part === "node") return state.node!;
    return part === "graph" ? state.graph! : state.entity;
  }

  #constant(net: NetName, layer: number, kind: "weights" | "biases"): string {
    const name = nameOf(net, layer, kind);
    const { data, shape } = this.#parameters.get(name)!;
    return this.graph.floats(name, shape, data);
  }

  /** The rows of a first layer that belong to a part of the input. */
  #rows(net: NetName, part: Part | "all", from: number, size: number): string {
    const name = nameOf(net, 0, "weights");
    const { data, shape } = this.#parameters.get(name)!;
    const width = shape[1];
    const rows = data.slice(from * width, (from + size) * width);
    return this.graph.floats(`${name}/${part}`, [size, width], rows);
  }
}

function nameOf(net: NetName, layer: number, kind: "weights" | "biases"): string {
  return `deep_graph/${NETS[net]}/${layer}/${kind}`;
}
