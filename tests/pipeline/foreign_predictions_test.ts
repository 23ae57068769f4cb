/** Predictions in pickles, `.npz` and `.mat`, seen from their content. */

import { assertEquals, assertRejects } from "@std/assert";
import type { PredictionSource } from "../../src/eval/prediction_files/open.ts";
import { imageFinder } from "../../src/eval/prediction_files/score.ts";
import { openForeign } from "../../src/pipeline/foreign_predictions/open.ts";
import { Vocabulary } from "../../src/vocabulary.ts";
import { imageOf } from "../eval/_toy.ts";
import { testInFolder } from "../_in_folder.ts";
import { mat5Bytes, type MatValue } from "../io/_mat5_bytes.ts";

const truths = new Map(
  ["5.jpg", "6.jpg", "7.jpg"].map((id) => {
    const relations: [number, number, number][] = id === "6.jpg" ? [] : [[0, 1, 0]];
    return [id, { ...imageOf([0, 1], relations, { id }), width: 512, height: 256 }];
  }),
);
const context = {
  vocabulary: new Vocabulary({ entities: ["man", "hat"], predicates: ["on", "wearing"] }),
  findImage: imageFinder(truths),
  imageIds: [...truths.keys()],
  relatedIds: ["5.jpg", "7.jpg"],
};

