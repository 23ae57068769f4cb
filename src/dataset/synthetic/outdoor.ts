/**
 * Situations outside: street, park, beach, farm, snow slope, savanna.
 *
 * @module
 */

import type { EntityName } from "./classes.ts";
import {
  companion,
  dress,
  type Handling,
  mounted,
  type Outfit,
  type Situation,
  somebodyOn,
  standing,
} from "./situations.ts";
import type { PredicateName } from "./predicates.ts";
import type { Stage } from "./stage.ts";

const IN_TOWN: Outfit = { jacket: 0.4, shoe: 0.25, hat: 0.15 };
const SPORTY: Outfit = { helmet: 0.75, shirt: 0.3, shoe: 0.2 };
const SUMMERY: Outfit = { shirt: 0.35, hat: 0.35 };
const WINTRY: Outfit = { jacket: 0.5, boot: 0.25 };
const FRONT = { range: [0.35, 1] } as const;

/** A plant, a sign or the like on a ground. */
function rooted(
  ground: EntityName,
  name: EntityName,
  predicate: PredicateName = "growing in",
) {
  return (stage: Stage) => {
    stage.stand(stage.find(ground), name, predicate, { range: [0, 0.3] });
  };
}

/** A bird or a kite in the air over something. */
function airborne(base: EntityName, name: EntityName, predicate: PredicateName) {
  return (stage: Stage) => {
    stage.above(stage.find(base), name, predicate);
  };
}

/** Somebody under an umbrella. */
function sheltered(
  ground: EntityName,
  predicate: "under" | "holding",
  pose: "lying" | "standing",
) {
  return (stage: Stage) => {
    const said = pose === "lying" ? "lying on" : "standing on";
    const person = stage.stand(stage.find(ground), stage.somebody(), said, {
      pose,
      ...FRONT,
    });
    stage.shelter(person, "umbrella", stage.usually(predicate, "under"));
  };
}

/** A boat in the water, with or without somebody in it. */
function afloat(predicate: "riding" | "sitting on") {
  return (stage: Stage) => {
    const boat = stage.within(
      stage.find("ocean"),
      "boat",
      "in",
      "within",
      0.5 * stage.metre,
    );
    if (stage.random.chance(0.5)) stage.astride(boat, stage.somebody(), predicate);
  };
}

/** A board in the water with somebody on it. */
function surfer(stage: Stage): void {
  const water = stage.find("ocean");
  const board = stage.within(water, "surfboard", "in", "within", 0.5 * stage.metre);
  stage.astride(board, stage.somebody(), stage.usually("riding", "standing on"));
}

/** Houses on a street, cars in it: rush hour, a market day, a bus stop. */
export const STREET: Situation = {
  name: "street",
  metre: 0.3,
  setUp(stage) {
    stage.backdrop("building", [0, 0.02, 1, 0.52]);
    stage.backdrop("street", [0, 0.48, 1, 1]);
    if (stage.random.chance(0.6)) {
      const wall = stage.find("building");
      stage.within(wall, "window", "in", "upright", 0.7 * stage.metre);
    }
  },
  moods: [
    {
      name: "rush hour",
      people: { man: 5, woman: 3 },
      cues: [rooted("street", "traffic light", "on")],
      acts: [
        standing("street", ["car"], "driving on", {
          otherwise: "parked on",
          parts: ["wheel"],
        }),
        standing("street", ["car", "truck"], "driving on", { parts: ["wheel"] }),
        mounted("street", "motorcycle", "riding", SPORTY, { parts: ["wheel"] }),
        mounted("street", "bicycle", "riding", SPORTY, { parts: ["wheel"] }),
        somebodyOn("street", "walking on", IN_TOWN, [["phone", "looking at"], [
          "bag",
          "carrying",
        ]]),
      ],
    },
    {
      name: "quiet afternoon",
      people: { woman: 5, man: 3, child: 1 },
      cues: [rooted("street", "tree"), standing("street", ["bicycle"], "parked on")],
      acts: [
        standing("street", ["car"], "parked on", { parts: ["wheel"] }),
        mounted("street", "bicycle", "behind", IN_TOWN, {
          resting: "parked on",
          parts: ["wheel"],
        }),
        companion("street", "dog", "walking", IN_TOWN),
        mounted("street", "bench", "sitting on", IN_TOWN, {
          handlings: [["bag", "holding"]],
        }),
        somebodyOn("street", "standing on", IN_TOWN, [["bag", "carrying"]]),
      ],
    },
    {
      name: "bus stop in the rain",
      people: { woman: 4, man: 4, child: 5 },
      cues: [standing("street", ["bus"], "parked on", { range: [0, 0.3] })],
      acts: [
        sheltered("street", "holding", "standing"),
        somebodyOn("street", "standing on", { backpack: 0.6, jacket: 0.4, boot: 0.3 }, [
          ["phone", "using"],
        ]),
        mounted("street", "bench", "sitting on", IN_TOWN, {
          handlings: [["phone", "using"]],
        }),
        standing("street", ["bus"], "driving on", { parts: ["wheel"], range: [0, 0.4] }),
        sheltered("street", "holding", "standing"),
      ],
    },
  ],
};

