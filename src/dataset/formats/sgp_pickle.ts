/**
 * Reads the data that the SGP paper's authors published (`data.zip`): Python 2 pickles.
 *
 * - `train/0.p`, `train/1.p` ... and `test/0.p` ...: lists of up to 1,000 graphs,
 *   old-style instances of `Data.VisualGenome.models`. A graph has `image` (`id`,
 *   `width`, `height`), `objects` (`x`, `y`, `width`, `height`, `names`, `id`),
 *   `relationships` (texts), and the arrays `objects_labels` [N, C] and
 *   `predicates_labels` [N, N, P], one-hot, whose last predicate is "no relation".
 * - `train/baseline/<image id>.p`, `test/baseline/<image id>.p`: a dict of
 *   `rel_dist_mapped` [N, N, P] and `obj_dist_mapped` [N, C], the logits of their label
 *   predictor.
 *
 * Source: Module/Train.py and Module/Eval.py of github.com/shikorab/SceneGraph. Where the
 * files are ambiguous, this reader decides:
 *
 * - An image without a baseline file is left out, as in the authors' programs, unless its
 *   graph has its own logits (`objects_outputs_with_no_activations`,
 *   `predicates_outputs_with_no_activation`), as in their first release.
 * - The files do not name the classes. A class gets the name of most of its objects, and a
 *   predicate the text of most of its pairs; without any, it is called `class 17` or
 *   `predicate 3`.
 * - Boxes keep their right and lower sides, as the published features are computed from
 *   these numbers. If boxes leave their image there, the image is enlarged to hold them,
 *   which is counted; at its left and upper side they are cut.
 * - A relation of an entity with itself is left out and counted.
 * - Logits are limited to +-60,000, so minus infinity becomes a finite number.
 *
 * @module
 */

import type { ByteSource } from "../../io/byte_source.ts";
import { NumpyArray, PyObject, unpickle, unpickleItems } from "../../io/pickle/pickle.ts";
import type { Example, Logits } from "../../example.ts";
import { ForeignRules } from "../../foreign/rules.ts";
import { type DenseArray, denseOf } from "./_sgp_arrays.ts";

/** Python classes whose instances the pickles may hold. */
const CLASSES = ["Data.VisualGenome.models.*"];
/** Limit on the absolute value of a logit. */
const GREATEST_LOGIT = 60_000;

/** One graph, with its logits. */
export interface SgpImage {
  /** Annotations and logits. */
  example: Example;
  /** Number of classes, C. */
  numEntityClasses: number;
  /** Number of predicates, P, including "no relation". */
  numPredicates: number;
  /** The name of each object; `""` if it has none. */
  entityNames: string[];
  /** The texts of its relationships: subject, object, text. */
  relationTexts: [subject: number, object: number, text: string][];
}

/**
 * Reads one list of graphs, one graph at a time.
 *
 * @param source The file, such as `train/0.p`.
 * @param baselineOf Returns the baseline file of an image, or `undefined` if it is
 * missing.
 * @param rules The rules for foreign data, which count what is mended.
 * @returns The images, with `undefined` for each image without logits.
 * @throws {SyntaxError} If a file is damaged or does not have the form above.
 * @throws {RangeError} If a file names a Python class that is not allowed, or an array has
 * the wrong shape.
 */
export async function* readSgpImages(
  source: ByteSource,
  baselineOf: (id: string) => Promise<{ name: string; bytes: Uint8Array } | undefined>,
  rules: ForeignRules = new ForeignRules(),
): AsyncGenerator<SgpImage | undefined> {
  let count = 0;
  for await (const item of unpickleItems(source, { classes: CLASSES })) {
    const where = `"${source.name}": graph ${count++}`;
    if (!(item instanceof PyObject)) {
      throw new SyntaxError(`Cannot read ${where}: it must be an instance of a class`);
    }
    const graph = new Graph(item, where, rules);
    const baseline = await baselineOf(graph.id);
    const logits = baseline ? readBaseline(baseline) : graph.ownLogits();
    yield logits && graph.image(logits);
  }
}

/** Logits as stored in the files. */
interface RawLogits {
  name: string;
  entities: DenseArray;
  relations: DenseArray;
}

function readBaseline({ name, bytes }: { name: string; bytes: Uint8Array }): RawLogits {
  const value = unpickle(bytes, name);
  const array = (key: string) =>
    denseOf(value instanceof Map ? value.get(key) : undefined, `"${name}": ${key}`);
  return {
    name: `"${name}"`,
    entities: array("obj_dist_mapped"),
    relations: array("rel_dist_mapped"),
  };
}

/** One graph of a file. */
class Graph {
  /** Id of the image. */
  readonly id: string;
  readonly #fields: Record<string, unknown>;
  readonly #image: PyObject;
  readonly #objects: PyObject[];
  readonly #where: string;
  readonly #rules: ForeignRules;

  constructor({ fields }: PyObject, where: string, rules: ForeignRules) {
    this.#rules = rules;
    const { image, objects } = fields;
    const isSound = image instanceof PyObject && Array.isArray(objects) &&
      objects.every((object) => object instanceof PyObject);
    if (!isSound) {
      throw new SyntaxError(`Cannot read ${where}: it must have "image" and "objects"`);
    }
    this.id = String(image.fields.id);
    this.#fields = fields;
    this.#image = image;
    this.#objects = objects;
    this.#where = `${where}, image ${this.id}`;
  }

