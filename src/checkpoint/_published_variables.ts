/**
 * The variables of the published program: finds the configuration from their shapes, and
 * the variables that are missing or have another shape.
 *
 * @module
 */

import {
  PUBLISHED_EPSILON,
  type SgpConfig,
  type VariantName,
  VARIANTS,
} from "../config.ts";
import { parseSgpConfig } from "../parse_config.ts";
import { NUM_BOX_FEATURES } from "../model/box_features.ts";
import { type NetName, NETS, netWidths } from "../model/parameters.ts";

/** Shapes by name, such as `deep_graph/nn_phi/0/weights`. */
export type Shapes = ReadonlyMap<string, readonly number[]>;

/** Configuration of the published network. `steps` is the published program's default. */
export const PUBLISHED_CONFIG: SgpConfig = {
  variant: "gpi_linguistic",
  numEntityClasses: 150,
  numPredicates: 51,
  embeddingSize: 300,
  hidden: 500,
  layers: [500, 500, 500],
  steps: 2,
  features: "paper",
  epsilon: PUBLISHED_EPSILON,
  relationTrust: 1,
  relations: "network",
  relationsOnly: false,
};

/** Differences between given variables and those of a network. */
export interface VariableProblems {
  /** Names of missing variables. */
  missing: string[];
  /** Variables of another shape. */
  misshapen: { name: string; found: readonly number[]; expected: readonly number[] }[];
  /** Names of variables that the network lacks, such as those of an optimizer. */
  extra: string[];
}

/**
 * Finds the configuration of a network from the shapes of its variables.
 *
 * @param shapes Shapes of the variables.
 * @param steps T, which no shape tells.
 * @returns The configuration, with the published features; the published configuration if
 * variables that it needs are missing.
 * @throws {RangeError} If no variant has these shapes.
 */
export function configOfShapes(shapes: Shapes, steps: number): SgpConfig {
  const weights = (net: NetName, layer: number) =>
    shapes.get(`deep_graph/${NETS[net]}/${layer}/weights`);
  const lastOf = (net: NetName) => {
    const widths: number[] = [];
    for (let layer = 0; weights(net, layer)?.length === 2; layer++) {
      widths.push(weights(net, layer)![1]);
    }
    return { hidden: widths.slice(0, -1), out: widths.at(-1) };
  };
  const [pair, hidden] = weights("phi", 0) ?? [];
  const [entityAndHidden] = weights("alpha", 0) ?? [];
  const relation = lastOf("rhoRelation"), entity = lastOf("rhoEntity");
  if (!pair || !hidden || !entityAndHidden || !relation.out) {
    return { ...PUBLISHED_CONFIG, steps };
  }
  const entityWidth = entityAndHidden - hidden;
  const embeddingSize = pair - 2 * entityWidth - relation.out;
  const numEntityClasses = entity.out ??
    entityWidth - embeddingSize - NUM_BOX_FEATURES.paper;
  return parseSgpConfig({
    variant: variantOf(weights("phiAttention", 0), embeddingSize > 0),
    numEntityClasses,
    numPredicates: relation.out,
    embeddingSize,
    hidden,
    layers: relation.hidden,
    steps,
    features: "paper",
    epsilon: PUBLISHED_EPSILON,
    relationTrust: 1,
    relations: "network",
    relationsOnly: entity.out === undefined,
  }, "the shapes of the variables");
}

function variantOf(
  attention: readonly number[] | undefined,
  hasWords: boolean,
): VariantName {
  const pooling = attention === undefined
    ? "mean"
    : attention[1] === 1
    ? "neighbour"
    : "feature";
  const found = Object.entries(VARIANTS).find(([, variant]) =>
    variant.context && variant.pooling === pooling && variant.words === hasWords
  );
  if (found) return found[0] as VariantName;
  throw new RangeError(
    `Cannot use these variables as a variant must have their pooling and words: found ${pooling} pooling ${
      hasWords ? "and" : "without"
    } words`,
  );
}

/** Yields name and shape of every variable of a network, in a fixed order. */
export function* expectedVariables(
  config: SgpConfig,
): Generator<{ name: string; shape: readonly number[] }> {
  for (const [net, widths] of Object.entries(netWidths(config))) {
    for (let i = 0; i + 1 < widths.length; i++) {
      const layer = `deep_graph/${NETS[net as NetName]}/${i}`;
      yield { name: `${layer}/weights`, shape: [widths[i], widths[i + 1]] };
      yield { name: `${layer}/biases`, shape: [widths[i + 1]] };
    }
  }
}

/**
 * Compares given variables with those of a network.
 *
 * @param config Configuration of the network.
 * @param shapes Shapes of the given variables.
 * @returns The differences.
 */
export function compareVariables(config: SgpConfig, shapes: Shapes): VariableProblems {
  const expected = new Map(
    Array.from(expectedVariables(config), ({ name, shape }) => [name, shape]),
  );
  const problems: VariableProblems = { missing: [], misshapen: [], extra: [] };
  for (const [name, shape] of expected) {
    const found = shapes.get(name);
    if (found === undefined) problems.missing.push(name);
    else if (`${found}` !== `${shape}`) {
      problems.misshapen.push({ name, found, expected: shape });
    }
  }
  problems.extra = [...shapes.keys()].filter((name) => !expected.has(name));
  return problems;
}
