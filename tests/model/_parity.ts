/**
 * Reads a parity case of the fixtures: inputs, parameters and expected values.
 *
 * @module
 */

import type { SgpConfig, VariantName } from "../../src/config.ts";
import type { AnnotatedImage } from "../../src/example.ts";
import { decodeSafetensors } from "../../src/io/safetensors.ts";
import type { ModelInput } from "../../src/model/batch.ts";
import type { WordVectorData } from "../../src/model/sgp.ts";
import type { LossConfig } from "../../src/train/loss.ts";
import { FIXTURES, isMissing } from "../_fixtures.ts";

/** Folder of the cases. */
const FOLDER = `${FIXTURES}/parity`;

/** A case, with its expected values by name. */
export interface ParityCase {
  name: string;
  json: Record<string, unknown> & {
    case: string;
    n_entities: number;
    zero_gradient_parameters: { param: string; rows?: [number, number] }[];
  };
  config: SgpConfig;
  loss: LossConfig;
  isValidation: boolean;
  words?: WordVectorData;
  parameters: Map<string, Float32Array>;
  /** Expected values by the names of the fixtures' README. */
  tensors: Map<string, { shape: readonly number[]; data: Float32Array | Int32Array }>;
}

/** Names of all cases, or none where the fixtures are missing. */
export const CASES: readonly string[] = isMissing(FOLDER)
  ? []
  : Array.from(Deno.readDirSync(FOLDER), ({ name }) => name)
    .filter((name) => name.endsWith(".safetensors"))
    .map((name) => name.replace(".safetensors", ""))
    .sort();

const VARIANT_OF: Record<string, VariantName> = {
  linguistic: "gpi_linguistic",
  featureattention: "gpi_feature_attention",
  neighbourattention: "gpi_neighbour_attention",
  none: "gpi_mean",
};

/** Reads a case by name. */
export function readCase(name: string): ParityCase {
  const json = JSON.parse(Deno.readTextFileSync(`${FOLDER}/${name}.json`));
  const bytes = Deno.readFileSync(`${FOLDER}/${name}.safetensors`);
  const { arrays } = decodeSafetensors(bytes, name);
  const tensors = new Map(Object.entries(arrays)) as ParityCase["tensors"];
  const c = json.config;
  const variant = VARIANT_OF[String(c.gpi_type).toLowerCase().replace(/[^a-z]/g, "")];
  const parameters = new Map<string, Float32Array>();
  for (const [key, { data }] of tensors) {
    if (key.startsWith("param/")) parameters.set(key.slice(6), data as Float32Array);
  }
  const prefix = tensors.has("in/word_embed_entities") ? "" : "image0/";
  const words = tensors.get(`${prefix}in/word_embed_entities`);
  return {
    name,
    json,
    tensors,
    parameters,
    isValidation: json.validation_coefficients === true,
    words: words && {
      size: c.embed_size,
      entities: words.data as Float32Array,
      relations: tensors.get(`${prefix}in/word_embed_relations`)!.data as Float32Array,
    },
    config: {
      variant,
      numEntityClasses: c.nof_objects,
      numPredicates: c.nof_predicates,
      embeddingSize: c.embed_size,
      hidden: c.hidden,
      layers: c.layers,
      steps: c.rnn_steps,
      features: "paper",
      epsilon: 1e-10,
      relationTrust: 1,
      relations: "network",
      relationsOnly: !c.including_object,
    },
    loss: {
      loss: "paper",
      negativeRatio: 10,
      entityWeight: c.lr_object_coeff,
      regularization: c.reg_factor,
    },
  };
}

/** The image of a case; `prefix` is `"image3/"` in a case of several. */
export function imageOf(
  { tensors, config }: ParityCase,
  prefix = "",
): AnnotatedImage & ModelInput {
  const get = (name: string) => tensors.get(`${prefix}${name}`)!.data;
  const xywh = get("raw/boxes_xywh");
  const boxes = Float32Array.from(xywh, (v, i) => i % 4 < 2 ? v : v + xywh[i - 2]);
  const n = boxes.length / 4;
  const noRelation = config.numPredicates - 1;
  const relations: number[] = [];
  get("raw/relation_class").forEach((predicate, pair) => {
    if (predicate === noRelation) return;
    relations.push(Math.floor(pair / n), pair % n, predicate);
  });
  return {
    id: `${prefix}${n}`,
    width: 1200,
    height: 1200,
    boxes,
    entityLabels: Int32Array.from(get("raw/entity_class")),
    relations: Int32Array.from(relations),
    entityLogits: get("in/entity_logits") as Float32Array,
    relationLogits: get("raw/relation_logits") as Float32Array,
  };
}