  /** The logits in the graph itself, as in the first release. */
  ownLogits(): RawLogits | undefined {
    const entities = this.#fields.objects_outputs_with_no_activations;
    const relations = this.#fields.predicates_outputs_with_no_activation;
    if (!(entities instanceof NumpyArray && relations instanceof NumpyArray)) {
      return undefined;
    }
    return {
      name: this.#where,
      entities: denseOf(entities, this.#where),
      relations: denseOf(relations, this.#where),
    };
  }

  image(logits: RawLogits): SgpImage {
    const n = this.#objects.length;
    const label = (key: string) => denseOf(this.#fields[key], `${this.#where}: ${key}`);
    const entityLabels = label("objects_labels");
    const predicateLabels = label("predicates_labels");
    const c = entityLabels.shape.at(-1)!;
    const p = predicateLabels.shape.at(-1)!;
    this.#expect("objects_labels", entityLabels, [n, c], this.#where);
    this.#expect("predicates_labels", predicateLabels, [n, n, p], this.#where);
    this.#expect("the logits of objects", logits.entities, [n, c], logits.name);
    this.#expect("the logits of predicates", logits.relations, [n, n, p], logits.name);
    const { boxes, width, height } = this.#boxes();
    return {
      example: {
        id: this.id,
        width,
        height,
        boxes,
        entityLabels: argmaxRows(entityLabels.data, n, c),
        relations: this.#relations(predicateLabels.data, n, p),
        entityLogits: bounded(logits.entities.data, logits.name),
        relationLogits: bounded(logits.relations.data, logits.name),
      } satisfies Example & Logits,
      numEntityClasses: c,
      numPredicates: p,
      entityNames: this.#objects.map(({ fields: { names } }) =>
        Array.isArray(names) && typeof names[0] === "string" ? names[0] : ""
      ),
      relationTexts: this.#relationTexts(),
    };
  }

  #expect(what: string, array: DenseArray, shape: number[], where: string): void {
    if (array.shape.length === shape.length && `${array.shape}` === `${shape}`) return;
    throw new RangeError(
      `Cannot use ${where}: ${what} must have the shape [${shape}] for ${this.#objects.length} objects: found [${array.shape}]`,
    );
  }

  #boxes(): { boxes: Float32Array; width: number; height: number } {
    const number = (object: PyObject, key: string) => {
      const value = Number(object.fields[key]);
      if (Number.isFinite(value)) return value;
      throw new SyntaxError(
        `Cannot read ${this.#where}: "${key}" must be a number: found ${
          object.fields[key]
        }`,
      );
    };
    const boxes = new Float32Array(4 * this.#objects.length);
    let width = Math.max(1, number(this.#image, "width"));
    let height = Math.max(1, number(this.#image, "height"));
    const listed = { width, height };
    this.#objects.forEach((object, i) => {
      const keys = ["x", "y", "width", "height"];
      const [left, top, across, down] = keys.map((key) => number(object, key));
      const x = Math.max(0, left), y = Math.max(0, top);
      const right = x + Math.max(1, across), bottom = y + Math.max(1, down);
      boxes.set([x, y, right, bottom], 4 * i);
      width = Math.max(width, boxes[4 * i + 2]);
      height = Math.max(height, boxes[4 * i + 3]);
      const { mended } = this.#rules, at = { place: `${this.#where}: object ${i}` };
      if (left < 0 || top < 0) mended.add("boxesCut", at);
      else if (across < 1 || down < 1) mended.add("boxesWidened", at);
    });
    if (width > listed.width || height > listed.height) {
      this.#rules.mended.add("imagesEnlarged", { place: this.#where });
    }
    return { boxes, width, height };
  }

  /** All predicates of each pair with a one, as rows of three. */
  #relations(labels: ArrayLike<number>, n: number, p: number): Int32Array {
    const rows: number[] = [];
    for (let i = 0; i < n; i++) {
      for (let j = 0; j < n; j++) {
        for (let k = 0; k < p - 1; k++) {
          if (!(labels[(i * n + j) * p + k] > 0)) continue;
          if (!this.#rules.isOfOneself(i, j, { place: this.#where })) rows.push(i, j, k);
        }
      }
    }
    return Int32Array.from(rows);
  }

  #relationTexts(): SgpImage["relationTexts"] {
    const { relationships } = this.#fields;
    const indexOf = new Map<unknown, number>();
    this.#objects.forEach((object, i) => indexOf.set(object, i).set(object.fields.id, i));
    const texts: SgpImage["relationTexts"] = [];
    for (const relationship of Array.isArray(relationships) ? relationships : []) {
      if (!(relationship instanceof PyObject)) continue;
      // The ends are ids in some files, and objects or copies of objects in others.
      const [subject, object] = ["subject", "object"].map((key) => {
        const end = relationship.fields[key];
        return indexOf.get(end) ??
          (end instanceof PyObject ? indexOf.get(end.fields.id) : undefined);
      });
      const { predicate } = relationship.fields;
      if (
        subject !== undefined && object !== undefined && typeof predicate === "string"
      ) {
        texts.push([subject, object, predicate]);
      }
    }
    return texts;
  }
}

function argmaxRows(data: ArrayLike<number>, rows: number, width: number): Int32Array {
  return Int32Array.from({ length: rows }, (_, row) => {
    let best = 0;
    for (let k = 1; k < width; k++) {
      if (data[row * width + k] > data[row * width + best]) best = k;
    }
    return best;
  });
}

function bounded(data: Float32Array, where: string): Float32Array {
  return data.map((value) => {
    if (Number.isNaN(value)) {
      throw new RangeError(`Cannot use ${where}: each logit must be a number: found NaN`);
    }
    return Math.max(-GREATEST_LOGIT, Math.min(value, GREATEST_LOGIT));
  });
}
