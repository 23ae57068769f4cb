/**
 * A farm with a riding lesson, a pasture, or sheep and a dog.
 *
 * @module
 */

import type { Stage } from "../stage.ts";
import { companion, dress, FRONT, mounted, somebodyOn, SPORTY } from "./people.ts";
import type { Situation } from "./situation.ts";
import { rooted, standing } from "./things.ts";

/** A meadow with a fence, and riders, cows or sheep. */
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

function saddled(stage: Stage): void {
  const horse = stage.stand(stage.find("grass"), "horse", "walking on", FRONT);
  const rider = stage.astride(horse, stage.somebody(), stage.usually("riding", "behind"));
  dress(stage, rider, SPORTY);
  stage.part(horse, "saddle");
}

function ridge(stage: Stage): void {
  const far = stage.backdrop("mountain", [0.05, 0.1, 0.95, 0.5]);
  const grass = stage.find("grass");
  stage.entities[far].depth = stage.entities[grass].depth - 1;
  stage.relate(far, "behind", grass, "overlapping");
}
