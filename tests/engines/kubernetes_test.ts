/**
 * `examples/kubernetes/job.yaml` by Kubernetes' published schema, and by the rules of its
 * documentation that a schema cannot express.
 */

import { assertEquals, assertThrows } from "@std/assert";
import { parseShard, shardText } from "../../src/job_shard.ts";
import { ROOT } from "../tasks/_run_script.ts";
import { checkJob } from "./deps_kubernetes_models.ts";
import { parseYaml } from "../../src/deps/yaml.ts";

type Path = (string | number)[];

const text = Deno.readTextFileSync(`${ROOT}examples/kubernetes/job.yaml`);
// deno-lint-ignore no-explicit-any -- the schema says what it is
const job = await parseYaml(text) as any;

Deno.test("Kubernetes: the schema accepts the Job, and knows each of its fields", () => {
  checkJob(job);
  assertEquals(unknownFields(job), []);
  const old = structuredClone(job);
  old.spec.template.spec.containers[0].arguments = [];
  assertEquals(unknownFields(old), ["spec.template.spec.containers.0.arguments"]);
  const misspelt = structuredClone(job);
  misspelt.spec.podFailurePolicy.rules[1].action = "FailTheIndex";
  assertThrows(() => checkJob(misspelt), Error, "action must be equal to one of");
});

Deno.test("Kubernetes: what fails for good ends its index, and each index has its part", () => {
  const { spec } = job, [container] = spec.template.spec.containers;
  const [, { onExitCodes }] = spec.podFailurePolicy.rules;
  // A policy needs restartPolicy Never; FailIndex needs backoffLimitPerIndex, which needs
  // Indexed; the codes are sorted and differ, and 0 is not among them.
  assertEquals(spec.template.spec.restartPolicy, "Never");
  assertEquals(spec.completionMode, "Indexed");
  assertEquals(spec.backoffLimitPerIndex > 0, true);
  assertEquals(onExitCodes.containerName, container.name);
  assertEquals(onExitCodes.values, permanentCodes());

  const flag = container.args.find((arg: string) => arg.startsWith("--shard="));
  const shard = flag.slice("--shard=".length);
  const parts = Array.from({ length: spec.completions }, (_, index) => {
    const environment = { JOB_COMPLETION_INDEX: String(index) };
    return shardText(
      parseShard(shard, (name) => environment[name as keyof typeof environment]),
    );
  });
  const numbers = Array.from({ length: spec.completions }, (_, index) => index + 1);
  assertEquals(parts, numbers.map((number) => `${number}/${spec.completions}`));
});

/** The fields that the schema does not know: they may have any value. */
function unknownFields(manifest: typeof job): string[] {
  const unknown: string[] = [];
  for (const path of pathsOf(manifest)) {
    if (path.length === 1) continue; // apiVersion and kind are the validator's own
    const wrong = structuredClone(manifest);
    const parent = path.slice(0, -1).reduce((value, key) => value[key], wrong);
    parent[path.at(-1)!] = () => "of no kind that a field may have";
    try {
      checkJob(wrong);
      unknown.push(path.join("."));
    } catch {
      // As it should be.
    }
  }
  return unknown;
}

/** The codes that docs/shards.md calls permanent. */
function permanentCodes(): number[] {
  const page = Deno.readTextFileSync(`${ROOT}docs/shards.md`);
  return Array.from(page.matchAll(/^\| (\d+) +\| permanent:/gm), ([, code]) => +code);
}

/** The path of every value in nested lists and records. */
function pathsOf(value: unknown, path: Path = []): Path[] {
  const entries = Array.isArray(value)
    ? value.map((item, i) => [i, item] as const)
    : typeof value === "object" && value !== null
    ? Object.entries(value)
    : [];
  return entries.flatMap(([key, item]) => {
    const inner = [...path, key];
    return [inner, ...pathsOf(item, inner)];
  });
}
