/**
 * The files of a training run, which are written and moved together.
 *
 * @module
 */

/** Paths of the files of a run. */
export interface RunPaths {
  /** The last checkpoint, with the state of the training. */
  last: string;
  /** The best checkpoint by validation. */
  best: string;
  /** The log: one line of JSON for each epoch. */
  log: string;
}

/** Name of the checkpoints of one run: that of the first seed is plain. */
export function runName(name: string, index: number, seed: number): string {
  return index === 0 ? name : `${name}_seed${seed}`;
}

/** The path that names a run's group of files. */
export function runGroup({ folder, name }: { folder: string; name: string }): string {
  return `${folder}/${name}`;
}

/** The paths of a run's files. */
export function runPaths(run: { folder: string; name: string }): RunPaths {
  const group = runGroup(run);
  return {
    last: `${group}.safetensors`,
    best: `${group}_best.safetensors`,
    log: `${group}.jsonl`,
  };
}
