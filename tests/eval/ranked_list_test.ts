/** The list that is drawn is the list that is scored. */

import { assertEquals } from "@std/assert";
import { predictionOf } from "../../src/eval/evaluate.ts";
import { RecallEvaluator } from "../../src/eval/evaluator.ts";
import { rankedList } from "../../src/eval/ranked_list.ts";
import { generateImage, WORLD_VOCABULARY } from "../../src/world/world.ts";

Deno.test("rankedList() has the ranks of the evaluator, in falling order of scores", () => {
  const numPredicates = WORLD_VOCABULARY.predicates.length;
  for (const task of ["sgcls", "predcls", "preddet"] as const) {
    for (const name of ["motifs", "vrd"] as const) {
      const options = { task, ks: [50], numPredicates };
      const evaluator = new RecallEvaluator(name, options);
      const examples = Array.from(
        { length: 5 },
        (_, i) => generateImage(2, "test", i).example,
      );
      const lists = examples.map((example) => {
        const prediction = predictionOf(example, example);
        evaluator.add(example, prediction);
        const { protocol } = evaluator;
        return rankedList(example, prediction, { task, protocol, k: 50, numPredicates });
      });
      const ranks = [...evaluator.imageResults()].map(({ triplets }) =>
        triplets.map(({ ranks }) => ranks.R)
      );
      assertEquals(lists.map(({ ranks }) => ranks), ranks);
      for (const [i, { triplets, entities, ranks }] of lists.entries()) {
        const scores = triplets.map(({ score }) => score!);
        assertEquals(scores, scores.toSorted((a, b) => b - a));
        // A place that is a hit has the annotated predicate, and labels of equal names.
        for (const [r, rank] of ranks.entries()) {
          if (rank === null) continue;
          const [subject, object, predicate] = examples[i].relations.slice(3 * r);
          assertEquals(triplets[rank - 1].predicate, predicate);
          const { entityLabels } = examples[i];
          assertEquals(
            [triplets[rank - 1].subject, triplets[rank - 1].object].map((at) =>
              entities.labels[at]
            ),
            [entityLabels[subject], entityLabels[object]],
          );
        }
      }
    }
  }
});

Deno.test("rankedList() keeps the order of a list without scores", () => {
  const { example } = generateImage(2, "test", 0);
  const { protocol } = new RecallEvaluator("motifs");
  const { triplets } = rankedList(example, { triplets: [1, 0, 2, 0, 1, 3] }, {
    ...{ task: "predcls", protocol, k: 5 },
  });
  assertEquals(triplets, [
    { subject: 1, object: 0, predicate: 2 },
    { subject: 0, object: 1, predicate: 3 },
  ]);
});
