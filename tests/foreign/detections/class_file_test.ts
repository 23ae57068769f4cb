import { assertEquals, assertRejects } from "@std/assert";
import { readClassFile } from "../../../src/foreign/detections/class_file.ts";

const read = (text: string, path: string) =>
  readClassFile(new TextEncoder().encode(text), path);

const files: [path: string, text: string, classes: unknown][] = [
  ["classes.txt", "dog\r\n traffic light \n\n", ["dog", "traffic light"]],
  ["coco.names", "dog\ncat", ["dog", "cat"]],
  ["data.yaml", "nc: 2\nnames: [dog, 'cat']\n", ["dog", "cat"]],
  ["data.yml", "path: ../x\nnames:\n  0: dog\n  2: cat # two\n", { 0: "dog", 2: "cat" }],
  ["config.json", '{"id2label": {"1": "dog"}, "label2id": {}}', { 1: "dog" }],
  ["a.json", '["dog"]', ["dog"]],
  [
    "class-descriptions-boxable.csv",
    '/m/01g317,Person\n/m/0bt9lr,"Dog"\n',
    { "/m/01g317": "Person", "/m/0bt9lr": "Dog" },
  ],
  ["names.csv", "LabelName,DisplayName\n/m/0bt9lr,Dog\n", { "/m/0bt9lr": "Dog" }],
  ["names.csv", "id,name\n0,person\n16,dog\n", { 0: "person", 16: "dog" }],
  ["names.csv", "name\nperson\ndog\n", ["person", "dog"]],
  ["a.json", '{"categories": [{"id": 18, "name": "dog"}]}', { 18: "dog" }],
];

for (const [path, text, classes] of files) {
  Deno.test(`readClassFile() reads ${path} with ${text.slice(0, 20).trim()}`, async () => {
    assertEquals(await read(text, path), classes);
  });
}

const refusals: [path: string, text: string, message: string][] = [
  ["classes.txt", "dog\n\ncat\n", '"classes.txt": [1] must be a name that is not blank'],
  ["classes.txt", "", '"classes.txt": [0] must be a name that is not blank'],
  ["a.json", "{", 'Cannot read "a.json": it is not JSON'],
  [
    "a.json",
    '{"dog": 1}',
    'must be names by label: found {...}; "dog" is no whole number',
  ],
  ["a.yaml", "names: [dog", 'Cannot read "a.yaml": it is not YAML ('],
  ["a.yaml", "names: {0: 1}", '"a.yaml": names["0"] must be a text: found 1'],
  ["a.csv", "a,b,c\n", "each line must have a label and a name: found 3 columns"],
  ["a.csv", "a,b\nc\n", 'Cannot read "a.csv": it is not CSV (Invalid Record Length'],
  ["a.json", "7", '"a.json": it must be a list: found 7'],
];

for (const [path, text, message] of refusals) {
  Deno.test(`readClassFile() refuses with: ${message}`, async () => {
    await assertRejects(() => read(text, path), Error, message);
  });
}
