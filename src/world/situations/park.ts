/**
 * A park with people who rest, play or do sport.
 *
 * @module
 */

import { companion, mounted, somebodyOn, SPORTY, SUMMERY } from "./people.ts";
import type { Situation } from "./situation.ts";
import { airborne, rooted, standing } from "./things.ts";

/** Trees and a bench, with people who rest, play or do sport. */
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
