/**
 * What the viewer's server and its page tell each other, as JSON.
 *
 * @module
 */

import type { GivenLabel, SceneGraph } from "../scene_graph.ts";

/** A system whose graphs are shown. */
export interface ShownSystem {
  name: string;
  /** Its recall at each K, in [0, 1], of all images together. */
  recalls: number[];
  /** Whether it is a network that can tell whom its entities attend to. */
  hasAttention: boolean;
}

/** What is shown. */
export interface ViewInfo {
  dataset: string;
  split: string;
  task: string;
  protocol: string;
  /** Numbers of candidates, ascending. */
  ks: number[];
  /** Number of images. */
  images: number;
  /** The label predictor first. */
  systems: ShownSystem[];
  /** Names of the classes and predicates of the annotated graphs. */
  classes: string[];
  predicates: string[];
  /** A pattern that fits: the most frequent triplet. */
  example: string;
}

/** Orders of the list. */
export const ORDERS = ["dataset", "worst", "best", "helped", "hurt"] as const;
/** An order of the list. */
export type Order = typeof ORDERS[number];

/** What context did to an image: relations found with it, lost by it, or either. */
export const CHANGES = ["helped", "hurt", "changed"] as const;
/** What context did to an image. */
export type Change = typeof CHANGES[number];

/** What became of an annotated relation; or, of a predicted one, that it is not annotated. */
export const OUTCOMES = ["hit", "miss", "extra"] as const;
/** What became of a relation. */
export type Outcome = typeof OUTCOMES[number];

/** An image of the list. */
export interface ListedImage {
  id: string;
  /** Whether the protocol scores it. */
  isScored: boolean;
  /** Number of annotated relations that count. */
  rows: number;
  /** How many of them each system finds. */
  hits: number[];
}

/** A part of the list. */
export interface ImageList {
  /** Number of images that the filters leave. */
  total: number;
  /** Place of the first of these in the list. */
  offset: number;
  images: ListedImage[];
  /** Place of the image that was asked for; -1 if the filters leave it out. */
  at?: number;
}

/** A relation of a panel. */
export interface ShownRelation {
  subject: number;
  object: number;
  predicate: string;
  /** Its score; absent if the system gives an order alone. */
  score?: number;
  /** Whether it is annotated (of a system), or found by the chosen system (of the truth). */
  isHit?: boolean;
}

/** An entity of a panel. */
export interface ShownEntity {
  label: string;
  /** The label, with a number where several entities have the same. */
  name: string;
  score: number;
  box: SceneGraph["entities"][number]["box"];
  /** The label before context, if context changed it. */
  before?: GivenLabel;
}

/** A relation by its entities; an entity alone has no object. */
export interface Pair {
  subject: number;
  object?: number;
}

/** One graph of an image. */
export interface Panel {
  /** Its heading. */
  title: string;
  /** Name of its system; absent for the annotated graph and for dropped files. */
  system?: string;
  /** Whether it is the annotated graph, whose entities have no scores. */
  isAnnotated?: boolean;
  entities: ShownEntity[];
  /** Best first. */
  relations: ShownRelation[];
  /** Relations that the filters ask for: pairs of entities. */
  chosen?: Pair[];
  /** Numbers of annotated relations that the system finds, and of all that count. */
  found?: { hits: number; rows: number };
  /** The drawing. */
  svg: string;
  hasAttention: boolean;
}

/** An image with its graphs. */
export interface ShownImage {
  id: string;
  width: number;
  height: number;
  /** Whether all panels have the same boxes in the same order. */
  hasSharedBoxes: boolean;
  /** The annotated graph first, if there is one. */
  panels: Panel[];
  /** What the reader should know of it. */
  notes?: string[];
}

/** Attention of one step, for one entity. */
export interface AttentionStep {
  /** Share of each entity in what the entity attends to. */
  entity: number[];
  /** Share of each entity in what the vector of the whole graph is made of. */
  graph: number[];
}

/** A training run. */
export interface Run {
  name: string;
  /** Number of epochs so far. */
  epochs: number;
}

/** The runs, and the curves of one. */
export interface RunList {
  /** The one that changed last first. */
  runs: Run[];
  /** The run that was asked for, else the first; absent if there is none. */
  shown?: {
    name: string;
    /** How far it is, in words. */
    summary: string;
    /** Its charts as figures of HTML, as in a report. */
    figures: string[];
  };
}

/** An answer that is none. */
export interface Refusal {
  error: string;
}
