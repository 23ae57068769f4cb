/**
 * The ways in which a visitor gives a picture: choosing, dropping, pasting.
 *
 * @module
 */

import { byId } from "../../src/dom.ts";

/**
 * Listens to all of them.
 *
 * @param onFile Called with each picture.
 */
export function listenToFiles(onFile: (file: File) => void): void {
  const input = byId<HTMLInputElement>("file");
  for (const button of document.querySelectorAll("[data-choose]")) {
    button.addEventListener("click", () => input.click());
  }
  input.addEventListener("change", () => {
    const file = input.files?.[0];
    if (file) onFile(file);
    input.value = ""; // so that the same file can be chosen again
  });
  document.addEventListener("paste", ({ clipboardData }) => {
    const file = clipboardData?.files[0];
    if (file) onFile(file);
  });
  listenToDrops(onFile);
}

/** A picture may be dropped anywhere on the page. */
function listenToDrops(onFile: (file: File) => void): void {
  const { classList } = document.documentElement;
  // Entering a child comes before leaving its parent.
  let depth = 0;
  const hasFile = ({ dataTransfer }: DragEvent) =>
    dataTransfer?.types.includes("Files") ?? false;
  const mark = (change: number) => {
    depth = Math.max(0, depth + change);
    classList.toggle("dropping", depth > 0);
  };
  addEventListener("dragenter", (event) => hasFile(event) && mark(1));
  addEventListener("dragleave", (event) => hasFile(event) && mark(-1));
  addEventListener("dragover", (event) => hasFile(event) && event.preventDefault());
  addEventListener("drop", (event) => {
    if (!hasFile(event)) return;
    event.preventDefault();
    mark(-depth);
    const file = event.dataTransfer!.files[0];
    if (file) onFile(file);
  });
}
