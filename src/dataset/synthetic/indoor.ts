/**
 * Situations inside: kitchen table, living room, office, bathroom.
 *
 * @module
 */

import {
  dress,
  handle,
  type Handling,
  laid,
  mounted,
  type Outfit,
  served,
  type Situation,
  somebodyOn,
  watching,
} from "./situations.ts";
import type { EntityName } from "./classes.ts";
import type { Stage } from "./stage.ts";

const AT_HOME: Outfit = { shirt: 0.45 };
const AT_WORK: Outfit = { jacket: 0.35, shirt: 0.25 };

/** A chair beyond the table with somebody on or behind it. */
function diner(predicate: "sitting on" | "behind", handlings: readonly Handling[]) {
  return (stage: Stage) => {
    const table = stage.entities.findIndex(({ name }) =>
      name === "table" || name === "desk"
    );
    const chair = stage.beyond(table, "chair", 0.36 * stage.height);
    const person = stage.astride(
      chair,
      stage.somebody(),
      stage.usually(predicate, predicate === "behind" ? "sitting on" : "behind"),
    );
    dress(stage, person, AT_HOME);
    handle(stage, person, handlings);
  };
}

/** A wall from the upper edge to the floor, with perhaps one thing on it. */
function wall(stage: Stage, bottom: number, things: readonly EntityName[]): void {
  const index = stage.backdrop("wall", [0, 0, 1, bottom]);
  if (things.length > 0 && stage.random.chance(0.7)) {
    onWall(stage, index, stage.random.pick(things));
  }
}

function onWall(stage: Stage, index: number, name: EntityName): void {
  const predicate = name === "window"
    ? "in"
    : name === "tv" || name === "monitor"
    ? "mounted on"
    : name === "mirror"
    ? "on"
    : "hanging on";
  stage.within(index, name, predicate, "upright", 0.8 * stage.metre);
}

/** Everyone eats, drinks or celebrates around a large table. */
export const KITCHEN_TABLE: Situation = {
  name: "kitchen table",
  metre: 0.32,
  setUp(stage) {
    wall(stage, 0.7, ["window", "window", "picture"]);
    stage.backdrop("floor", [0, 0.68, 1, 1]);
    stage.front("table", [0.04, 0.6, 0.96, 1], 0.5 * stage.height);
  },
  moods: [
    {
      name: "breakfast",
      people: { woman: 5, man: 3, child: 1 },
      cues: [
        served("table", "bowl", "apple", "orange"),
        diner("sitting on", [["cup", "using"]]),
      ],
      acts: [
        diner("sitting on", [["cup", "using"], ["apple", "eating"], ["book", "reading"]]),
        diner("sitting on", [["cup", "using"], ["orange", "eating"]]),
        laid("table", "cup", "cup", "bowl"),
        served("table", "bowl", "apple", "orange"),
        laid("table", "orange", "apple"),
      ],
    },
    {
      name: "dinner",
      people: { man: 5, woman: 3, child: 1 },
      cues: [served("table", "plate", "pizza"), diner("sitting on", [["fork", "using"]])],
      acts: [
        diner("sitting on", [["pizza", "eating"], ["glass", "holding"], [
          "fork",
          "using",
        ]]),
        diner("sitting on", [["glass", "holding"], ["fork", "using"]]),
        laid("table", "glass", "glass", "fork"),
        served("table", "plate", "pizza"),
        served("table", "vase", "flower"),
      ],
    },
    {
      name: "birthday",
      people: { child: 7, woman: 2, man: 1 },
      cues: [
        served("table", "plate", "cake"),
        diner("behind", [["ball", "playing with"]]),
      ],
      acts: [
        diner("behind", [["cake", "holding"], ["ball", "playing with"]]),
        diner("behind", [["teddy bear", "playing with"], ["glass", "holding"]]),
        laid("table", "glass", "ball"),
        served("table", "plate", "cake"),
        (stage) => {
          const table = stage.find("table");
          const guest = stage.on(table, "teddy bear", "on", "sitting");
          stage.wear(guest, "hat");
        },
      ],
    },
  ],
};

/** A couch, somebody on it, and an evening or a morning to spend. */
export const LIVING_ROOM: Situation = {
  name: "living room",
  metre: 0.42,
  setUp(stage) {
    wall(stage, 0.66, []);
    stage.backdrop("floor", [0, 0.64, 1, 1]);
    stage.stand(stage.find("floor"), "couch", "on", { range: [0, 0.35] });
  },
  moods: [
    {
      name: "evening",
      people: { man: 5, woman: 3 },
      cues: [
        (stage) => onWall(stage, stage.find("wall"), "tv"),
        onCouch("cat", "lying on"),
      ],
      acts: [
        sitter("sitting on", [["remote", "using"], ["book", "holding"], [
          "glass",
          "holding",
        ]]),
        somebodyOn("floor", "standing on", AT_HOME, [["remote", "using"]]),
        watching("floor", "tv", AT_HOME),
        onCouch("cat", "lying on"),
        onCouch("remote", "lying on"),
      ],
    },
    {
      name: "reading hour",
      people: { woman: 5, man: 3, child: 1 },
      cues: [besideCouch("lamp"), onCouch("book", "on")],
      acts: [
        sitter("sitting on", [["book", "reading"], ["book", "reading"], [
          "cup",
          "using",
        ]]),
        somebodyOn("floor", "walking on", AT_HOME, [["book", "carrying"], [
          "cup",
          "carrying",
        ]]),
        onCouch("cat", "sitting on"),
        onCouch("book", "on"),
        (stage) => onWall(stage, stage.find("wall"), "picture"),
      ],
    },
    {
      name: "children at play",
      people: { child: 7, woman: 2 },
      cues: [onCouch("teddy bear", "sitting on"), toy("ball")],
      acts: [
        sitter("standing on", [["teddy bear", "carrying"], ["ball", "playing with"]]),
        somebodyOn("floor", "standing on", AT_HOME, [
          ["teddy bear", "carrying"],
          ["ball", "playing with"],
        ]),
        somebodyOn("floor", "lying on", {}, []),
        toy("ball"),
        onCouch("teddy bear", "sitting on"),
      ],
    },
  ],
};