/** Trees, a bench, and a Sunday to rest, to play or to ride. */
export const PARK: Situation = {
  name: "park",
  metre: 0.3,
  setUp(stage) {
    stage.backdrop("grass", [0, 0.45, 1, 1]);
    rooted("grass", "tree")(stage);
  },
  moods: [
    {
      name: "rest",
      people: { woman: 5, man: 3 },
      cues: [standing("grass", ["dog"], "lying on"), rooted("grass", "flower")],
      acts: [
        mounted("grass", "bench", "sitting on", SUMMERY, {
          handlings: [["book", "reading"], ["apple", "eating"]],
        }),
        mounted("grass", "bicycle", "behind", SUMMERY, { resting: "parked on" }),
        somebodyOn("grass", "lying on", { shirt: 0.3 }, [["book", "reading"]]),
        standing("grass", ["dog"], "lying on"),
        rooted("grass", "flower"),
        rooted("grass", "tree"),
      ],
    },
    {
      name: "play",
      people: { child: 7, man: 2, woman: 2 },
      cues: [airborne("grass", "kite", "above"), standing("grass", ["ball"], "on")],
      acts: [
        companion("grass", "ball", "playing with", SUMMERY),
        companion("grass", "dog", "playing with", SUMMERY),
        somebodyOn("grass", "standing on", SUMMERY, [
          ["frisbee", "playing with"],
          ["ball", "playing with"],
          ["kite", "playing with"],
        ]),
        mounted("grass", "bench", "standing on", {}),
        airborne("grass", "kite", "above"),
      ],
    },
    {
      name: "sport",
      people: { man: 5, woman: 3, child: 1 },
      cues: [rooted("grass", "fence", "on")],
      acts: [
        mounted("grass", "bicycle", "riding", SPORTY, { parts: ["wheel"] }),
        mounted("grass", "bicycle", "riding", SPORTY, { parts: ["wheel"] }),
        mounted("grass", "skateboard", "riding", SPORTY),
        somebodyOn("grass", "walking on", SPORTY, [["skateboard", "carrying"]]),
        companion("grass", "dog", "walking", SPORTY),
      ],
    },
  ],
};

