import { assertEquals, assertThrows } from "@std/assert";
import { convertAnnotations } from "../../../src/dataset/convert.ts";

/** COCO's file of one image, without relations. */
const coco = (id: number) => ({
  categories: [{ id: 1, name: "man" }, { id: 2, name: "horse" }],
  images: [{ id, file_name: `${id}.jpg`, width: 100, height: 100 }],
  annotations: [
    { id: 0, image_id: id, category_id: 1, bbox: [10, 10, 30, 50] },
    { id: 1, image_id: id, category_id: 2, bbox: [10, 40, 60, 50] },
  ],
});
const rel = (change: Record<string, unknown> = {}) => ({
  train: { "1": [[0, 1, 1], [0, 1, 2], [1, 1, 1]] },
  val: { "2": [[1, 0, 2]] },
  test: {},
  rel_categories: ["__background__", "riding", "near"],
  ...change,
});

function convert(ids: number[], relations: unknown, hasSplits = false) {
  const splits = ["train", "validation"] as const;
  return convertAnnotations(
    ids.map((id, i) => ({
      name: `${id}.json`,
      document: coco(id),
      split: hasSplits ? splits[i] : undefined,
    })),
    { relations: { name: "rel.json", document: relations } },
  );
}

Deno.test("convertAnnotations() reads the relations of RelTR and EGTR", () => {
  const { converted } = convert([1, 2], rel(), true);
  assertEquals(converted!.header.vocabulary.predicates, ["riding", "near"]);
  const rows = converted!.images.map(({ split, image }) => [split, [...image.relations]]);
  assertEquals(rows, [["train", [0, 1, 0, 0, 1, 1]], ["validation", [1, 0, 1]]]);
  assertEquals(converted!.mended, { selfRelations: 1 });
});

Deno.test("convertAnnotations() finds the section of a file alone, and predicates from 0", () => {
  const { converted } = convert([2], rel({ rel_categories: ["in", "on", "near"] }));
  assertEquals(converted!.header.vocabulary.predicates, ["in", "on", "near"]);
  assertEquals([...converted!.images[0].image.relations], [1, 0, 2]);
});

Deno.test("convertAnnotations() tells what is wrong with a rel.json", () => {
  const first = (ids: number[], change: Record<string, unknown>, hasSplits = false) => {
    const { converted, problems } = convert(ids, rel(change), hasSplits);
    assertEquals(converted, undefined);
    return `${problems.list[0].place} ${problems.list[0].problem}`;
  };
  const at = '"rel.json":';
  const cases: [found: string, message: string][] = [
    [
      first([1], { train: { "1": [[0, 1, 0]] } }),
      `${at} train["1"][0][2] must be a whole number in [1, 3): found 0`,
    ],
    [
      first([1], { train: { "1": [[0, 2, 1]] } }),
      `${at} train["1"][0][1] must be a whole number in [0, 2): found 2`,
    ],
    [
      first([1], { train: { "1": [], "9": [] } }),
      `${at} train["9"] must be of an image of COCO's file: found []`,
    ],
    [
      first([3], {}),
      '"rel.json" must be relations of an image of COCO\'s file in one of its sections: found {...}',
    ],
    [
      first([1, 2], { val: undefined }, true),
      `${at} val is missing, it must be an object`,
    ],
    [
      first([1], { rel_categories: [] }),
      `${at} rel_categories must be a list of names: found []`,
    ],
  ];
  for (const [found, message] of cases) assertEquals(found, message);
  assertThrows(
    () => convert([1], { train: {} }),
    RangeError,
    'Cannot convert "rel.json": it must have "rel_categories"',
  );
  assertThrows(
    () => convertAnnotations([{ name: "a.json", document: coco(1) }]),
    RangeError,
    'Cannot convert "a.json": it has no "rel_annotations"; if the relations are in a rel.json',
  );
});
