/**
 * The datasets that can be downloaded by name: publishers, addresses and checksums.
 *
 * For a file without a checksum here, the first download records one for later downloads.
 *
 * @module
 */

import { nearestName } from "../nearest.ts";
import type { ExpectedFile } from "../checksum.ts";

/** A file of a dataset. */
export interface SourceFile extends ExpectedFile {
  /** Name in the folder of the dataset. */
  name: string;
  /** Path at the publisher; default: the name. */
  path?: string;
  /** Other names that the file may have in the user's folder or archive. */
  alsoNamed?: readonly string[];
}

/** A dataset that can be downloaded. */
export interface Source {
  /** Name in commands. */
  name: string;
  /** Full name. */
  title: string;
  /** Authors, institution and year. */
  publisher: string;
  /** Terms of use. */
  licence: string;
  /** Whether the publisher requires users to accept the terms. */
  mustAccept?: boolean;
  /** Its files. */
  files: readonly SourceFile[];
  /** Name of its folder in `data/raw`; default: its name. */
  folder?: string;
  /**
   * Addresses in the order of trial: folders, which end in `/` and have the files at their
   * paths, and archives, which contain files with these names.
   */
  mirrors: readonly string[];
  /** For a source that is one archive: name of the folder beside it to unpack it into. */
  unpackTo?: string;
}

const GLOVE = {
  publisher: "Stanford NLP Group (Pennington, Socher, Manning 2014)",
  licence: "Public Domain Dedication and License 1.0",
  mirrors: [
    "https://nlp.stanford.edu/data/",
    "https://downloads.cs.stanford.edu/nlp/data/",
  ],
};

