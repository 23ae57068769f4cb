import { assertEquals } from "@std/assert";
import {
  fileNameOf,
  folderOf,
  isAddress,
  isWebAddress,
  lastName,
  pathOf,
  urlOf,
} from "../src/address.ts";

const HOSTILE = "/a/C# ünï 50% a+b why?/m.safetensors";

Deno.test("isAddress() knows addresses from paths", () => {
  const addresses = [
    "https://a/b",
    "HTTP://a",
    "file:///a",
    "data:,a",
    "blob:https://a/1",
  ];
  for (const text of addresses) assertEquals(isAddress(text), true, text);
  const paths = ["a.json", "/a", "./a:b", "C:\\data\\m", "c:/data/m", "run:2", "-", ""];
  for (const text of paths) assertEquals(isAddress(text), false, text);
  assertEquals([isWebAddress("http://a"), isWebAddress("file:///a")], [true, false]);
});

Deno.test("urlOf() and pathOf() are inverse, whatever a path holds", () => {
  assertEquals(
    urlOf(HOSTILE, { windows: false }).href,
    "file:///a/C%23%20%C3%BCn%C3%AF%2050%25%20a+b%20why%3F/m.safetensors",
  );
  for (const path of [HOSTILE, "/a%20b/c", "/x\\y", "/[1]{2}^`|", "/tab\there"]) {
    assertEquals(pathOf(urlOf(path)), path);
  }
});

Deno.test("urlOf() and pathOf() take the paths of Windows", () => {
  const windows = { windows: true };
  const cases = [
    ["C:\\data\\a b#.safetensors", "file:///C:/data/a%20b%23.safetensors"],
    ["\\\\server\\share\\m.safetensors", "file://server/share/m.safetensors"],
  ];
  for (const [path, url] of cases) assertEquals(urlOf(path, windows).href, url);
  assertEquals(pathOf("file:///C:/a%20b", windows).replace(/^\//, ""), "C:/a b");
});

Deno.test("urlOf() and pathOf() leave alone what is one already", () => {
  const url = new URL("https://example.org/a%20b?c#d");
  assertEquals(urlOf(url), url);
  assertEquals(urlOf(url.href), url);
  assertEquals(pathOf("C:\\a%20b"), "C:\\a%20b");
});

Deno.test("urlOf() begins at the current folder", () => {
  assertEquals(pathOf(urlOf("a b/c")), `${Deno.cwd()}/a b/c`);
});

Deno.test("lastName() takes slashes of either kind", () => {
  for (const path of ["m", "a/m", "C:\\a\\m", "a/m/", "a\\m\\", "C:/x\\m"]) {
    assertEquals(lastName(path), "m", path);
  }
});

Deno.test("fileNameOf() decodes the last part of an address, whatever stands in it", () => {
  const names = {
    "https://a/b/my%20data%23.zip?x=1#y": "my data#.zip",
    "https://a/50%.zip": "50%.zip",
    "https://a/%2e%2e%2fetc%00": ".._etc_",
    "https://a/b/": "",
  };
  for (const [url, name] of Object.entries(names)) assertEquals(fileNameOf(url), name);
});

Deno.test("folderOf() leaves out the last part of a path", () => {
  const folders = {
    "data/processed/vrd": "data/processed",
    "data/processed/vrd/": "data/processed",
    "vrd": ".",
    "./vrd": ".",
    "/vrd": "/",
    "/a//vrd": "/a",
    "C:\\data\\vrd": "C:\\data",
    "C:\\vrd": "C:\\",
  };
  for (const [path, folder] of Object.entries(folders)) {
    assertEquals(folderOf(path), folder, path);
  }
});
