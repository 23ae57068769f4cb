/**
 * A living room in the evening, in a reading hour or with children who play.
 *
 * @module
 */

import type { EntityName } from "../classes.ts";
import type { Stage } from "../stage.ts";
import { AT_HOME, dress, handle, type Handling, somebodyOn, watching } from "./people.ts";
import type { Situation } from "./situation.ts";
import { onWall, wall } from "./things.ts";

/** A couch with people who watch, read or play. */
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
