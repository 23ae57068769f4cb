/**
 * What the probabilities of a trained network are worth, measured on its validation images.
 *
 * @module
 */

import { decodeGraph, inputLabels } from "../decode_graph.ts";
import type { Example, Logits } from "../example.ts";
import { softmaxRows } from "../softmax.ts";
import type { Vocabulary } from "../vocabulary.ts";
import { fitLabelSets, type LabelSets } from "./label_sets.ts";
import { calibrated, fitPlatt, type Platt } from "./platt.ts";
import { bestThresholds } from "./thresholds.ts";

/** The measurements, which a checkpoint keeps. */
export interface Confidence {
  /** Calibrates the probability of a label. */
  entities: Platt;
  /** Calibrates the probability that all three parts of a relation are right. */
  relations: Platt;
  /** Labels that hold the true one with a wanted probability. */
  labelSets: LabelSets;
  /** `[P - 1]`: calibrated probability of each predicate's relations with the best F1. */
  thresholds: Float32Array;
  /** `[P - 1]`: 1 where the threshold is the predicate's own, 0 where that of all. */
  hasOwnThreshold: Int32Array;
}

/** Probabilities and whether they came true. */
export interface Outcomes {
  scores: number[];
  isRight: number[];
}

/**
 * Compares graphs with annotations. Labels that are certain in the input are left out, as
 * they stay. Of each ordered pair the likeliest predicate counts; it is right if the pair is
 * annotated with it and both labels are right.
 */
export class ConfidenceData {
  /** The likeliest label of each entity. */
  readonly entities: Outcomes = { scores: [], isRight: [] };
  /** The likeliest relation of each pair. */
  readonly relations: Outcomes = { scores: [], isRight: [] };
  readonly #vocabulary: Vocabulary;
  readonly #truths: { labels: number[]; probabilities: number[] } = {
    labels: [],
    probabilities: [],
  };
  readonly #predicates: number[] = [];
  readonly #annotated: Float64Array;

  /** @param vocabulary Classes and predicates. */
  constructor(vocabulary: Vocabulary) {
    this.#vocabulary = vocabulary;
    this.#annotated = new Float64Array(vocabulary.noRelation);
  }

  /**
   * Adds an image.
   *
   * @param example The annotated image, with the logits of its input.
   * @param logits The network's logits.
   */
  add(example: Example, logits: Logits): void {
    const { entityLabels, relations } = example;
    const c = this.#vocabulary.numEntityClasses;
    const given = inputLabels(example.entityLogits, c);
    const graph = decodeGraph(logits, { ...example, given }, this.#vocabulary);
    const p = softmaxRows(logits.entityLogits, c);
    const isRight = graph.entities.map(({ labelIndex }, i) =>
      labelIndex === entityLabels[i]
    );
    graph.entities.forEach(({ score }, i) => {
      if (given[i].isKept) return;
      this.entities.scores.push(score);
      this.entities.isRight.push(Number(isRight[i]));
      this.#truths.labels.push(entityLabels[i]);
      this.#truths.probabilities.push(p[i * c + entityLabels[i]]);
    });
    const annotated = new Set<string>();
    for (let r = 0; r < relations.length; r += 3) {
      const [subject, object, predicate] = relations.subarray(r, r + 3);
      const key = `${subject} ${object} ${predicate}`;
      if (!annotated.has(key)) this.#annotated[predicate]++;
      annotated.add(key);
    }
    for (const { subject, object, predicateIndex, score } of graph.relations) {
      const isAnnotated = annotated.has(`${subject} ${object} ${predicateIndex}`);
      this.relations.scores.push(score);
      this.relations.isRight.push(
        Number(isAnnotated && isRight[subject] && isRight[object]),
      );
      this.#predicates.push(predicateIndex);
    }
  }

  /** Number of annotated relations; one that is annotated twice counts once. */
  get numAnnotated(): number {
    return this.#annotated.reduce((sum, count) => sum + count, 0);
  }

  /** Fits everything; without any image the probabilities stay as they are. */
  fit(): Confidence {
    const relations = fitPlatt(this.relations.scores, this.relations.isRight);
    const { labels, probabilities } = this.#truths;
    const { thresholds, own } = bestThresholds({
      scores: this.relations.scores.map((score) => calibrated(relations, score)),
      isRight: this.relations.isRight,
      predicates: this.#predicates,
      annotated: this.#annotated,
    });
    return {
      entities: fitPlatt(this.entities.scores, this.entities.isRight),
      relations,
      labelSets: fitLabelSets(labels, probabilities, this.#vocabulary.numEntityClasses),
      thresholds,
      hasOwnThreshold: Int32Array.from(own, Number),
    };
  }
}
