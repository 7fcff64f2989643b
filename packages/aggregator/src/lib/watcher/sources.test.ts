import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { makeDirectory, removeDirectory } from "../log/testing/folder.ts";
import type { BlockSource } from "./block-source.ts";
import { assertBlockSource, openBlockSource } from "./watch.ts";

/** A node that answers every call with slot 7 or what is given, and notes what it was sent. */
async function node(
  status = 200,
  answer: unknown = { jsonrpc: "2.0", id: 1, result: 7 },
): Promise<{ port: number; authorizations: (string | undefined)[] }> {
  const authorizations: (string | undefined)[] = [];
  const server = createServer((request, response) => {
    authorizations.push(request.headers.authorization);
    response.writeHead(status).end(JSON.stringify(answer));
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

test.each([
  [301, /^Error: getSlot: the node answered 301, a redirect, .* give --rpc the URL that it leads to$/],
  [401, /^Error: getSlot: the node answered 401: the key or login in --rpc /],
  [429, /^Error: getSlot: the node answered 429: .* lower blocksPerSecond /],
  [503, /^Error: getSlot: the node answered 503$/],
])("a node that answers %s says what to do", async (status, message) => {
  const { port } = await node(status);
  const source = openBlockSource({ rpcUrl: `http://127.0.0.1:${port}/` });
  expect(await source?.head().catch(String)).toMatch(message);
});

test("an error of null is none, and an error that comes with much data is read", async () => {
  const open = async (answer: unknown): Promise<BlockSource | undefined> =>
    openBlockSource({ rpcUrl: `http://127.0.0.1:${(await node(200, answer)).port}/` });
  const plain = await open({ jsonrpc: "2.0", id: 1, result: 7, error: null });
  expect(await plain?.head()).toEqual({ newest: 7, finalized: 7 });
  const none = await open({ jsonrpc: "2.0", id: 1, result: null, error: null });
  expect(await none?.block(5)).toEqual({ kind: "skipped" });
  const data = { trace: "x".repeat(10_000) };
  const skipped = await open({ jsonrpc: "2.0", id: 1, error: { code: -32_007, message: "skipped", data } });
  expect(await skipped?.block(5)).toEqual({ kind: "skipped" });
  const refused = await open({ jsonrpc: "2.0", id: 1, error: { code: -32_011, message: "no history" } });
  await expect(refused?.placesOf(["a"])).rejects.toThrow(
    "getSignatureStatuses: the node answered error -32011",
  );
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
