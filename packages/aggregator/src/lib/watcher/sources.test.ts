import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { makeDirectory, removeDirectory } from "../log/testing/folder.ts";
import { assertBlockSource, openBlockSource } from "./watch.ts";

/** A node that answers every call with slot 7, and notes what it was sent. */
async function node(status = 200): Promise<{ port: number; authorizations: (string | undefined)[] }> {
  const authorizations: (string | undefined)[] = [];
  const server = createServer((request, response) => {
    authorizations.push(request.headers.authorization);
    response.writeHead(status).end(JSON.stringify({ jsonrpc: "2.0", id: 1, result: 7 }));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void server.close());
  return { port: (server.address() as AddressInfo).port, authorizations };
}

test.each([
  ["desk:p%40ss%3Aword", "desk:p@ss:word"],
  [":secret", ":secret"],
  ["key", "key:"],
  ["a:100%", "a:100%"],
])("a node with the login %s in its URL gets it as HTTP Basic", async (login, sent) => {
  const { port, authorizations } = await node();
  const source = openBlockSource({ rpcUrl: `http://${login}@127.0.0.1:${port}/path?q=1` });
  expect(await source?.head()).toEqual({ newest: 7, finalized: 7 });
  expect(new Set(authorizations)).toEqual(new Set([`Basic ${Buffer.from(sent).toString("base64")}`]));
});

test("neither a refusal nor a node that is away tells the login", async () => {
  const { port } = await node(401);
  for (const at of [port, 1]) {
    const source = openBlockSource({ rpcUrl: `http://desk:secret@127.0.0.1:${at}/` });
    const error = await source?.head().catch((thrown: unknown) => thrown);
    expect(String(error)).toMatch(/answered 401|cannot be reached/);
    expect(JSON.stringify([error, String(error)])).not.toMatch(/secret|desk/);
  }
});

test("a folder of blocks that is not there is refused before anything starts; an empty one is not", () => {
  const folder = makeDirectory();
  onTestFinished(() => removeDirectory(folder));
  expect(() => assertBlockSource({ blocksDir: folder })).not.toThrow();
  expect(() => assertBlockSource({ blocksDir: join(folder, "missing") })).toThrow(
    /^blocksDir = ".*missing" \(--blocks, SLIPSTREAM_BLOCKS_DIR\) does not exist; /,
  );
  expect(() => assertBlockSource({ blocksDir: import.meta.filename })).toThrow(/is not a folder/);
});
