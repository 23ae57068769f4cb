/** Progress bars of the commands. */
export { SingleBar } from "npm:cli-progress@3.12.0";
