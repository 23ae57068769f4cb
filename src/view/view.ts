/**
 * A dataset and the systems that are shown on it: everything that the page asks for.
 *
 * @module
 */

import { annotatedGraph } from "../annotated_graph.ts";
import type { Dataset } from "../dataset/dataset.ts";
import type { SplitName } from "../dataset/manifest.ts";
import type { SystemEvaluation } from "../eval/evaluate.ts";
import { isDetection } from "../eval/protocol.ts";
import { annotationOf, type Example } from "../example.ts";
import { folderName } from "../pipeline/datasets.ts";
import { openIndex } from "../pipeline/graphs/graph_index.ts";
import { type Listener, SILENT } from "../pipeline/listener.ts";
import { LABEL_PREDICTOR, openSystems } from "../pipeline/systems/systems.ts";
import { openDatasetFor } from "../pipeline/systems/trained_on.ts";
import type { GraphIndex } from "../search/graph_index.ts";
import { shownEvaluations, type ShownSettings } from "./evaluations.ts";
import { type ImageFilter, ImageTable } from "./image_table.ts";
import type { AttentionStep, Pair, Panel, ShownImage, ViewInfo } from "./messages.ts";
import {
  attentionSteps,
  graphOfList,
  type JudgedGraph,
  panelOf,
  type PanelOptions,
  withLabelsBefore,
} from "./shown_graphs.ts";
import { openShownSystems, type OpenSystem } from "./systems.ts";

/** What to show. */
export interface ViewOptions extends ShownSettings {
  /** Name or path of the dataset; default: the one that the first checkpoint was trained on. */
  dataset?: string;
  /** Checkpoints and files of predictions, beside the label predictor. */
  systems: readonly string[];
  /** Path of the index of annotated graphs; default: in `data/processed/.indices`. */
  index?: string;
}

/** How an image is asked for. */
export interface ImageRequest extends PanelOptions {
  /** Index of K. */
  k: number;
  /** Index of the system whose hits the annotated graph shows. */
  system: number;
  /** The pattern of a search. */
  pattern?: string;
  /** What the list is filtered by: relations that fit are marked. */
  filter?: ImageFilter;
}

/** Number of images that are kept, as readers go back and forth. */
const KEPT = 32;

/** Greatest number of matches of a pattern that are marked in one image. */
const MAX_MATCHES = 1000;

/** What a view is made of. */
interface Parts {
  dataset: Dataset;
  split: SplitName;
  evaluations: readonly SystemEvaluation[];
  index: GraphIndex;
  systems: readonly OpenSystem[];
  /** Closes the index and frees the networks. */
  stack: DisposableStack;
}

/** A dataset with its systems, ready to be shown. */
export class View implements Disposable {
  readonly #dataset: Dataset;
  readonly #evaluations: readonly SystemEvaluation[];
  readonly #index: GraphIndex;
  readonly #systems: readonly OpenSystem[];
  readonly #stack: DisposableStack;
  readonly #examples = new Map<number, Promise<Example>>();
  /** The split that is shown. */
  readonly split: SplitName;
  /** What each system found in each image. */
  readonly table: ImageTable;

  private constructor({ dataset, split, evaluations, index, systems, stack }: Parts) {
    this.#dataset = dataset;
    this.#evaluations = evaluations;
    this.#index = index;
    this.#systems = systems;
    this.#stack = stack;
    this.split = split;
    this.table = new ImageTable(evaluations);
  }

  /**
   * Evaluates the systems, and opens the index of the annotated graphs.
   *
   * @param options What to show.
   * @param listener Receives notes, warnings and progress.
   * @returns The view; the caller disposes it.
   * @throws {RangeError} If a name is unknown, or a system does not fit the dataset.
   * @throws {SyntaxError | RangeError | TypeError} If a file is damaged.
   */
  static async open(options: ViewOptions, listener: Listener = SILENT): Promise<View> {
    using stack = new DisposableStack();
    const others = options.systems.filter((name) => name !== LABEL_PREDICTOR);
    const systems = await openSystems([LABEL_PREDICTOR, ...others]);
    const dataset = await openDatasetFor(systems, options.dataset, listener);
    const evaluations = await shownEvaluations(systems, dataset, options, listener);
    const { index } = await openIndex(
      dataset.folder,
      { path: options.index },
      listener,
    );
    stack.use(index);
    const [{ evaluator }] = evaluations;
    const ranking = {
      ...{ task: evaluator.task, protocol: evaluator.protocol },
      k: Math.max(...evaluator.ks),
      numPredicates: dataset.vocabulary.predicates.length,
    };
    const opened = stack.use(
      await openShownSystems(systems, dataset, { ...options, ranking }, listener),
    );
    return new View({
      ...{ dataset, split: options.split, evaluations, index },
      ...{ systems: opened.systems, stack: stack.move() },
    });
  }

