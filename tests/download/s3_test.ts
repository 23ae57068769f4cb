/** An S3 server that checks signatures gives lines and parts of lines. */

import { assert, assertEquals, assertRejects } from "@std/assert";
import { DownloadError } from "../../src/download/error.ts";
import { openRemote } from "../../src/download/remote.ts";
import { readLines } from "../../src/pipeline/parts/line_files.ts";
import { readImageFile } from "../../src/pipeline/image_files.ts";
import { testInFolder } from "../_in_folder.ts";
import { AwsClient } from "../deps_aws4fetch.ts";
import { S3Server } from "../deps_s3rver.ts";

const TEXT = Array.from({ length: 9 }, (_, i) => `line ${i}${"!".repeat(i)}\n`).join("");

/** The key that the server has. */
const KEY = {
  accessKeyId: "S3RVER",
  secretAccessKey: "S3RVER",
  service: "s3",
  region: "us-east-1",
};

testInFolder(
  "an object store: signed addresses, their parts and their end",
  async (folder) => {
    const server = new S3Server({
      ...{ port: 0, address: "127.0.0.1", silent: true, directory: folder },
      configureBuckets: [{ name: "photos", configs: [] }],
    });
    const { port } = await server.run();
    try {
      const client = new AwsClient(KEY);
      const address = `http://127.0.0.1:${port}/photos/a%20b.jsonl`;
      const put = await client.fetch(address, { method: "PUT", body: TEXT });
      await put.text();
      assertEquals(put.status, 200);
      const sign = async (datetime?: string) => {
        const url = `${address}?X-Amz-Expires=600`;
        return (await client.sign(url, { aws: { signQuery: true, datetime } })).url;
      };
      const signed = await sign();
      assertEquals((await openRemote(signed)).size, TEXT.length);
      assertEquals(new TextDecoder().decode(await readImageFile(signed)), TEXT);
      for (const count of [1, 2, 7]) {
        let all = "";
        for (let index = 1; index <= count; index++) {
          for await (const line of readLines(signed, { index, count })) {
            all += `${new TextDecoder().decode(line)}\n`;
          }
        }
        assertEquals(all, TEXT, `${count} parts`);
      }

      const refused = async (url: string, ...texts: string[]) => {
        const error = await assertRejects(() => readImageFile(url), DownloadError);
        assertEquals([error.status, error.isTransient], [403, false]);
        for (const text of texts) assert(error.message.includes(text), error.message);
        const signature = new URL(url).searchParams.get("X-Amz-Signature")!;
        assert(!error.message.includes(signature), error.message);
      };
      await refused(
        await sign("20200102T030405Z"),
        `"${address}?…"`,
        "expired at 2020-01-02T03:14:05Z; sign it again",
      );
      await refused(signed.replace(/[0-9a-f]{4}$/, "0000"), "so its signature");
    } finally {
      await server.close();
    }
  },
);
