/**
 * A snow slope with snowboarders on their way or at rest.
 *
 * @module
 */

import { mounted, somebodyOn, WINTRY } from "./people.ts";
import type { Situation } from "./situation.ts";
import { rooted, standing } from "./things.ts";

/** Snow and a mountain, with people who ride down or rest. */
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
