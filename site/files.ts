/**
 * The files of the site, as its build lists them for the page and the service worker.
 *
 * @module
 */

/** A file of the site. */
export interface SiteFile {
  /** Its path below the page's address. A path has a hash of the content in it. */
  path: string;
  /** Its size in bytes, uncompressed. */
  bytes: number;
  /** SHA-256 of its content, in hexadecimal. */
  sha256: string;
}

/** Names of the groups of files that are fetched when a picture is chosen. */
export type GroupName = "program" | "detector" | "network" | "drawings";

/** A drawing of the built-in world to try. */
export interface ExampleFiles {
  /** What it shows, such as `"beach: surf"`. */
  title: string;
  /** Path of the drawing (SVG). */
  picture: string;
  /** Path of what the simulated detector says of it: a `PredictInput` as JSON. */
  input: string;
}

/** All files but the page itself and its service worker. */
export interface SiteFiles {
  /** What is fetched with the page. */
  shell: SiteFile[];
  /** What is fetched with the first photograph or drawing. */
  groups: Record<GroupName, SiteFile[]>;
  /** What the worker is told: paths below the page's address. */
  engine: EngineFiles;
  /** Drawings to try; their files belong to the shell. */
  examples: ExampleFiles[];
}

/** Paths of what the worker loads. */
export interface EngineFiles {
  /** The worker's program. */
  program: string;
  /** Folder of the detector's network. */
  detector: string;
  /** Checkpoint of photographs. */
  network: string;
  /** Checkpoint of the built-in world. */
  drawings: string;
}
