/**
 * Names the package of `graph_model.ts` for bundles, which have all packages in them; no
 * module imports this one.
 *
 * @module
 */

// deno-lint-ignore no-import-prefix -- see above
import "npm:@tensorflow/tfjs-converter@4.22.0";
