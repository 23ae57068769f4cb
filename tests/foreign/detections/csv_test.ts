/**
 * Tables in CSV, of the car of `readings_test.ts`: in an image of 200 x 100 pixels, from 20
 * to 80 across and from 20 to 60 down. Headers are those of the formats' documentation:
 * OpenImages (storage.googleapis.com/openimages/web/download_v7.html), supervision's
 * CSVSink, YOLOv5's `results.pandas().xyxy[0].to_csv()`, TensorFlow's object detection
 * (`filename,width,height,class,xmin,ymin,xmax,ymax`).
 */

import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import { csvRows } from "../../../src/foreign/detections/csv.ts";
import {
  type DetectionHints,
  fromResults,
  readDetectionsJson,
} from "../../../src/foreign/detections/read_json.ts";
import { readText } from "../../../src/foreign/detections/read_text.ts";

const SIZE = { imageWidth: 200, imageHeight: 100 };
const bytes = (text: string) => new TextEncoder().encode(text);

async function read(text: string, hints: DetectionHints = SIZE, name = '"a.csv"') {
  const found = await readText(bytes(text), name);
  const { boxes, classes, beliefs, ...size } = readDetectionsJson(
    found?.value,
    "a.csv",
    hints,
  )!;
  const labels = Array.from({ length: boxes.length / 4 }, (_, i) => {
    const row = beliefs.subarray(i * classes.length, (i + 1) * classes.length);
    const label = row.findIndex((belief) => belief > 0);
    return [classes[label], row[label]];
  });
  return { boxes: [...boxes].map((n) => Math.round(n * 1e3) / 1e3), labels, size };
}

const CAR = [["car", 0.5]], CERTAIN = [["car", 1]];
const OPEN_IMAGES = "ImageID,LabelName,Confidence,XMin,XMax,YMin,YMax\n" +
  "000026e7ee790996,/m/0k4j,0.5,0.1,0.4,0.2,0.6\n";
const MACHINE_IDS = { "/m/0k4j": "car", "/m/01g317": "person" };

const tables: [
  name: string,
  text: string,
  labels?: unknown,
  hints?: DetectionHints,
][] = [
  ["a plain table", "image,label,score,x1,y1,x2,y2\na.jpg,car,0.5,20,20,80,60\n"],
  ["OpenImages' detections", OPEN_IMAGES, CAR, { ...SIZE, classes: MACHINE_IDS }],
  [
    "OpenImages' annotations",
    "ImageID,Source,LabelName,Confidence,XMin,XMax,YMin,YMax,IsOccluded,IsTruncated,IsGroupOf,IsDepiction,IsInside\n" +
    "000026e7ee790996,xclick,/m/0k4j,1,0.1,0.4,0.2,0.6,0,0,0,0,0\n",
    CERTAIN,
    { ...SIZE, classes: MACHINE_IDS },
  ],
  // Class 2 of COCO's 80, counted from 0, is the car.
  [
    "supervision's CSVSink",
    "x_min,y_min,x_max,y_max,class_id,confidence,tracker_id\r\n20,20,80,60,2,0.5,\r\n",
  ],
  [
    "supervision's CSVSink with names",
    "x_min,y_min,x_max,y_max,class_id,confidence,tracker_id,class_name,frame_number\n" +
    "20.0,20.0,80.0,60.0,7,0.5,1,car,0\n",
  ],
  [
    "YOLOv5's table of pandas",
    ",xmin,ymin,xmax,ymax,confidence,class,name\n0,20,20,80,60,0.5,2,car\n",
  ],
  [
    "TensorFlow's table",
    "filename,width,height,class,xmin,ymin,xmax,ymax\na.jpg,200,100,car,20,20,80,60\n",
    CERTAIN,
    {},
  ],
  ["semicolons", "Label;Score;Left;Top;Width;Height\ncar;0.5;20;20;60;40\n"],
  ["tabs and a mark", "\uFEFFclass\tconf\tcx\tcy\tw\th\ncar\t0.5\t50\t40\t60\t40"],
  [
    "quotes",
    '"label","score","bbox_x1","bbox_y1","bbox_x2","bbox_y2"\n' +
    '"car","0.5","20","20","80","60"\n',
  ],
  ["shares", "label,score,x0,y0,x1,y1\ncar,0.5,0.1,0.2,0.4,0.6\n", CAR, {
    ...{ ...SIZE, normalized: true },
  }],
  ["numbers whose names are given", "label,score,x1,y1,x2,y2\n7,0.5,20,20,80,60\n", CAR, {
    ...{ ...SIZE, classes: { 7: "car" } },
  }],
  [
    "sizes in COCO's annotations",
    "image,label,score,x1,y1,x2,y2\nx/a.jpg,car,0.5,20,20,80,60\n",
    CAR,
    { images: [{ id: 4, width: 200, height: 100, file_name: "x/a.jpg" }] },
  ],
  [
    "a size for each row",
    "image_width,image_height,label,score,x1,y1,x2,y2\n200,100,car,0.5,20,20,80,60\n",
    CAR,
    {},
  ],
];

