/**
 * Puts the entities that the vocabulary does not know back into a predicted graph.
 *
 * @module
 */

import type { Detections } from "../detections.ts";
import type { MendedCounts } from "../foreign/mended.ts";
import type { Attention } from "../model/prediction.ts";
import type { Entity, SceneGraph } from "../scene_graph.ts";
import type { ClassMatch } from "./classes/class_map.ts";
import type { StepBeliefs } from "./step_beliefs.ts";
import type { DetectedEntity, DetectedInput, DetectionCounts } from "./detections.ts";

/** How detections became entities. */
export interface DetectionReport {
  /** The detector's classes that the vocabulary calls otherwise, or does not have. */
  mapped: ClassMatch[];
  /** How many boxes were merged or left out, and how many entities are unknown. */
  counts: DetectionCounts;
}

/** A predicted graph, with or without how the network came to it. */
interface Predicted extends SceneGraph {
  attention?: Attention[];
  steps?: StepBeliefs[];
}

/** What a graph of detections has besides. */
interface Reported {
  mended?: MendedCounts;
  warnings?: readonly string[];
  detections: DetectionReport;
}

/** Whether an input is the output of a detector, with its own classes. */
export function isDetections(input: object): input is Detections {
  return "beliefs" in input && "classes" in input;
}

/**
 * Makes the graph of all entities of a detector's output.
 *
 * @param graph Predicted from the known entities, in their order.
 * @param detected From `inputOf`.
 * @returns The graph: entities in the order of the detections, each with what the detector
 * said; those that are unknown are marked, have no relations, and get no attention.
 */
export function graphOfDetections<Graph extends Predicted>(
  graph: Graph,
  { entities, mapped, counts, mended, warnings }: DetectedInput,
): Graph & Reported {
  const places = entities.flatMap(({ known }, i) => known >= 0 ? [i] : []);
  const { attention, steps } = graph, n = entities.length;
  return {
    ...graph,
    entities: entities.map((entity) => entityOf(entity, graph.entities)),
    relations: graph.relations.map((relation) => ({
      ...relation,
      subject: places[relation.subject],
      object: places[relation.object],
    })),
    ...(attention && {
      attention: attention.map((step) => ({
        nodes: spread(step.nodes, places, n, 2),
        graph: spread(step.graph, places, n, 1),
      })),
    }),
    ...(steps && {
      steps: steps.map((step) => ({
        ...step,
        entities: entities.map(({ known, detected }) =>
          known >= 0 ? step.entities[known] : [detected]
        ),
      })),
    }),
    ...(mended && { mended }),
    ...(warnings && { warnings }),
    detections: { mapped, counts },
  };
}

function entityOf(
  { box, detected, known }: DetectedEntity,
  predicted: readonly Entity[],
): Entity {
  if (known >= 0) return { ...predicted[known], detected };
  return { ...detected, labelIndex: -1, box, known: false, detected };
}

/** Numbers of M entities, `[M]` or `[M, M]`, as numbers of N: `[N]` or `[N, N]`. */
function spread(
  values: Float32Array,
  places: readonly number[],
  n: number,
  axes: 1 | 2,
): Float32Array {
  const m = places.length;
  const result = new Float32Array(axes === 1 ? n : n * n);
  for (const [i, value] of values.entries()) {
    const row = axes === 1 ? 0 : places[Math.floor(i / m)];
    result[row * n + places[i % m]] = value;
  }
  return result;
}
