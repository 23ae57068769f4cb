/**
 * Exports the Scene Graph Predictor as an ONNX file, for any ONNX runtime.
 *
 * @module
 */

import { PUBLISHED_EPSILON, type SgpConfig, VARIANTS } from "../config.ts";
import { NUM_BOX_FEATURES } from "../model/box_features.ts";
import { featureWidths, type NetName, NETS } from "../model/parameters.ts";
import type { WordVectorData } from "../model/sgp.ts";
import type { Vocabulary } from "../vocabulary.ts";
import { FLOAT, OnnxGraph } from "../io/onnx_graph.ts";

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

/** Names of the values that `logProbabilities` of `kernels/softmax.ts` computes. */
interface Distribution {
  logs: string;
  label: string;
  greatest: string;
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
    const p = this.#logProbabilities(entityLogits, numEntityClasses);
    const q = this.#logProbabilities(relationLogits, numPredicates - 1);
    const parts = [p.logs, "boxFeatures"];
    if (this.#words) parts.unshift(this.#lookUp(this.#words.entities, p));
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
    return [
      relationsOnly ? entityLogits : gated("rhoEntity", "entityGate", entityLogits),
      this.#trusted(
        relationLogits,
        gated("rhoRelation", "relationGate", relationLogits),
        p.greatest,
      ),
    ];
  }

  /** Takes the part of a change that `relationTrust` allows; `greatest` is `[n, 1]`. */
  #trusted(before: string, after: string, greatest: string): string {
    const { relationTrust } = this.#config;
    if (relationTrust === 1) return after;
    const { graph } = this;
    const number = (name: string, value: number) =>
      graph.floats(name, [], Float32Array.of(value));
    const ends = ["subjects", "objects"].map((end) =>
      graph.apply("Gather", [greatest, end])
    );
    const kept = graph.apply("Mul", [
      graph.apply("Mul", ends),
      number("mistrust", 1 - relationTrust),
    ]);
    const share = graph.apply("Sub", [number("whole", 1), kept]);
    const change = graph.apply("Sub", [after, before]);
    return graph.apply("Add", [before, graph.apply("Mul", [share, change])]);
  }

  #logProbabilities(logits: string, choices: number): Distribution {
    const { graph } = this;
    const p = graph.apply("Softmax", [logits], { axis: 1 });
    const { epsilon } = this.#config;
    const added = graph.floats("epsilon", [], Float32Array.of(epsilon));
    let logs = graph.apply("Log", [graph.apply("Add", [p, added])]);
    if (epsilon !== PUBLISHED_EPSILON) {
      const least = graph.floats("logEpsilon", [], Float32Array.of(Math.log(epsilon)));
      logs = graph.apply("Sub", [logs, least]);
    }
    const [from, to, axis] = [0, choices, 1].map((i) => graph.integers(i));
    const first = graph.apply("Slice", [p, from, to, axis]);
    return {
      logs,
      label: graph.apply("ArgMax", [first], { axis: 1, keepdims: 0 }),
      greatest: graph.apply("ReduceMax", [first, axis], { keepdims: 1 }),
    };
  }

  /** Looks up the rows of the likeliest labels in a table, times their probabilities. */
  #lookUp(table: string, { label, greatest }: Distribution): string {
    const rows = this.graph.apply("Gather", [table, label]);
    return this.graph.apply("Mul", [rows, greatest]);
  }

  /** Pools the output of a net over the pairs of each entity, or over all entities. */
  #pool(net: NetName, attention: NetName, state: State, isPairs: boolean): string {
    const { graph } = this;
    const { pooling } = VARIANTS[this.#config.variant];
    const n = this.#count(state.entity), one = graph.integers(1);
    // Pairs are sorted by subject; each subject has m / n pairs, which may be 0.
    const least = graph.apply("Max", [n, one]);
    const [numGroups, size] = isPairs
      ? [n, graph.apply("Div", [this.#count("subjects"), least])]
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

  /** Number of rows, as a tensor `[1]`. */
  #count(rows: string): string {
    const { graph } = this;
    return graph.apply("Gather", [graph.apply("Shape", [rows]), graph.integers(0)]);
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
      if (part === "words") return this.#lookUp(this.#words!.relations, state.q);
      if (part !== "graph") return this.#part(part, state);
      const width = graph.integers(this.#config.hidden);
      const shape = graph.apply("Concat", [this.#count(rows), width], { axis: 0 });
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
        return this.#lookUp(table, state.q);
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