function sitter(predicate: "sitting on" | "standing on", handlings: readonly Handling[]) {
  return (stage: Stage) => {
    const said = stage.usually(predicate, "behind");
    const person = stage.astride(stage.find("couch"), stage.somebody(), said);
    dress(stage, person, AT_HOME);
    handle(stage, person, handlings);
  };
}

function onCouch(name: EntityName, predicate: "on" | "lying on" | "sitting on") {
  return (stage: Stage) => {
    const pose = predicate === "lying on" ? "lying" : "standing";
    const couch = stage.find("couch");
    if (predicate !== "sitting on") stage.on(couch, name, predicate, pose);
    else stage.astride(couch, name, predicate);
  };
}

function besideCouch(name: EntityName) {
  return (stage: Stage) => {
    const table = stage.beside(stage.find("couch"), "table", "next to");
    stage.on(table, name);
  };
}

function toy(name: EntityName) {
  return (stage: Stage) => {
    stage.stand(stage.find("floor"), name, "on");
  };
}

/** A desk, a screen, and people who work or do not. */
export const OFFICE: Situation = {
  name: "office",
  metre: 0.34,
  setUp(stage) {
    wall(stage, 0.68, ["picture", "window"]);
    stage.backdrop("floor", [0, 0.64, 1, 1]);
    const desk = stage.front("desk", [0.14, 0.6, 0.86, 0.94], 0.42 * stage.height);
    stage.relate(desk, "on", stage.find("floor"), "resting");
    stage.on(desk, "monitor");
  },
  moods: [
    {
      name: "work",
      people: { man: 6, woman: 4 },
      cues: [laid("desk", "keyboard"), diner("sitting on", [["phone", "using"]])],
      acts: [
        diner("sitting on", [["phone", "using"], ["cup", "using"]]),
        diner("sitting on", [["book", "reading"], ["phone", "using"]]),
        laid("desk", "keyboard", "phone"),
        laid("desk", "monitor"),
        laid("desk", "cup", "book"),
      ],
    },
    {
      name: "meeting",
      people: { woman: 7, man: 3 },
      cues: [served("desk", "vase", "flower"), diner("behind", [["glass", "holding"]])],
      acts: [
        diner("behind", [["book", "carrying"], ["glass", "holding"]]),
        somebodyOn("floor", "standing on", AT_WORK, [["bag", "carrying"], [
          "phone",
          "holding",
        ]]),
        watching("floor", "monitor", AT_WORK),
        laid("desk", "glass", "glass", "book"),
        laid("desk", "apple", "glass"),
      ],
    },
  ],
};

/** Counter, sink and mirror, in the morning rush or empty. */
export const BATHROOM: Situation = {
  name: "bathroom",
  metre: 0.38,
  setUp(stage) {
    const back = stage.backdrop("wall", [0, 0, 1, 0.7]);
    stage.backdrop("floor", [0, 0.68, 1, 1]);
    onWall(stage, back, "mirror");
    const counter = stage.stand(stage.find("floor"), "counter", "on", {
      range: [0, 0.3],
    });
    stage.on(counter, "sink");
  },
  moods: [
    {
      name: "morning",
      people: { man: 5, woman: 3, child: 4 },
      cues: [laid("counter", "toothbrush")],
      acts: [
        somebodyOn("floor", "standing on", AT_HOME, [["toothbrush", "using"]]),
        somebodyOn("floor", "standing on", {}, [["towel", "using"], [
          "toothbrush",
          "using",
        ]]),
        watching("floor", "mirror", AT_HOME),
        mounted("floor", "toilet", "sitting on", {}, {
          handlings: [["phone", "looking at"]],
        }),
        served("counter", "cup", "toothbrush"),
      ],
    },
    {
      name: "tidy",
      people: { woman: 5, man: 3 },
      cues: [served("counter", "vase", "flower"), hangTowel],
      acts: [
        hangTowel,
        laid("counter", "bowl", "towel"),
        (stage) => void stage.stand(stage.find("floor"), "toilet", "on"),
        somebodyOn("floor", "walking on", AT_HOME, [["towel", "carrying"], [
          "bowl",
          "carrying",
        ]]),
        served("counter", "vase", "flower"),
      ],
    },
  ],
};

function hangTowel(stage: Stage): void {
  stage.within(stage.find("wall"), "towel", "hanging on", "upright", 0.8 * stage.metre);
}
