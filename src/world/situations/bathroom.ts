/**
 * A bathroom, in the morning or tidy.
 *
 * @module
 */

import type { Stage } from "../stage.ts";
import { AT_HOME, mounted, somebodyOn, watching } from "./people.ts";
import type { Situation } from "./situation.ts";
import { laid, onWall, served } from "./things.ts";

/** A counter, a sink and a mirror, with people in a hurry or without. */
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
