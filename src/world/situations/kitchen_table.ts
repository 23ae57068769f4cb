/**
 * A kitchen table at breakfast, at dinner or on a birthday.
 *
 * @module
 */

import { diner } from "./people.ts";
import type { Situation } from "./situation.ts";
import { laid, served, wall } from "./things.ts";

/** A large table with people who eat, drink or celebrate. */
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
