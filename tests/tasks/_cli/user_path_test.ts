import { join } from "node:path";
import { assertEquals } from "@std/assert";
import { userPath } from "../../../tasks/_cli/flags/user_path.ts";

const HERE = join(Deno.cwd(), "data", "x");

Deno.test("userPath() begins where the user stands", () => {
  assertEquals(userPath("mine.json", "path", HERE), join("data", "x", "mine.json"));
  assertEquals(userPath("../a b/c", "path", HERE), join("data", "a b", "c"));
  assertEquals(userPath("../..", "path", HERE), ".");
  assertEquals(userPath("mine", "path", HERE), join("data", "x", "mine"));
});

Deno.test("userPath() changes no address, no absolute path and not the sign of stdin", () => {
  for (const kind of ["path", "path or name"] as const) {
    for (const value of ["https://a/b.tar.gz", "file:///a", "/a/b.json", "-"]) {
      assertEquals(userPath(value, kind, HERE), value);
    }
  }
});

Deno.test("userPath() tells a name from a path", () => {
  for (const name of ["vrd", "gpi_mean_best", "run.2", "v1.5", "label_predictor"]) {
    assertEquals(userPath(name, "path or name", HERE), name);
  }
  for (const path of ["mine.jsonl", "m.safetensors", "./vrd", "a/b", "a\\b.c"]) {
    assertEquals(
      userPath(path, "path or name", HERE),
      join("data", "x", path),
    );
  }
});

Deno.test("userPath() changes nothing in the folder of deno.json", () => {
  assertEquals(userPath("./a//b.json", "path", undefined), "./a//b.json");
});
