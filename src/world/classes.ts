/**
 * The entity classes of the built-in world: names, sizes and look-alikes.
 *
 * @module
 */

/**
 * Width and height of each class in metres, as an illustrator would draw it: small things
 * are a little too large. The order is that of the vocabulary.
 */
export const SIZES = {
  // People and what they wear.
  man: [0.6, 1.75],
  woman: [0.55, 1.68],
  child: [0.5, 1.3],
  hat: [0.3, 0.16],
  helmet: [0.3, 0.18],
  shirt: [0.5, 0.62],
  jacket: [0.54, 0.7],
  shoe: [0.26, 0.12],
  boot: [0.26, 0.16],
  // Animals, and things that look like them.
  horse: [2.1, 1.7],
  cow: [2.1, 1.5],
  zebra: [2, 1.55],
  sheep: [1.05, 0.85],
  dog: [0.95, 0.8],
  cat: [0.6, 0.42],
  "teddy bear": [0.45, 0.5],
  elephant: [3.2, 2.6],
  giraffe: [2.1, 3.7],
  bird: [0.6, 0.4],
  kite: [0.65, 0.65],
  // Vehicles and boards.
  car: [3.8, 1.5],
  truck: [4.4, 2],
  bus: [5.4, 2.4],
  boat: [3.6, 2.2],
  bicycle: [1.7, 1.05],
  motorcycle: [1.9, 1.15],
  skateboard: [0.9, 0.2],
  snowboard: [1.4, 0.2],
  surfboard: [1.9, 0.26],
  // Parts of wholes.
  wheel: [0.6, 0.6],
  head: [0.5, 0.5],
  tail: [0.3, 0.6],
  saddle: [0.6, 0.35],
  // Furniture.
  chair: [0.6, 1],
  toilet: [0.6, 0.95],
  couch: [2.1, 0.95],
  bench: [1.9, 0.85],
  table: [1.9, 0.8],
  desk: [1.9, 0.8],
  counter: [1.9, 0.85],
  sink: [0.7, 0.3],
  fence: [3.4, 0.9],
  // Tableware and food.
  cup: [0.17, 0.17],
  bowl: [0.24, 0.16],
  glass: [0.13, 0.2],
  plate: [0.34, 0.12],
  frisbee: [0.34, 0.12],
  vase: [0.17, 0.3],
  lamp: [0.24, 0.42],
  apple: [0.13, 0.13],
  orange: [0.13, 0.13],
  ball: [0.22, 0.22],
  pizza: [0.3, 0.14],
  cake: [0.32, 0.26],
  // Things for hands.
  fork: [0.26, 0.06],
  toothbrush: [0.26, 0.06],
  phone: [0.12, 0.2],
  remote: [0.12, 0.2],
  book: [0.32, 0.26],
  keyboard: [0.46, 0.12],
  towel: [0.5, 0.5],
  bag: [0.42, 0.45],
  backpack: [0.42, 0.5],
  umbrella: [1.5, 1.1],
  // Flat things on walls.
  tv: [1.1, 0.7],
  monitor: [0.62, 0.5],
  mirror: [0.75, 0.8],
  picture: [0.75, 0.6],
  window: [0.95, 1],
  // Grounds.
  grass: [8, 3],
  sand: [8, 3],
  snow: [8, 3],
  street: [8, 3],
  floor: [8, 3],
  // Far things and plants.
  wall: [8, 4],
  ocean: [8, 1.5],
  mountain: [6, 3],
  building: [3.4, 4],
  tree: [2.2, 3.6],
  "palm tree": [2, 3.6],
  "traffic light": [0.4, 2.6],
  flower: [0.26, 0.42],
} as const satisfies Record<string, readonly [width: number, height: number]>;

/** Name of an entity class. */
export type EntityName = keyof typeof SIZES;

/** Names of the entity classes, in the order of the vocabulary. */
export const ENTITY_NAMES = Object.keys(SIZES) as EntityName[];

/** A group of classes that the simulated detector confuses. */
export interface LookAlikes {
  /** Probability that a wrong member of the group gets the greatest logit. */
  confusion: number;
  /** The members; each wrong one is equally likely. */
  members: readonly EntityName[];
}

/** The groups of look-alike classes; no class is in two groups. */
export const LOOK_ALIKES: readonly LookAlikes[] = [
  { confusion: 0.35, members: ["man", "woman", "child"] },
  { confusion: 0.36, members: ["hat", "helmet"] },
  { confusion: 0.36, members: ["shirt", "jacket"] },
  { confusion: 0.36, members: ["shoe", "boot"] },
  { confusion: 0.4, members: ["horse", "cow", "zebra", "sheep", "dog"] },
  { confusion: 0.36, members: ["cat", "teddy bear"] },
  { confusion: 0.36, members: ["bird", "kite"] },
  { confusion: 0.4, members: ["car", "truck", "bus", "boat"] },
  { confusion: 0.36, members: ["bicycle", "motorcycle"] },
  { confusion: 0.4, members: ["skateboard", "snowboard", "surfboard"] },
  { confusion: 0.36, members: ["chair", "toilet"] },
  { confusion: 0.36, members: ["couch", "bench"] },
  { confusion: 0.4, members: ["table", "desk", "counter"] },
  { confusion: 0.4, members: ["cup", "bowl", "glass"] },
  { confusion: 0.36, members: ["plate", "frisbee"] },
  { confusion: 0.36, members: ["vase", "lamp"] },
  { confusion: 0.4, members: ["apple", "orange", "ball"] },
  { confusion: 0.36, members: ["pizza", "cake"] },
  { confusion: 0.36, members: ["fork", "toothbrush"] },
  { confusion: 0.36, members: ["phone", "remote"] },
  { confusion: 0.4, members: ["book", "keyboard", "towel"] },
  { confusion: 0.36, members: ["bag", "backpack"] },
  { confusion: 0.4, members: ["tv", "monitor", "mirror", "picture", "window"] },
  { confusion: 0.4, members: ["grass", "sand", "snow", "street", "floor"] },
  { confusion: 0.4, members: ["wall", "ocean", "mountain", "building"] },
  { confusion: 0.36, members: ["tree", "palm tree"] },
];

/**
 * Probability that a class outside the groups is taken for another class; each is equally
 * likely.
 */
export const OTHER_CONFUSION = 0.08;

/** Range in which things rest on a class, as fractions of its height from the top. */
const SURFACES: Partial<Record<EntityName, readonly [number, number]>> = {
  grass: [0.12, 0.97],
  sand: [0.12, 0.97],
  snow: [0.12, 0.97],
  street: [0.12, 0.97],
  floor: [0.2, 0.97],
  ocean: [0.35, 0.9],
  table: [0.06, 0.3],
  desk: [0.06, 0.3],
  counter: [0.04, 0.2],
  couch: [0.55, 0.7],
  bench: [0.48, 0.56],
  chair: [0.5, 0.6],
  plate: [0.3, 0.6],
  towel: [0.4, 0.8],
  horse: [0.28, 0.34],
};

/** Range in which things rest on a class, as fractions of its height from the top. */
export function surfaceOf(name: EntityName): readonly [number, number] {
  return SURFACES[name] ?? [0, 0.08];
}

/** True for the classes of people. */
export function isPerson(name: EntityName): boolean {
  return name === "man" || name === "woman" || name === "child";
}
