/**
 * Kubernetes' own published schema, compiled to validators.
 *
 * @module
 */

// deno-lint-ignore no-import-prefix
import { Job } from "npm:kubernetes-models@5.1.0/batch/v1/Job";

/**
 * Checks the manifest of a Job.
 *
 * @throws {Error} If a field that the schema knows has a wrong value, or is missing.
 */
export function checkJob(manifest: unknown): void {
  new Job(manifest as ConstructorParameters<typeof Job>[0]).validate();
}