/** Sand and sea: waves to ride, sun to lie in, boats to watch. */
export const BEACH: Situation = {
  name: "beach",
  metre: 0.3,
  setUp(stage) {
    stage.backdrop("ocean", [0, 0.26, 1, 0.62]);
    stage.backdrop("sand", [0, 0.58, 1, 1]);
  },
  moods: [
    {
      name: "surf",
      people: { man: 5, woman: 3 },
      cues: [surfer],
      acts: [
        surfer,
        somebodyOn("sand", "walking on", SUMMERY, [["surfboard", "carrying"]]),
        airborne("ocean", "bird", "flying over"),
        standing("sand", ["bird"], "walking on"),
        rooted("sand", "palm tree"),
      ],
    },
    {
      name: "sun",
      people: { woman: 5, child: 3, man: 2 },
      cues: [sheltered("sand", "under", "lying"), rooted("sand", "palm tree")],
      acts: [
        onTowel([["book", "reading"], ["phone", "looking at"]]),
        sheltered("sand", "under", "lying"),
        mounted("sand", "surfboard", "standing on", SUMMERY, {
          resting: "lying on",
          ...FRONT,
        }),
        companion("sand", "ball", "playing with", SUMMERY),
        somebodyOn("sand", "standing on", SUMMERY, [["towel", "holding"], [
          "ball",
          "holding",
        ]]),
      ],
    },
    {
      name: "sailing",
      people: { man: 5, child: 6 },
      cues: [afloat("sitting on")],
      acts: [
        afloat("sitting on"),
        airborne("ocean", "kite", "above"),
        airborne("ocean", "bird", "above"),
        somebodyOn("sand", "standing on", SUMMERY, [["kite", "playing with"]]),
        companion("sand", "dog", "looking at", SUMMERY),
      ],
    },
  ],
};

function onTowel(handlings: readonly Handling[]) {
  return (stage: Stage) => {
    const towel = stage.stand(stage.find("sand"), "towel", "on", FRONT);
    const entity = stage.entities[towel];
    const [x1, , x2, y2] = entity.box;
    // A towel on the ground is wide and flat.
    const width = Math.min(2.2 * entity.scale, stage.width);
    const left = Math.round(
      Math.min(Math.max((x1 + x2 - width) / 2, 0), stage.width - width),
    );
    entity.box = [
      left,
      Math.round(y2 - 0.3 * entity.scale),
      left + Math.round(width),
      y2,
    ];
    const person = stage.on(towel, stage.somebody(), "lying on", "lying");
    if (handlings.length > 0 && stage.random.chance(0.6)) {
      const [thing, predicate] = stage.random.pick(handlings);
      stage.hold(person, thing, predicate);
    }
  };
}

/** A meadow and a fence: riding lessons, cows, sheep. */
export const FARM: Situation = {
  name: "farm",
  metre: 0.28,
  setUp(stage) {
    stage.backdrop("grass", [0, 0.42, 1, 1]);
    rooted("grass", "fence", "on")(stage);
  },
  moods: [
    {
      name: "riding lesson",
      people: { child: 6, woman: 5 },
      cues: [saddled],
      acts: [
        saddled,
        mounted("grass", "horse", "riding", SPORTY, { parts: ["head", "tail"] }),
        somebodyOn("grass", "standing on", SPORTY),
        standing("grass", ["horse"], "standing on", {
          parts: ["head", "tail", "saddle"],
        }),
      ],
    },
    {
      name: "pasture",
      people: { man: 5, woman: 2 },
      cues: [standing("grass", ["cow"], "eating", { parts: ["head", "tail"] })],
      acts: [
        standing("grass", ["cow"], "eating", {
          otherwise: "standing on",
          parts: ["head", "tail"],
        }),
        standing("grass", ["cow"], "lying on"),
        mounted("grass", "horse", "behind", { hat: 0.7 }, { parts: ["head", "tail"] }),
        standing("grass", ["truck"], "parked on", { parts: ["wheel"], range: [0, 0.3] }),
        somebodyOn("grass", "walking on", { hat: 0.6, boot: 0.4, shirt: 0.3 }),
      ],
    },
    {
      name: "sheep and dog",
      people: { man: 6, woman: 5 },
      cues: [
        standing("grass", ["sheep"], "walking on", { parts: ["head"] }),
        ridge,
      ],
      acts: [
        standing("grass", ["sheep"], "walking on", { parts: ["head"] }),
        standing("grass", ["sheep"], "walking on", { parts: ["head"] }),
        companion("grass", "dog", "walking", { hat: 0.5, jacket: 0.4, boot: 0.3 }),
        standing("grass", ["dog"], "walking on", { parts: ["tail", "head"] }),
        rooted("grass", "tree"),
      ],
    },
  ],
};

function ridge(stage: Stage): void {
  const far = stage.backdrop("mountain", [0.05, 0.1, 0.95, 0.5]);
  const grass = stage.find("grass");
  stage.entities[far].depth = stage.entities[grass].depth - 1;
  stage.relate(far, "behind", grass, "overlapping");
}

