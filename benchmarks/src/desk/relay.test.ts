import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { startRelay } from "./relay.ts";

interface Target {
  readonly url: string;
  readonly got: string[];
}

async function target(status: number): Promise<Target> {
  const got: string[] = [];
  const server = createServer(async (request, response) => {
    let body = "";
    for await (const part of request) body += String(part);
    got.push(`${request.url} ${request.headers["content-type"]} ${body}`);
    response.writeHead(status).end();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, got };
}

async function sent(targets: readonly Target[]): Promise<Awaited<ReturnType<typeof startRelay>>> {
  const relay = await startRelay(targets.map(({ url }) => url));
  onTestFinished(() => relay.close());
  const headers = { "content-type": "application/x-protobuf" };
  const answer = await fetch(`${relay.url}/v1/traces`, { method: "POST", headers, body: "spans" });
  expect(answer.status).toBe(200);
  return relay;
}

test("every target gets the same body", async () => {
  const targets = [await target(200), await target(200)];
  const relay = await sent(targets);
  await relay.settled();
  for (const { got } of targets) expect(got).toEqual(["/v1/traces application/x-protobuf spans"]);
  expect(relay.passed).toEqual({ requests: 1, bytes: 5 });
});

test("a target that refuses is an error", async () => {
  const relay = await sent([await target(503)]);
  await expect(relay.settled()).rejects.toThrow(/\/v1\/traces answered 503/);
});
