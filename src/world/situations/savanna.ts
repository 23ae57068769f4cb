/**
 * A savanna with grazing animals or a safari.
 *
 * @module
 */

import type { Stage } from "../stage.ts";
import { FRONT, somebodyOn } from "./people.ts";
import type { Situation } from "./situation.ts";
import { airborne, rooted, standing } from "./things.ts";

/** Dry grass with wild animals, which graze or are watched. */
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
