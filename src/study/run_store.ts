/**
 * Keeps the finished runs of a study, so that an interrupted study goes on where it was.
 *
 * @module
 */

import { exists, readFile, writeFileAtomically } from "../files.ts";
import { throwProblem } from "../json_problem.ts";
import { parseJson } from "../json_value.ts";

/** The finished runs of one study: a JSON file for each, in one folder. */
export class RunStore<Result> {
  readonly #folder: string;

  /** @param folder Folder of the files; made with the first run. */
  constructor(folder: string) {
    this.#folder = folder;
  }

  /**
   * The result of a run.
   *
   * @param name Name of the run, which is also that of its file.
   * @param settings Everything that the result depends on, as JSON.
   * @returns Nothing if the run is not finished, or was made with other settings.
   * @throws {SyntaxError} If the file is not JSON.
   */
  async load(name: string, settings: unknown): Promise<Result | undefined> {
    const path = this.#pathOf(name);
    if (!await exists(path)) return undefined;
    const suggestion = "delete the file, and the run is made again";
    const kept = parseJson(
      await readFile(path),
      path,
      (problem) => throwProblem({ ...problem, suggestion }),
    );
    const isSame = JSON.stringify(kept.at("settings").value) === JSON.stringify(settings);
    return isSame ? kept.at("result").value as Result : undefined;
  }

  /** Keeps the result of a run. */
  async save(name: string, settings: unknown, result: Result): Promise<void> {
    await writeFileAtomically(
      this.#pathOf(name),
      JSON.stringify({ settings, result }) + "\n",
    );
  }

  #pathOf(name: string): string {
    return `${this.#folder}/${name}.json`;
  }
}