for (const [name, text, labels = CAR, hints = SIZE] of tables) {
  Deno.test(`CSV is read: ${name}`, async () => {
    for (const file of ['"a.csv"', '"stdin"']) {
      assertEquals(await read(text, hints, file), {
        ...{ boxes: [20, 20, 80, 60], labels, size: SIZE },
      });
    }
  });
}

Deno.test("A row of CSV with empty cells in place of a box says that there is none", async () => {
  const text = "image,label,score,x1,y1,x2,y2\na.jpg,,,,,,\n";
  assertEquals((await read(text)).boxes, []);
});

Deno.test("fromResults() reads the rows of a table, and takes those of one image", () => {
  const row = (image: string, x1: number) => ({
    ...{ image, label: "car", score: "0.5", x1, y1: "20", x2: 80, y2: 60 },
  });
  const rows = [row("a", 20), row("b", 30), row("a", 40)];
  const { boxes } = fromResults(rows, { ...SIZE, imageId: "a" });
  assertEquals([...boxes], [20, 20, 80, 60, 40, 20, 80, 60]);
  assertThrows(
    () => fromResults(rows, SIZE),
    RangeError,
    "it must be of one image: found [{...},{...},{...}]; its rows are of 2: give imageId",
  );
});

Deno.test("csvRows() says where each row stands, whatever the pieces", async () => {
  const text = '\uFEFFimage,label,score,x1,y1,x2,y2\r\n"ä,\nb",car,1,1,2,3,4\r\n\r\nc,' +
    '"a ""car""",1,1,2,3,4';
  const all = bytes(text);
  for (const step of [1, 7, 1000]) {
    const pieces = async function* () {
      for (let i = 0; i < all.length; i += step) yield all.slice(i, i + step);
    };
    const rows = await Array.fromAsync(csvRows(pieces(), '"a.csv"'));
    assertEquals(rows.map(({ row: { image, label } }) => [image, label]), [
      ["ä,\nb", "car"],
      ["c", 'a "car"'],
    ]);
    const parts = rows.map(({ start, end }) =>
      new TextDecoder().decode(all.subarray(start, end)).trim()
    );
    assertEquals(parts, ['"ä,\nb",car,1,1,2,3,4', 'c,"a ""car""",1,1,2,3,4']);
  }
});

const HEADER = "image,label,score,x1,y1,x2,y2\n";
const refusals: [text: string, message: string][] = [
  ["a,b\n1,2\n", "its first line must name the columns of a box, as in image,label,sco"],
  ["a.jpg,car,0.5,20,20,80,60\n", "its first line must name the columns of a box, as in"],
  [
    "score,x1,y1,x2,y2\n1,1,2,3,4\n",
    "a column must be named label, class or name, as in",
  ],
  [
    "label,x,y,width,height\ncar,1,2,3,4\n",
    "x and y must say what they are: name them le",
  ],
  [
    "label,label,x1,y1,x2,y2\na,a,1,2,3,4\n",
    'name each column once: found "label" twice',
  ],
  [
    `${HEADER}a.jpg,car,0.5,20,20\n`,
    "it is not CSV (Invalid Record Length: expect 7, got",
  ],
  [
    `${HEADER}a.jpg,"car,0.5,20,20,80,60\n`,
    "it is not CSV (Quote Not Closed: the parsing",
  ],
  [
    `${HEADER}a.jpg,car,high,20,20,80,60\n`,
    '"a.csv": [0].score must be a finite number: f',
  ],
  [`${HEADER}a.jpg,car,0.5,20,20,eighty,60\n`, "[0].x2 must be a finite number: found"],
  [`${HEADER}a.jpg,car,,20,20,80,60\n`, "[0].score must be a finite number: found"],
  [
    `${HEADER}a.jpg,car,1.5,20,20,80,60\n`,
    "[0].score: it must be a probability in [0, 1]:",
  ],
  [
    `${HEADER}a.jpg,2,0.5,20,20,80,60\n`,
    "it does not have the names of its classes, such",
  ],
  [OPEN_IMAGES, 'such as that of "/m/0k4j", give them as classes (--classes names.txt)'],
];

for (const [text, message] of refusals) {
  Deno.test(`CSV is refused with: ${message}`, async () => {
    await assertRejects(() => read(text), Error, message);
  });
}

Deno.test("A table of many images without their sizes says who may have them", async () => {
  const text = `${HEADER}a.jpg,car,0.5,20,20,80,60\n`;
  await assertRejects(
    () => read(text, {}),
    TypeError,
    "it does not have the sizes of images, give imageWidth and imageHeight (--image-size 640x480), COCO's annotations (--annotations instances.json), or columns",
  );
  const images = [{ id: 1, width: 200, height: 100, file_name: "b.jpg" }];
  await assertRejects(
    () => read(text, { images }),
    RangeError,
    "image a.jpg must be one of",
  );
});