function sourceOf(path: string): PredictionSource {
  return {
    name: path.replace(/^.*\//, ""),
    chunks: () => {
      throw new Error("not JSON");
    },
    beside: (name) => Deno.readFile(path.replace(/[^/]*$/, name)).catch(() => undefined),
  };
}

async function readAll(path: string, changes = {}) {
  const file = await openForeign(path, sourceOf(path), { ...context, ...changes });
  if (!file) return undefined;
  const images = await Array.fromAsync(file.images);
  return { task: file.task, warning: file.warning, images };
}

/** Runs a program in Python; false if Python or NumPy is missing. */
function python(program: string, cwd: string): boolean {
  try {
    const { success } = new Deno.Command("python3", {
      args: ["-c", program],
      cwd,
      stderr: "null",
    }).outputSync();
    return success;
  } catch {
    return false;
  }
}

const hasNumpy = python("import numpy", ".");
if (!hasNumpy) console.log("Tests of .pkl and .npz are skipped: no python3 with NumPy");

/** Entries of three images as neural-motifs has them; boxes are twice as large. */
const MOTIFS = `
import numpy as np, pickle
def entry(x):
    return {
        "pred_boxes": np.array([[x, 0, 20, 40], [10, 10, 30, 30]], dtype=np.float32),
        "pred_classes": np.array([1, 2]),
        "obj_scores": np.array([0.5, 0.25]),
        "pred_rel_inds": np.array([[0, 1]]),
        "rel_scores": np.array([[0.5, 0.25, 0.125]]),
    }
entries = [entry(x) for x in (0, 2, 4)]
`;

const expected = (x: number) => ({
  boxes: Float64Array.of(x / 2, 0, 10, 20, 5, 5, 15, 15),
  entityLabels: [0, 1],
  entityScores: Float64Array.of(0.5, 0.25),
  pairs: Float64Array.of(0, 1),
  predicateScores: Float64Array.of(0.25, 0.125),
});
const all = [0, 2, 4].map((x, i) => ({ id: `${5 + i}.jpg`, prediction: expected(x) }));

testInFolder(
  "openForeign() reads neural-motifs' pickles in the order of the split",
  async (folder) => {
    const program = `${MOTIFS}
pickle.dump(entries, open("a.pkl", "wb"), protocol=0)
pickle.dump(entries, open("b.pkl", "wb"))
pickle.dump([entries[0], entries[2]], open("related.pkl", "wb"))
pickle.dump(entries[:1], open("short.pkl", "wb"))
pickle.dump({"7.jpg": entries[2], "5.jpg": entries[0]}, open("named.pkl", "wb"))
`;
    assertEquals(python(program, folder), true);
    for (const name of ["a.pkl", "b.pkl"]) {
      const found = await readAll(`${folder}/${name}`);
      assertEquals(found, {
        task: undefined,
        warning:
          `The entries of "${name}" have no names: they were taken for the 3 images of the split, in its order`,
        images: all,
      });
    }
    const related = await readAll(`${folder}/related.pkl`);
    assertEquals(related?.images, [all[0], all[2]]);
    const named = await readAll(`${folder}/named.pkl`);
    assertEquals([named?.warning, named?.images], [undefined, [all[2], all[0]]]);
    const [first] = (await readAll(`${folder}/b.pkl`, { boxScale: 0 }))!.images;
    assertEquals(first.prediction.boxes, Float64Array.of(0, 0, 20, 40, 10, 10, 30, 30));
    await assertRejects(
      () => readAll(`${folder}/short.pkl`),
      RangeError,
      'Cannot read "short.pkl": its 1 entries have no names, so they must be the 3 images of the split in its order, or the 2 of them that have relations; or give each an "id"',
    );
  },
  { ignore: !hasNumpy },
);

testInFolder(
  "openForeign() reads KaihuaTang's dict, by place and by file name",
  async (folder) => {
    const program = `import json, pickle
entry = lambda x: dict(bbox=[[x, 0, 4, 4], [0, 0, 8, 8]], bbox_labels=[2, 1],
    bbox_scores=[0.5, 0.25], rel_pairs=[[0, 1]], rel_labels=[1], rel_scores=[0.5],
    rel_all_scores=[[0.25, 0.5, 0.125]])
pickle.dump({i: entry(x) for i, x in enumerate((0, 1, 2))}, open("c.pkl", "wb"))
`;
    assertEquals(python(program, folder), true);
    // 512 x 256 becomes 1000 x 500 by default, and 1024 x 512 by 512,2000.
    const resized = { shorter: 512, longest: 2000 };
    const found = await readAll(`${folder}/c.pkl`, { resized });
    assertEquals(found?.images.map(({ id }) => id), [...truths.keys()]);
    assertEquals(found?.images[1].prediction, {
      boxes: Float64Array.of(0.5, 0, 2, 2, 0, 0, 4, 4),
      entityLabels: [1, 0],
      entityScores: Float64Array.of(0.5, 0.25),
      pairs: Float64Array.of(0, 1),
      predicateScores: Float64Array.of(0.5, 0.125),
    });
    const info = {
      idx_to_files: ["x/7.jpg", "x/5.jpg", "x/6.jpg"],
      ind_to_classes: ["_", "hat", "man"],
      ind_to_predicates: ["_", "on", "wearing"],
    };
    await Deno.writeTextFile(`${folder}/custom_data_info.json`, JSON.stringify(info));
    const named = await readAll(`${folder}/c.pkl`, { resized });
    assertEquals(named?.task, "sgdet");
    const [first] = named!.images;
    assertEquals(
      [first.id, "pairs" in first.prediction && first.prediction.entityLabels],
      ["7.jpg", [0, 1]],
    );
  },
  { ignore: !hasNumpy },
);

testInFolder(
  "openForeign() reads our own fields from .npz in three forms",
  async (folder) => {
    const program = `${MOTIFS}
np.savez("dicts.npz", np.array(entries, dtype=object))
own = lambda e: {"boxes": e["pred_boxes"] / 2, "labels": e["pred_classes"] - 1,
    "scores": e["obj_scores"], "pairs": e["pred_rel_inds"],
    "predicateScores": e["rel_scores"][:, 1:]}
owned = [own(e) for e in entries]
np.savez_compressed("images.npz", **{f"{5 + i}.jpg/{k}": v
    for i, e in enumerate(owned) for k, v in e.items()})
np.savez("columns.npz", task="sgdet", ids=["5.jpg", "6.jpg", "7.jpg"],
    **{k: np.array([e[k] for e in owned]) for k in owned[0]})
np.savez("odd.npz", ids=["5.jpg"], boxes=np.zeros((2, 1, 4)))
`;
    assertEquals(python(program, folder), true);
    assertEquals((await readAll(`${folder}/dicts.npz`))?.images, all);
    assertEquals((await readAll(`${folder}/images.npz`))?.images, all);
    const columns = await readAll(`${folder}/columns.npz`);
    assertEquals(columns, { task: "sgdet", warning: undefined, images: all });
    await assertRejects(
      () => readAll(`${folder}/odd.npz`),
      TypeError,
      'Cannot read "odd.npz": its arrays must be named image/field, or have one entry for each image: found 1 of "id", 2 of "boxes"',
    );
  },
  { ignore: !hasNumpy },
);

/** Two relations of the pair (man, hat) in 7.jpg, one of a man with himself. */
const LU: Record<string, MatValue> = {
  rlp_labels_ours: { cells: [[[1, 2, 2], [1, 1, 2], [1, 1, 1]], []] },
  rlp_confs_ours: { cells: [[[0.5], [0.25], [0.125]], []] },
  sub_bboxes_ours: { cells: [[[0, 0, 9, 9], [0, 0, 9, 9], [0, 0, 9, 9]], []] },
  obj_bboxes_ours: { cells: [[[1, 1, 5, 5], [1, 1, 5, 5], [0, 0, 9, 9]], []] },
};
const PATHS: MatValue = { cells: ["7.jpg", "5.jpg"] };

testInFolder(
  "openForeign() reads Lu et al.'s results, each row with its own boxes",
  async (folder) => {
    const path = `${folder}/results/lu.mat`;
    await Deno.mkdir(`${folder}/results`);
    await Deno.writeFile(path, mat5Bytes(LU));
    await assertRejects(
      () => readAll(path),
      RangeError,
      'Cannot read "lu.mat": imagePath.mat of Lu et al. must lie beside it, it has the names of the 2 images; or put a cell array "imagePath" into the file',
    );
    await Deno.mkdir(`${folder}/data`);
    await Deno.writeFile(`${folder}/data/imagePath.mat`, mat5Bytes({ imagePath: PATHS }));
    const beside = await readAll(path);
    await Deno.writeFile(path, mat5Bytes({ ...LU, imagePath: PATHS }, false));
    const found = await readAll(path);
    assertEquals(found, beside);
    assertEquals(found, {
      task: "sgdet",
      warning: undefined,
      images: [{
        id: "7.jpg",
        prediction: {
          // The man, the hat, the man's twin, and a copy of the man for the second row.
          boxes: [0, 0, 9, 9, 1, 1, 5, 5, 0, 0, 9, 9, 0, 0, 9, 9],
          entityLabels: [0, 1, 0, 0],
          triplets: [0, 1, 1, 3, 1, 0, 0, 2, 0],
          scores: Float64Array.of(0.5, 0.25, 0.125),
        },
      }, {
        id: "5.jpg",
        prediction: {
          boxes: [],
          entityLabels: [],
          triplets: [],
          scores: new Float64Array(0),
        },
      }],
    });
  },
);

testInFolder("openForeign() says what other files are", async (folder) => {
  const path = `${folder}/a.mat`;
  await Deno.writeFile(path, mat5Bytes({ gt: [[1]] }));
  await assertRejects(
    () => readAll(path),
    TypeError,
    'Cannot read "a.mat": it must have the variable "rlp_labels_ours", as Lu et al.\'s results: found "gt"',
  );
  await Deno.writeFile(path, Uint8Array.of(0x89, 0x48, 0x44, 0x46, 13, 10, 26, 10));
  await assertRejects(
    () => readAll(path),
    SyntaxError,
    `Cannot read "a.mat": it is an HDF5 file, as MATLAB's -v7.3 makes; save it with -v7`,
  );
  const short = { ...LU, imagePath: { cells: ["7.jpg"] } };
  await Deno.writeFile(path, mat5Bytes(short));
  await assertRejects(
    () => readAll(path),
    RangeError,
    '"imagePath" must have 2 cells, one for each image: found 1',
  );
  await Deno.writeTextFile(`${folder}/a.json`, "[]");
  assertEquals(await readAll(`${folder}/a.json`), undefined);
});

/**
 * Writes what `torch.save` writes, without PyTorch: its pickler is Python's, protocol 2,
 * with a persistent id for each storage (torch/serialization.py, `_legacy_save`, `_save`).
 */
const TORCH_SAVE = `
import collections, pickle, struct, sys, types, zipfile

def module(name, **members):
    made = sys.modules[name] = types.ModuleType(name)
    for key, member in members.items():
        setattr(made, key, member)
        member.__module__, member.__qualname__ = name, key
    return made

class FloatStorage: pass
class LongStorage: pass
def _rebuild_tensor_v2(*args): pass
class BoxList(object): pass
module("torch", FloatStorage=FloatStorage, LongStorage=LongStorage)
module("torch._utils", _rebuild_tensor_v2=_rebuild_tensor_v2)
bounding = "maskrcnn_benchmark.structures.bounding_box"
for name in ("maskrcnn_benchmark", "maskrcnn_benchmark.structures"): module(name)
module(bounding, BoxList=BoxList)

class Storage:
    def __init__(self, kind, numbers):
        self.kind, self.numbers = kind, numbers
    def bytes(self):
        code = "f" if self.kind is FloatStorage else "q"
        return struct.pack("<%d%s" % (len(self.numbers), code), *self.numbers)

class Tensor:
    def __init__(self, kind, shape, numbers):
        self.storage, self.shape = Storage(kind, numbers), shape
    def __reduce__(self):
        strides, size = [], 1
        for length in reversed(self.shape):
            strides.insert(0, size)
            size *= length
        hooks = collections.OrderedDict()
        return _rebuild_tensor_v2, (self.storage, 0, tuple(self.shape), tuple(strides), False, hooks)

def dump(value, out):
    storages = {}
    class Pickler(pickle._Pickler):
        def persistent_id(self, item):
            if not isinstance(item, Storage): return None
            key = str(len(storages))
            storages[key] = item
            return ("storage", item.kind, key, "cpu", len(item.numbers)) + self.more
    Pickler.more = (None,) if out.legacy else ()
    Pickler(out.file, 2).dump(value)
    return storages

class Out: pass
def save_legacy(value, path):
    out = Out(); out.legacy = True
    with open(path, "wb") as out.file:
        for header in (0x1950a86a20f9469cfc6c, 1001, {"little_endian": True}):
            pickle.dump(header, out.file, protocol=2)
        storages = dump(value, out)
        pickle.dump(sorted(storages), out.file, protocol=2)
        for key in sorted(storages):
            out.file.write(struct.pack("<q", len(storages[key].numbers)))
            out.file.write(storages[key].bytes())

def save_zip(value, path):
    import io
    out = Out(); out.legacy, out.file = False, io.BytesIO()
    storages = dump(value, out)
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("eval_results/data.pkl", out.file.getvalue())
        archive.writestr("eval_results/byteorder", "little")
        for key in storages:
            archive.writestr("eval_results/data/" + key, storages[key].bytes())
        archive.writestr("eval_results/version", "3\\n")

def box_list(x, mode="xyxy", boxes=None):
    made = BoxList()
    floats = lambda shape, numbers: Tensor(FloatStorage, shape, numbers)
    longs = lambda shape, numbers: Tensor(LongStorage, shape, numbers)
    # Of an image twice as large as the annotated one, which has 512 x 256 pixels.
    made.bbox = floats([2, 4], boxes or [x, 0, 20, 40, 10, 10, 30, 30])
    made.size, made.mode = (1024, 512), mode
    made.extra_fields = {
        "pred_labels": longs([2], [1, 2]),
        "pred_scores": floats([2], [0.5, 0.25]),
        "rel_pair_idxs": longs([1, 2], [0, 1]),
        "pred_rel_scores": floats([1, 3], [0.5, 0.25, 0.125]),
        "pred_rel_labels": longs([1], [1]),
    }
    return made

# The second says the same with widths, right - left + 1.
lists = [box_list(0), box_list(2, "xywh", [2, 0, 19, 41, 10, 10, 21, 21]), box_list(4)]
value = {"groundtruths": [], "predictions": lists}
save_legacy(value, "old.pytorch")
save_zip(value, "new.pytorch")
save_zip({"predictions": 3}, "none.pytorch")
`;
const hasPython = python("import pickle", ".");

testInFolder("openForeign() reads BoxLists as torch.save writes them", async (folder) => {
  if (!hasPython) return console.log("Skipped: no python3");
  assertEquals(python(TORCH_SAVE, folder), true);
  const imageAt = (id: string, x: number) => ({
    id,
    prediction: {
      boxes: Float64Array.of(x / 2, 0, 10, 20, 5, 5, 15, 15),
      entityLabels: [0, 1],
      entityScores: Float64Array.of(0.5, 0.25),
      pairs: Float64Array.of(0, 1),
      predicateScores: Float64Array.of(0.25, 0.125),
    },
  });
  const images = [imageAt("5.jpg", 0), imageAt("6.jpg", 2), imageAt("7.jpg", 4)];
  for (const name of ["old.pytorch", "new.pytorch"]) {
    assertEquals((await readAll(`${folder}/${name}`))?.images, images, name);
  }
  // With the names that the program writes beside it, the order is theirs.
  const info = ["7", "5", "6"].map((id) => ({ img_file: `/data/VG_100K/${id}.jpg` }));
  await Deno.writeTextFile(`${folder}/visual_info.json`, JSON.stringify(info));
  const named = await readAll(`${folder}/new.pytorch`);
  assertEquals(named?.images.map(({ id }) => id), ["7.jpg", "5.jpg", "6.jpg"]);
  assertEquals(named?.warning, undefined);
  await assertRejects(
    () => readAll(`${folder}/none.pytorch`),
    TypeError,
    `Cannot read "none.pytorch": it must be a dict whose "predictions" are a list of BoxList`,
  );
});
