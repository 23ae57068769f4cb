/**
 * An office at work or in a meeting.
 *
 * @module
 */

import { AT_WORK, diner, somebodyOn, watching } from "./people.ts";
import type { Situation } from "./situation.ts";
import { laid, served, wall } from "./things.ts";

/** A desk and a monitor, with people who work or meet. */
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
