/**
 * The answers of models that find what words name: labels without scores are taken as
 * certain.
 *
 * @module
 */

import { isObject } from "../../json_kinds.ts";
import type { JsonValue } from "../../json_value.ts";
import { CORNERS, has, lists, type Reading } from "./_reading.ts";

/** Florence-2's answer, under the name of its task or alone: names, and no scores. */
export const florence: Reading = {
  is: (value) => {
    const inner = isObject(value) ? answerIn(value) : undefined;
    return has(inner, "bboxes") && !has(inner, "scores") &&
      (has(inner, "labels") || has(inner, "bboxes_labels"));
  },
  boxes(root) {
    const task = Object.keys(root.object()).find((key) => /^<.*>$/.test(key));
    const answer = task === undefined ? root : root.at(task);
    const boxes = answer.at("bboxes").items();
    const key = answer.at("bboxes_labels").isMissing ? "labels" : "bboxes_labels";
    const labels = answer.at(key).items(boxes.length, "labels, one for each box");
    return boxes.map((at, i) => ({
      ...{ at, numbers: at.numbers(4, "numbers, [left, top, right, bottom]") },
      ...{ ...CORNERS, label: labels[i] },
    }));
  },
};

function answerIn(value: Record<string, unknown>): unknown {
  const task = Object.keys(value).find((key) => /^<.*>$/.test(key));
  return task === undefined ? value : value[task];
}

/** The greatest coordinate of models that count the sides of an image in thousandths. */
const THOUSAND = 1000;

/** Gemini: `box_2d`, top first, in thousandths of the image's sides. */
export const gemini: Reading = {
  is: (value) => lists(value, "box_2d"),
  boxes: (root) =>
    root.items().map((found) => {
      const at = found.at("box_2d");
      const numbers = at.numbers(4, "numbers, [top, left, bottom, right]");
      const score = scoreOf(found), label = found.at("label");
      return { at, numbers, form: "rowsFirst", side: THOUSAND, label, score };
    }),
};

/**
 * Qwen-VL: `bbox_2d`, left first. Version 2.5 counts in pixels, 3 in thousandths. It says
 * nowhere which, but pixels do not leave the image.
 */
export const qwen: Reading = {
  is: (value) => lists(value, "bbox_2d"),
  boxes(root, { imageWidth = Infinity, imageHeight = Infinity }) {
    const found = root.items();
    const rows = found.map((item) =>
      item.at("bbox_2d").numbers(4, "numbers, [left, top, right, bottom]")
    );
    const sticksOut = rows.some(([, , right, bottom]) =>
      right > imageWidth || bottom > imageHeight
    );
    const areThousandths = sticksOut && rows.flat().every((n) => n <= THOUSAND);
    return found.map((item, i) => ({
      ...{ at: item.at("bbox_2d"), numbers: rows[i], ...CORNERS },
      ...{ label: item.at("label"), score: scoreOf(item) },
      ...areThousandths && { side: THOUSAND },
    }));
  },
};

function scoreOf(found: JsonValue): JsonValue | undefined {
  return found.at("score").optional ?? found.at("confidence").optional;
}

/** GroundingDINO's own program: middles and sizes as shares, and phrases. */
export const groundingDino: Reading = {
  is: (value) => has(value, "boxes", "phrases"),
  boxes(root) {
    const boxes = root.at("boxes").items();
    const what = (name: string) => `${name}, one for each box`;
    const phrases = root.at("phrases").items(boxes.length, what("phrases"));
    const scores = root.at("logits").optional?.items(boxes.length, what("numbers"));
    return boxes.map((at, i) => ({
      ...{ at, numbers: at.numbers(4, "numbers, [centre x, centre y, width, height]") },
      ...{ form: "centres", side: 1, label: phrases[i], score: scores?.[i] },
    }));
  },
};
