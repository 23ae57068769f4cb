/**
 * A street at rush hour, on a quiet afternoon or with a bus stop in the rain.
 *
 * @module
 */

import { companion, IN_TOWN, mounted, sheltered, somebodyOn, SPORTY } from "./people.ts";
import type { Situation } from "./situation.ts";
import { rooted, standing } from "./things.ts";

/** A street with houses, vehicles and passers-by. */
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
