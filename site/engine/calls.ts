/**
 * What the page asks of its worker, and what it gets.
 *
 * @module
 */

import type { Picture, PredictedGraph, PredictInput, SceneGraph } from "../../mod.ts";

/** Where to compute; `auto` is a GPU if there is a real one, else WebAssembly. */
export type BackendChoice = "auto" | "webgpu" | "wasm";

/** What kind of picture it is; each has a network of its own. */
export type PictureKind = "photograph" | "drawing";

/** Where the worker finds its files: absolute addresses. */
export interface EngineAddresses {
  /** Folder of the detector's network. */
  detector: string;
  /** Checkpoint of photographs. */
  network: string;
  /** Checkpoint of the built-in world. */
  drawings: string;
}

/** The graph of a picture, and what it took. */
export interface Seen {
  graph: PredictedGraph;
  /** The graph without context; not of a frame of a camera. */
  before?: SceneGraph;
  /** Milliseconds to decode the picture and find its entities; 0 for a drawing. */
  detecting: number;
  /** Milliseconds of the network, with the graph without context. */
  relating: number;
}

/** Every call, with its argument and result. */
export interface Calls {
  /** Starts a backend, once; the result describes it. */
  start: { argument: BackendChoice; result: string };
  /** Loads what a kind of picture needs, once. */
  prepare: {
    argument: { kind: PictureKind; addresses: EngineAddresses };
    result: void;
  };
  /** The graph of a photograph: of a file, or of a frame of a camera. */
  photograph: { argument: { image: Blob | Picture; isFrame: boolean }; result: Seen };
  /** The graph of a drawing, from what the simulated detector says of it. */
  drawing: { argument: PredictInput; result: Seen };
}

/** A call on its way to the worker. */
export type Question = {
  [Name in keyof Calls]: { id: number; name: Name; argument: Calls[Name]["argument"] };
}[keyof Calls];

/** Its result, or the message of its error. */
export type Answer = { id: number; result: unknown } | { id: number; error: string };
