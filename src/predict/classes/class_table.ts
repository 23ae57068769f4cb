/**
 * Which classes of scene-graph vocabularies a class of common detectors may be: the 80
 * names of COCO, their synonyms in other detectors, kinds of them, and near ones.
 *
 * @module
 */

/** One class of detectors. */
export interface ClassRow {
  /** Other names of the same class. */
  synonyms?: readonly string[];
  /** Classes each of which is a kind of this one, or a group of these. */
  kinds?: readonly string[];
  /** Broader or near classes, which stand for it if a vocabulary has none of the others. */
  near?: readonly string[];
}

/** The classes by their names in COCO. A row that is empty has no other names. */
export const CLASS_TABLE: Readonly<Record<string, ClassRow>> = {
  person: {
    synonyms: ["human", "pedestrian"],
    kinds: [
      ...["man", "woman", "boy", "girl", "child", "guy", "lady", "kid", "people", "men"],
      ...["women", "player", "driver", "skier", "baby", "surfer", "skater", "batter"],
    ],
    near: ["crowd"],
  },
  bicycle: { synonyms: ["bike"] },
  car: { synonyms: ["automobile"], near: ["van", "taxi", "suv", "vehicle"] },
  motorcycle: { synonyms: ["motorbike"], near: ["scooter", "vehicle"] },
  airplane: { synonyms: ["plane", "aeroplane", "aircraft"], near: ["jet"] },
  bus: { near: ["vehicle"] },
  train: { synonyms: ["railroad train"] },
  truck: { synonyms: ["lorry"], near: ["vehicle"] },
  boat: { near: ["ship"] },
  "traffic light": { synonyms: ["stoplight", "traffic signal"], near: ["light"] },
  "fire hydrant": { synonyms: ["hydrant"] },
  "stop sign": { near: ["sign"] },
  "parking meter": { near: ["meter"] },
  bench: {},
  bird: { near: ["duck"] },
  cat: {},
  dog: { kinds: ["puppy"] },
  horse: {},
  sheep: { kinds: ["lamb"] },
  cow: { synonyms: ["cattle"] },
  elephant: {},
  bear: {},
  zebra: {},
  giraffe: {},
  backpack: { synonyms: ["rucksack"], near: ["bag"] },
  umbrella: {},
  handbag: { synonyms: ["purse"], near: ["bag"] },
  tie: { synonyms: ["necktie"] },
  suitcase: { synonyms: ["luggage"], near: ["bag"] },
  frisbee: {},
  skis: {},
  snowboard: {},
  "sports ball": { near: ["ball"] },
  kite: {},
  "baseball bat": { near: ["bat"] },
  "baseball glove": { near: ["glove"] },
  skateboard: {},
  surfboard: {},
  "tennis racket": { synonyms: ["tennis racquet"], near: ["racket"] },
  bottle: {},
  "wine glass": { synonyms: ["wineglass"], near: ["glass"] },
  cup: { near: ["mug"] },
  fork: {},
  knife: {},
  spoon: {},
  bowl: {},
  banana: {},
  apple: {},
  sandwich: { near: ["burger"] },
  orange: {},
  broccoli: {},
  carrot: {},
  "hot dog": {},
  pizza: {},
  donut: { synonyms: ["doughnut"] },
  cake: {},
  chair: { near: ["stool"] },
  couch: { synonyms: ["sofa"] },
  "potted plant": { synonyms: ["houseplant"], near: ["plant"] },
  bed: {},
  "dining table": { synonyms: ["table"], near: ["desk"] },
  toilet: {},
  tv: { synonyms: ["television", "tv monitor"], near: ["monitor", "screen"] },
  laptop: { near: ["computer"] },
  mouse: { synonyms: ["computer mouse"] },
  remote: { synonyms: ["remote control"] },
  keyboard: { synonyms: ["computer keyboard"] },
  "cell phone": { synonyms: ["phone", "mobile phone", "telephone"] },
  microwave: { synonyms: ["microwave oven"] },
  oven: { near: ["stove"] },
  toaster: {},
  sink: {},
  refrigerator: { synonyms: ["fridge"] },
  book: {},
  clock: {},
  vase: {},
  scissors: {},
  "teddy bear": { synonyms: ["teddy"] },
  "hair drier": { synonyms: ["hair dryer"] },
  toothbrush: {},
};

/** COCO's groups, in the order of the table, and how many of its classes each has. */
export const CLASS_GROUPS: Readonly<Record<string, number>> = {
  person: 1,
  vehicle: 8,
  outdoor: 5,
  animal: 10,
  accessory: 5,
  sports: 10,
  kitchen: 7,
  food: 10,
  furniture: 6,
  electronic: 6,
  appliance: 5,
  indoor: 7,
};
