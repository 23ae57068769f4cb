/**
 * Takes files that the reader drops or opens: the server predicts their graphs.
 *
 * @module
 */

import { byId } from "../../dom.ts";
import { revealImage } from "./image.ts";
import { ask } from "./server.ts";
import { go } from "./state.ts";

/**
 * Takes files.
 *
 * @param say Tells the reader what happens.
 * @param onProblem Called with what the server refuses.
 */
export function takeFiles(
  say: (text: string) => void,
  onProblem: (problem: unknown) => void,
): void {
  const veil = byId("veil"), input = byId<HTMLInputElement>("file");
  const hasFiles = (event: DragEvent) => event.dataTransfer?.types.includes("Files");
  const take = async (file: File | null | undefined) => {
    if (!file) return;
    say(`Reading ${file.name} …`);
    try {
      const { drop } = await ask<{ drop: number }>("/api/drop", { name: file.name }, {
        method: "POST",
        body: file,
      });
      say(`The graph of ${file.name}`);
      const cleared = { image: undefined, entity: undefined, panel: undefined };
      go({ ...cleared, show: undefined, drop: String(drop) });
      revealImage();
    } catch (problem) {
      say("");
      onProblem(problem);
    }
  };
  addEventListener("dragenter", (event) => {
    if (hasFiles(event)) veil.hidden = false;
  });
  addEventListener("dragover", (event) => {
    if (hasFiles(event)) event.preventDefault();
  });
  addEventListener("dragleave", ({ relatedTarget }) => {
    if (relatedTarget === null) veil.hidden = true;
  });
  addEventListener("drop", (event) => {
    if (!hasFiles(event)) return;
    event.preventDefault();
    veil.hidden = true;
    take(event.dataTransfer!.files[0]);
  });
  input.addEventListener("change", async () => {
    await take(input.files?.[0]);
    // The same file may be chosen again.
    input.value = "";
  });
}
