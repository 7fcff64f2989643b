import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { seededRandom } from "@slipstream/stats";
import { eventually } from "@slipstream/testing/eventually";
import { Webhook } from "standardwebhooks";
import { expect, onTestFinished, test } from "vitest";
import { silentLogger } from "../../../logger.ts";
import { Deliverer } from "../../deliver/deliverer.ts";
import { channelOf } from "../../testing/channel-test.ts";
import { alertSequence } from "../../testing/transition.ts";

const KEY = `whsec_${Buffer.alloc(32, 7).toString("base64")}`;

type Fault = (request: IncomingMessage, response: ServerResponse) => void;

/** What receivers do instead of taking a message. Some have taken it, and say so too late or not at all. */
const faults: readonly Fault[] = [
  (request) => request.socket.resetAndDestroy(),
  (request) => request.socket.end(),
  (_request, response) => response.writeHead(500).end("<html>oops</html>"),
  (_request, response) => response.writeHead(503, { "retry-after": "0" }).end(),
  (_request, response) => response.writeHead(429, { "retry-after": "0.02" }).end(),
  (_request, response) => response.writeHead(302, { location: "https://other.example/" }).end(),
  (request) => request.socket.write("HTTP/1.1 nonsense\r\n\r\n"),
  () => undefined,
];

test("nothing is lost and nothing overtakes, whatever a receiver does meanwhile", async () => {
  const random = seededRandom(11);
  const taken: string[] = [];
  let faulty = true;
  const listener = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const body = await text(request).catch(() => undefined);
    if (body === undefined) return;
    const fault = faulty && random() < 0.4 ? faults[Math.floor(random() * faults.length)] : undefined;
    const isTaken = fault === undefined || random() < 0.3;
    if (isTaken) {
      new Webhook(KEY).verify(body, request.headers as Record<string, string>);
      taken.push(String(request.headers["idempotency-key"]));
    }
    if (fault === undefined) response.writeHead(200).end("a".repeat(random() < 0.1 ? 200_000 : 2));
    else fault(request, response);
  };
  let server = await listen(listener, 0);
  const { port } = server.address() as AddressInfo;
  onTestFinished(() => stop(server));

  const url = `http://127.0.0.1:${port}/hook`;
  const { channel } = await channelOf({ type: "webhook", url, key: KEY });
  const deliverer = new Deliverer({
    channels: [{ channel, accepts: () => true }],
    content: { waiting: [], told: [], known: [], collapsed: [], digests: [] },
    keep: () => undefined,
    logger: silentLogger,
    now: Date.now,
    times: { backoff: { firstMs: 5, longestMs: 20 }, sendMs: 150 },
  });
  onTestFinished(() => deliverer.close());

  const sent = Array.from({ length: 4 }, (_, i) => alertSequence(`alert-${i}`, 30)).flat();
  const keys = sent.map(({ key }) => key);
  const lasts = (count: number): Promise<unknown> =>
    eventually(`${count} have come`, () => new Set(taken).size >= count, 60_000);
  deliverer.take(sent.slice(0, 60), 1);
  await lasts(40);
  await stop(server);
  deliverer.take(sent.slice(60), 2);
  await eventually("it fails", () => deliverer.status().ops?.up === false);
  server = await listen(listener, port);
  await lasts(100);
  faulty = false;
  await lasts(keys.length);
  expect([...new Set(taken)]).toEqual(keys);
  await eventually("all is said to be delivered", () => deliverer.status().ops?.queueItems === 0);
  expect(deliverer.status().ops?.outcomes.delivered).toBe(keys.length);
});

async function listen(
  listener: (request: IncomingMessage, response: ServerResponse) => Promise<void>,
  port: number,
): Promise<Server> {
  const server = createServer((request, response) => void listener(request, response));
  await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
  return server;
}

function stop(server: Server): Promise<void> {
  server.closeAllConnections();
  return new Promise((resolve) => server.close(() => resolve()));
}
