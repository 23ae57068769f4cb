/**
 * A parser of YAML.
 *
 * @module
 */

export { parse as parseYaml } from "npm:yaml@2.9.1";
