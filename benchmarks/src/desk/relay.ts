import { once } from "node:events";
import { Agent, createServer, request } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";

const SPREAD_MS = 1_000;

/** Passes on what one service sends to several aggregators, so that all get the same bytes. */
export interface Relay {
  readonly url: string;
  readonly passed: { readonly requests: number; readonly bytes: number };
  /** Resolves when every target has acknowledged what was passed on. @throws Error if one has refused it */
  settled(): Promise<void>;
  close(): void;
}

/** Targets get a body one after the other, spread over a second: two that work at the same moment slow each other down. */
export async function startRelay(targets: readonly string[]): Promise<Relay> {
  const passed = { requests: 0, bytes: 0 };
  const agents = targets.map(() => new Agent({ keepAlive: true, maxSockets: 1 }));
  const underWay = new Set<Promise<void>>();
  let failure: unknown;

  const pass = async (
    path: string,
    headers: Readonly<Record<string, string>>,
    body: Buffer,
  ): Promise<void> => {
    for (const [at, target] of targets.entries()) {
      await post(new URL(path, target), agents[at], headers, body);
      await sleep(SPREAD_MS / (targets.length + 1));
    }
  };
  const server = createServer(async (incoming, response) => {
    const parts: Buffer[] = [];
    for await (const part of incoming) parts.push(part as Buffer);
    // An empty body is an empty ExportTraceServiceResponse: full success.
    response.writeHead(200, { "content-type": "application/x-protobuf", "content-length": 0 }).end();
    const body = Buffer.concat(parts);
    passed.requests += 1;
    passed.bytes += body.length;
    const { "content-type": type = "", "content-encoding": encoding } = incoming.headers;
    const headers = {
      "content-type": type,
      ...(encoding === undefined ? {} : { "content-encoding": encoding }),
    };
    const passing = pass(incoming.url ?? "/", headers, body)
      .catch((error: unknown) => {
        failure ??= error;
      })
      .finally(() => underWay.delete(passing));
    underWay.add(passing);
  });
  server.keepAliveTimeout = 60_000;
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    passed,
    async settled() {
      await Promise.all(underWay);
      if (failure !== undefined) throw failure;
    },
    close() {
      server.close();
      server.closeAllConnections();
      for (const agent of agents) agent.destroy();
    },
  };
}

function post(
  url: URL,
  agent: Agent | undefined,
  headers: Readonly<Record<string, string>>,
  body: Buffer,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const sent = request(url, {
      method: "POST",
      ...(agent && { agent }),
      headers: { ...headers, "content-length": body.length },
    });
    sent.once("error", reject);
    sent.once("response", (response) => {
      response.resume().once("end", () => {
        if (response.statusCode === 200) resolve();
        else reject(new Error(`${url.href} answered ${response.statusCode}`));
      });
    });
    sent.end(body);
  });
}