  /** What is shown. */
  get info(): ViewInfo {
    const [{ task, protocol, evaluator }] = this.#evaluations;
    const { entities, predicates } = this.#index.names;
    return {
      dataset: folderName(this.#dataset),
      ...{ split: this.split, task, protocol: protocol.name, ks: [...evaluator.ks] },
      images: this.table.ids.length,
      systems: this.#evaluations.map(({ system, evaluator }, i) => ({
        name: system,
        recalls: evaluator.result().values.filter(({ metric }) => metric === "R")
          .map(({ value }) => Number.isFinite(value) ? value : 0),
        hasAttention: this.#systems[i].attentionOf !== undefined,
      })),
      classes: [...entities].sort(),
      predicates: [...predicates].sort(),
      example: this.#index.commonTriplet(this.split) ?? "",
    };
  }

  /** Index of a predicate in the vocabulary; -1 if it has none of that name. */
  predicateIndex(name: string): number {
    return this.#dataset.vocabulary.predicates.indexOf(name);
  }

  /**
   * Finds the images in which a pattern fits.
   *
   * @throws {RangeError} If the pattern cannot be read.
   */
  search(pattern: string): string[] {
    return this.#index.images(pattern, this.split);
  }

  /** Reads an image; the last ones are kept. */
  async example(place: number): Promise<Example> {
    const kept = this.#examples.get(place) ?? this.#read(place);
    this.#examples.delete(place);
    this.#examples.set(place, kept);
    if (this.#examples.size > KEPT) {
      this.#examples.delete(this.#examples.keys().next().value!);
    }
    return await kept;
  }

  async #read(place: number): Promise<Example> {
    const part = { skip: place, limit: place + 1 };
    for await (const example of this.#dataset.examples(this.split, part)) return example;
    throw new RangeError(
      `Cannot show image ${place} as "${this.#dataset.folder}" must have it: found fewer`,
    );
  }

  /** The dataset, whose pictures are shown. */
  get dataset(): Pick<Dataset, "folder" | "manifest"> {
    return this.#dataset;
  }

  /**
   * Makes the panels of an image: the annotated graph, and that of each system.
   *
   * @param place Its place among all images.
   * @param request What is drawn.
   */
  async image(place: number, request: ImageRequest): Promise<ShownImage> {
    const example = await this.example(place);
    const { id, width, height } = example;
    const truth = annotationOf(example), { vocabulary } = this.#dataset;
    const [{ evaluator, task }] = this.#evaluations;
    const k = evaluator.ks[request.k], listed = this.table.listed(place, request.k);
    const panels: Panel[] = [], hasSharedBoxes = !isDetection(task);
    const asked = this.table.chosenRelations(place, request.filter ?? {});
    let before: JudgedGraph | undefined;
    for (const [i, system] of this.#systems.entries()) {
      const list = await system.listOf(example);
      if (!list) continue;
      const ranks = this.table.triplets(place, i).map(({ ranks }) => ranks.R);
      const hits = new Set(ranks.filter((rank) => rank !== null && rank <= k));
      const all = graphOfList(list, example, vocabulary, hits as Set<number>);
      const alone = { ...all, relations: all.relations.slice(0, k) };
      before ??= alone;
      const graph = i > 0 && hasSharedBoxes ? withLabelsBefore(alone, before) : alone;
      panels.push(panelOf(graph, {
        ...{ title: system.name, system: system.name },
        found: { hits: listed.hits[i], rows: listed.rows },
        ...i === request.system &&
          { chosen: asked.predicted.map((at) => pairOf(list.triplets[at])) },
        hasAttention: system.attentionOf !== undefined,
      }, request));
    }
    const annotated = annotatedGraph(truth, vocabulary);
    const found = this.table.triplets(place, request.system);
    const relations = annotated.relations.map((relation) => ({
      ...{ ...relation, isScored: false },
      isHit: found.some(({ subject, object, predicate, ranks }) =>
        subject === relation.subject && object === relation.object &&
        predicate === relation.predicateIndex && ranks.R !== null && ranks.R <= k
      ),
    }));
    panels.unshift(panelOf({ ...annotated, relations }, {
      ...{ title: "annotated", isAnnotated: true, hasAttention: false },
      chosen: [
        ...asked.annotated.map((at) => pairOf(found[at])),
        ...request.pattern ? this.#matches(request.pattern, id) : [],
      ],
    }, request));
    return { id, width, height, hasSharedBoxes, panels };
  }

  #matches(pattern: string, id: string): Pair[] {
    return this.#index.find(pattern, MAX_MATCHES, id).flatMap(({ clauses }) =>
      clauses.map(({ subject, object }) => ({
        subject: subject.entity,
        ...object && { object: object.entity },
      }))
    );
  }

  /**
   * Whom an entity attends to, in each step of a network.
   *
   * @param place Place of the image among all.
   * @param system Index of the system.
   * @param entity Index of the entity.
   * @throws {RangeError} If the system has no attention, or the image no such entity.
   */
  async attention(
    place: number,
    system: number,
    entity: number,
  ): Promise<AttentionStep[]> {
    const example = await this.example(place),
      { name, attentionOf } = this.#systems[system];
    if (!attentionOf) {
      throw new RangeError(
        `Cannot show attention of "${name}" as it must be a network: found none`,
      );
    }
    const n = example.boxes.length / 4;
    return attentionSteps(await attentionOf(example), n, entity);
  }

  /** Closes the index and frees the networks. */
  [Symbol.dispose](): void {
    this.#stack.dispose();
  }
}

function pairOf({ subject, object }: { subject: number; object: number }): Pair {
  return { subject, object };
}