/** All datasets that can be downloaded by name. */
export const SOURCES: readonly Source[] = [
  {
    name: "vrd",
    title: "Visual Relationship Detection",
    publisher: "Lu, Krishna, Bernstein, Fei-Fei (Stanford, ECCV 2016)",
    licence: "none stated by the publisher for the annotations; cite the paper",
    files: [
      {
        name: "annotations_train.json",
        bytes: 4_174_504,
        sha256: "2e7404157ffc2022fb7230baf2ffd453d5a4dc5875cd5adbc688002a7d401d6c",
      },
      {
        name: "annotations_test.json",
        bytes: 1_049_269,
        sha256: "f3dc50010f4d3149ccc79a568c89ad46a617c9cb2c7f773d7ac0aed163eaf9c9",
      },
      {
        name: "train_image_metadata.json",
        bytes: 251_195,
        sha256: "f41ad05096683338f05482046e1a74f001053a3e3bbff83214ef6bb456da5578",
      },
      {
        name: "test_image_metadata.json",
        bytes: 62_764,
        sha256: "5559948643a3b6b5e81ddcca798075999ccefc2cd8c96fcb8443dd9d17977686",
      },
      {
        name: "objects.json",
        bytes: 938,
        sha256: "1c57d1730f9991ec8e11ee6dd42e05cb1497ced2126bb93feda91dd4fe627ef3",
      },
      {
        name: "predicates.json",
        bytes: 765,
        sha256: "b16fc9f3ec075d0deb72cbaf251fdb39b9bc200624b8e51122f1c6e1b886287a",
      },
    ],
    mirrors: [
      // The publisher ships the image sizes only inside the archive of the images.
      "https://cs.stanford.edu/people/ranjaykrishna/vrd/json_dataset.zip",
      "https://raw.githubusercontent.com/econser/active_refer/be5a9944bd69f0933c0271a3d18c2b68b9ba17c1/data/VRD/",
    ],
  },
  {
    name: "vrd_rcnn",
    title: "What the R-CNN of VRD's authors found in the test images",
    publisher: "Lu, Krishna, Bernstein, Fei-Fei (Stanford, ECCV 2016)",
    licence:
      "for individual research use only; commercial use and redistribution need a licence; cite the paper",
    folder: "vrd",
    files: [
      {
        name: "objectDetRCNN.mat",
        bytes: 137_583,
        sha256: "3921a86d7ed55cbdc039f976f6f32c5140fc8e00c0e79dc2852d0c2bd8df6904",
      },
      {
        name: "imagePath.mat",
        bytes: 15_905,
        sha256: "d5de7298a960ee845b2108de1566f88469b50354ba793223c8408c93fc77b045",
      },
    ],
    mirrors: [
      "https://raw.githubusercontent.com/Prof-Lu-Cewu/Visual-Relationship-Detection/991e6f6935dc49773fe3c406782a8c72a0c6d367/data/",
    ],
  },
  {
    name: "vg150",
    title: "Visual Genome, 150 classes and 50 predicates",
    publisher: "Xu, Zhu, Choy, Fei-Fei (Stanford, CVPR 2017)",
    licence: "Visual Genome: CC BY 4.0",
    files: [
      {
        name: "VG-SGG.h5",
        path: "dataset/VG-SGG.h5",
        alsoNamed: ["VG-SGG-with-attri.h5"],
      },
      {
        name: "VG-SGG-dicts.json",
        path: "dataset/VG-SGG-dicts.json",
        alsoNamed: ["VG-SGG-dicts-with-attri.json"],
      },
      { name: "image_data.json", path: "VG/image_data.json" },
    ],
    mirrors: [
      "http://cvgl.stanford.edu/scene-graph/",
      "http://svl.stanford.edu/projects/scene-graph/",
    ],
  },
  {
    name: "vg5k",
    title: "5,000 images of Visual Genome with a detector's output, and triplet counts",
    publisher:
      "Krishna et al. (Stanford, IJCV 2017, visualgenome.org); as cleaned in github.com/FireSterLine/interactionwise-vrd",
    licence:
      "Visual Genome: CC BY 4.0 (creativecommons.org/licenses/by/4.0); name Krishna et al. if you share the data or a model of it",
    files: [
      {
        name: "data_annos_img_test.json",
        bytes: 3_794_287,
        sha256: "b9a67b357d965826212d11e2c1acd92da26525bcd0eb2071d76c6a9e3e7aa9ff",
      },
      {
        name: "objects.json",
        bytes: 1340,
        sha256: "5d3132c80c52fafdb9bc984926b2301eca3d5536df30170e80b257b689497f09",
      },
      {
        name: "predicates.json",
        bytes: 479,
        sha256: "c9ffc081ef629f2468e44d932338a9bfa78ae6c288d137539cecb9ee39447597",
      },
      {
        name: "tuples-counts_train.json",
        bytes: 915_657,
        sha256: "09b3bbe5d0fb9e2124e631a32a940994fd13445e66a40f752b2f73be249549d4",
      },
      {
        name: "det_res.pkl",
        path: "eval/det_res.pkl",
        bytes: 2_123_737,
        sha256: "86487ee4bd65d6a183565fb1cecb0df6805cc524c088504f06240ddb21f0b562",
      },
    ],
    mirrors: [
      "https://raw.githubusercontent.com/FireSterLine/interactionwise-vrd/06b94989e278/data/genome/150-50-50/",
    ],
  },
  {
    name: "sgp",
    title: "The SGP paper's own data, label predictor's output and model",
    publisher: "Herzig, Raboh, Chechik, Berant, Globerson (Tel Aviv, NeurIPS 2018)",
    licence: "none stated by the publisher; Visual Genome: CC BY 4.0",
    files: [{ name: "data.zip" }],
    mirrors: [
      "http://www.cs.tau.ac.il/~taunlp/scene_graph/",
      "http://www.nlp.cs.tau.ac.il/scene_graph/",
    ],
    unpackTo: "data",
  },
  {
    name: "photographs",
    title: "Seven photographs to try predict and detect with",
    publisher:
      "the repositories pjreddie/darknet, tensorflow/tfjs-models and yrcong/RelTR",
    licence:
      "dog, horses, person: public domain; coco_image1, coco_image2: photographs of COCO in an Apache-2.0 repository; vg1, vg2: photographs of Visual Genome, under their own terms",
    files: [
      {
        name: "dog.jpg",
        path: "pjreddie/darknet/master/data/dog.jpg",
        bytes: 163_759,
        sha256: "5a9522051c3cec2bbd2f6323fccba32e8fbf3ddcc2b3e2fd46b04c720bc6f866",
      },
      {
        name: "horses.jpg",
        path: "pjreddie/darknet/master/data/horses.jpg",
        bytes: 133_495,
        sha256: "c8f0a677a1356569e2ce71d2fa88c1030c0ae57ecf5e14170e02d9a86a20dcb4",
      },
      {
        name: "person.jpg",
        path: "pjreddie/darknet/master/data/person.jpg",
        bytes: 113_880,
        sha256: "cdcbab947e46110fc2b77784ac54ddbbab2640f1e44cb5e91fc8984a9793a7d1",
      },
      {
        name: "coco_image1.jpg",
        path: "tensorflow/tfjs-models/master/coco-ssd/demo/image1.jpg",
        bytes: 298_105,
        sha256: "1cce24f13eaee954c86fa72b1b1a1708c8dcbd385ae7411ada7a2f052aa0cb1b",
      },
      {
        name: "coco_image2.jpg",
        path: "tensorflow/tfjs-models/master/coco-ssd/demo/image2.jpg",
        bytes: 53_918,
        sha256: "7a39fd04aba15c9cef8d3ef687596b79738c1b940b68c0ee02829d9c90f4f120",
      },
      {
        name: "vg1.jpg",
        path: "yrcong/RelTR/main/demo/vg1.jpg",
        bytes: 366_599,
        sha256: "5b9f07718c4b52db96b12c38b10eb1caeca1254d58c295bdf9197efbf183424d",
      },
      {
        name: "vg2.jpg",
        path: "yrcong/RelTR/main/demo/vg2.jpg",
        bytes: 159_507,
        sha256: "3aba3c5ee41aefbf0f86724398b7f49c184446514f9a575a24333f0947c66a86",
      },
    ],
    mirrors: ["https://raw.githubusercontent.com/"],
  },
  {
    ...GLOVE,
    name: "glove",
    title: "GloVe word vectors, 6 billion words of Wikipedia and Gigaword",
    files: [{
      name: "glove.6B.zip",
      bytes: 862_182_613,
      sha256: "617afb2fe6cbd085c235baf7a465b96f4112bd7f7ccb2b2cbd649fed9cbcf2fb",
    }],
  },
  {
    ...GLOVE,
    name: "glove_840b",
    title: "GloVe word vectors, 840 billion words of Common Crawl",
    files: [{
      name: "glove.840B.300d.zip",
      sha256: "c06db255e65095393609f19a4cfca20bf3a71e20cc53e892aafa490347e3849f",
    }],
  },
];

/**
 * Finds a source by name.
 *
 * @param name Such as `"vrd"`.
 * @param others Other valid names that the message may suggest.
 * @throws {RangeError} If no source has the name; the message suggests the nearest.
 */
export function findSource(name: string, others: readonly string[] = []): Source {
  const source = SOURCES.find((source) => source.name === name);
  if (source) return source;
  const known = [...SOURCES.map(({ name }) => name), ...others];
  throw new RangeError(
    `Cannot find the dataset "${name}": known are ${known.join(", ")}; the nearest is "${
      nearestName(name, known)
    }"`,
  );
}