function saddled(stage: Stage): void {
  const horse = stage.stand(stage.find("grass"), "horse", "walking on", FRONT);
  const rider = stage.astride(horse, stage.somebody(), stage.usually("riding", "behind"));
  dress(stage, rider, SPORTY);
  stage.part(horse, "saddle");
}

/** Snow and a mountain: down the slope, or a rest in the sun. */
export const SNOW_SLOPE: Situation = {
  name: "snow slope",
  metre: 0.3,
  setUp(stage) {
    stage.backdrop("mountain", [0, 0.06, 1, 0.5]);
    stage.backdrop("snow", [0, 0.42, 1, 1]);
  },
  moods: [
    {
      name: "descent",
      people: { man: 5, child: 3 },
      cues: [mounted("snow", "snowboard", "riding", { helmet: 0.9, jacket: 0.5 })],
      acts: [
        mounted("snow", "snowboard", "riding", { helmet: 0.8, jacket: 0.5 }),
        mounted("snow", "snowboard", "riding", { helmet: 0.8, boot: 0.3 }),
        rooted("snow", "tree", "on"),
        standing("snow", ["dog"], "walking on", { parts: ["tail"] }),
      ],
    },
    {
      name: "rest",
      people: { woman: 5, man: 3 },
      cues: [
        mounted("snow", "bench", "sitting on", WINTRY, { handlings: [["cup", "using"]] }),
      ],
      acts: [
        mounted("snow", "snowboard", "standing on", WINTRY),
        somebodyOn("snow", "standing on", { ...WINTRY, backpack: 0.6, hat: 0.6 }, [
          ["snowboard", "carrying"],
          ["cup", "using"],
        ]),
        mounted("snow", "bench", "sitting on", { ...WINTRY, hat: 0.6 }, {
          handlings: [["cup", "using"], ["orange", "eating"]],
        }),
        somebodyOn("snow", "walking on", { ...WINTRY, backpack: 0.7 }),
      ],
    },
  ],
};

/** Dry grass with wild animals, grazing or on the move. */
export const SAVANNA: Situation = {
  name: "savanna",
  metre: 0.26,
  setUp(stage) {
    stage.backdrop("grass", [0, 0.42, 1, 1]);
    rooted("grass", "tree")(stage);
  },
  moods: [
    {
      name: "grazing",
      people: { man: 1, woman: 1 },
      cues: [
        standing("grass", ["giraffe"], "standing on", { parts: ["head", "tail"] }),
        standing("grass", ["zebra"], "eating", { parts: ["head", "tail"] }),
      ],
      acts: [
        standing("grass", ["zebra"], "eating", {
          otherwise: "standing on",
          parts: ["head", "tail"],
        }),
        standing("grass", ["zebra"], "lying on"),
        standing("grass", ["giraffe"], "standing on", { parts: ["head", "tail"] }),
        birdOnBack,
        rooted("grass", "tree"),
      ],
    },
    {
      name: "safari",
      people: { man: 5, woman: 5 },
      cues: [
        standing("grass", ["elephant"], "walking on", { parts: ["head", "tail"] }),
        standing("grass", ["truck"], "driving on", { parts: ["wheel"] }),
      ],
      acts: [
        standing("grass", ["elephant"], "walking on", { parts: ["head", "tail"] }),
        standing("grass", ["zebra"], "walking on", { parts: ["head", "tail"] }),
        standing("grass", ["truck"], "driving on", { parts: ["wheel"], range: [0, 0.4] }),
        airborne("grass", "bird", "flying over"),
        somebodyOn("grass", "standing on", { hat: 0.7, shirt: 0.4 }, [
          ["phone", "using"],
        ]),
      ],
    },
  ],
};

function birdOnBack(stage: Stage): void {
  const zebra = stage.stand(stage.find("grass"), "zebra", "standing on", FRONT);
  const bird = stage.on(zebra, "bird", "standing on");
  stage.entities[bird].depth = stage.entities[zebra].depth + 0.4;
}
