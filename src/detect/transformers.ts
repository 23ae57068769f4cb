import type { Detector } from "./detector.ts";
export function loadTransformersDetector(_m: string, _o: object): Promise<Detector> {
  throw new Error("todo");
}
