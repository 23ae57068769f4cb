/**
 * A beach with surfers, sunbathers or boats.
 *
 * @module
 */

import type { Stage } from "../stage.ts";
import {
  companion,
  FRONT,
  type Handling,
  mounted,
  sheltered,
  somebodyOn,
  SUMMERY,
} from "./people.ts";
import type { Situation } from "./situation.ts";
import { airborne, rooted, standing } from "./things.ts";

/** Sand and sea with people who surf, lie in the sun or sail. */
export const BEACH: Situation = {
  name: "beach",
  metre: 0.3,
  setUp(stage) {
    stage.backdrop("ocean", [0, 0.26, 1, 0.62]);
    stage.backdrop("sand", [0, 0.58, 1, 1]);
  },
  moods: [
    {
      name: "surf",
      people: { man: 5, woman: 3 },
      cues: [surfer],
      acts: [
        surfer,
        somebodyOn("sand", "walking on", SUMMERY, [["surfboard", "carrying"]]),
        airborne("ocean", "bird", "flying over"),
        standing("sand", ["bird"], "walking on"),
        rooted("sand", "palm tree"),
      ],
    },
    {
      name: "sun",
      people: { woman: 5, child: 3, man: 2 },
      cues: [sheltered("sand", "under", "lying"), rooted("sand", "palm tree")],
      acts: [
        onTowel([["book", "reading"], ["phone", "looking at"]]),
        sheltered("sand", "under", "lying"),
        mounted("sand", "surfboard", "standing on", SUMMERY, {
          resting: "lying on",
          ...FRONT,
        }),
        companion("sand", "ball", "playing with", SUMMERY),
        somebodyOn("sand", "standing on", SUMMERY, [["towel", "holding"], [
          "ball",
          "holding",
        ]]),
      ],
    },
    {
      name: "sailing",
      people: { man: 5, child: 6 },
      cues: [afloat("sitting on")],
      acts: [
        afloat("sitting on"),
        airborne("ocean", "kite", "above"),
        airborne("ocean", "bird", "above"),
        somebodyOn("sand", "standing on", SUMMERY, [["kite", "playing with"]]),
        companion("sand", "dog", "looking at", SUMMERY),
      ],
    },
  ],
};

/** Adds a board in the water with a person on it. */
function surfer(stage: Stage): void {
  const water = stage.find("ocean");
  const board = stage.within(water, "surfboard", "in", "within", 0.5 * stage.metre);
  stage.astride(board, stage.somebody(), stage.usually("riding", "standing on"));
}

/** Adds a boat in the water, with or without a person in it. */
function afloat(predicate: "riding" | "sitting on") {
  return (stage: Stage) => {
    const boat = stage.within(
      stage.find("ocean"),
      "boat",
      "in",
      "within",
      0.5 * stage.metre,
    );
    if (stage.random.chance(0.5)) stage.astride(boat, stage.somebody(), predicate);
  };
}

/** Adds a person who lies on a towel. */
function onTowel(handlings: readonly Handling[]) {
  return (stage: Stage) => {
    const towel = stage.stand(stage.find("sand"), "towel", "on", {
      ...FRONT,
      pose: "lying",
    });
    const person = stage.on(towel, stage.somebody(), "lying on", "lying");
    if (!stage.random.chance(0.6)) return;
    const [thing, predicate] = stage.random.pick(handlings);
    stage.hold(person, thing, predicate);
  };
}
