import { createServer, type Server } from "node:http";
import { type AddressInfo, connect, createServer as createTcpServer } from "node:net";
import { type Aggregator, createAggregator, IN_MEMORY } from "@slipstream/aggregator";
import { afterAll, beforeAll, expect, test } from "vitest";
import { pageText } from "./chromium.ts";

/** Serves a page that is not the aggregator's. */
let attacker: Server;
let aggregator: Aggregator;
/** A name that the browser resolves to this machine. */
const EVIL = "evil.example";
let rules = "";

/** What the page tried and what came of it. */
interface Tried {
  readonly [what: string]: string;
}

const span = {
  traceId: "1".repeat(32),
  spanId: "1".repeat(16),
  name: "trade.execute",
  startTimeUnixNano: `${Date.now()}000000`,
  endTimeUnixNano: `${Date.now() + 1}000000`,
};
const traces = JSON.stringify({
  resourceSpans: [
    {
      resource: { attributes: [{ key: "service.name", value: { stringValue: "forged" } }] },
      scopeSpans: [{ spans: [span] }],
    },
  ],
});

/** A page that tries to read from `base` and to send traces to it, in each way that a browser has. */
function page(base: string): string {
  const attempts = {
    metrics: "read('/metrics')",
    current: "read('/api/current')",
    health: "read('/healthz')",
    "post as JSON": "post({ 'content-type': 'application/json' })",
    // What needs no permission: a form could send it.
    "post as text": "post({ 'content-type': 'text/plain' })",
    "post without reading": "post({ 'content-type': 'text/plain' }, 'no-cors')",
    beacon:
      "String(navigator.sendBeacon(base + '/v1/traces', new Blob([body], { type: 'application/json' })))",
  };
  return `<!doctype html><pre id="result">not run</pre><script type="module">
    const base = ${JSON.stringify(base)}, body = ${JSON.stringify(traces)};
    const told = async (answer) => answer.type === "opaque" ? "opaque" : answer.status + " " + await answer.text();
    const read = async (path) => told(await fetch(base + path));
    const post = async (headers, mode = "cors") => told(await fetch(base + "/v1/traces", { method: "POST", headers, body, mode }));
    const tried = {};
    ${Object.entries(attempts)
      .map(
        ([name, code]) =>
          `try { tried[${JSON.stringify(name)}] = await ${code}; } catch { tried[${JSON.stringify(name)}] = "failed"; }`,
      )
      .join("\n    ")}
    document.getElementById("result").textContent = "RESULT" + btoa(unescape(encodeURIComponent(JSON.stringify(tried)))) + "END";
  </script>`;
}

async function tryFrom(url: string): Promise<Tried> {
  const text = await pageText(url, rules);
  const [, result] = /RESULT([\w+/=]+)END/.exec(text) ?? [];
  if (result === undefined) throw new Error(`The page did not run: ${text.slice(0, 1_000)}`);
  return JSON.parse(Buffer.from(result, "base64").toString()) as Tried;
}

beforeAll(async () => {
  aggregator = await createAggregator({ dataDir: IN_MEMORY, port: 0 });
  attacker = createServer((request, response) => {
    const base = new URL(request.url ?? "", "http://x").searchParams.get("base") ?? "";
    response.writeHead(200, { "content-type": "text/html", connection: "close" }).end(page(base));
  });
  await new Promise<void>((resolve) => attacker.listen(0, "127.0.0.1", resolve));
  rules = `MAP ${EVIL} 127.0.0.1`;
});
afterAll(async () => {
  attacker?.close();
  await aggregator?.close();
});

const attackerPort = (): number => (attacker.address() as AddressInfo).port;

function nothingCame(): void {
  expect(aggregator.current().services).toEqual({});
}

test("a page of another origin reads nothing and sends nothing", async () => {
  const tried = await tryFrom(`http://${EVIL}:${attackerPort()}/?base=${encodeURIComponent(aggregator.url)}`);
  for (const what of ["metrics", "current", "health", "post as JSON", "post as text"])
    expect(tried[what]).toBe("failed");
  // It is sent, and refused: the page does not learn of it.
  expect(tried["post without reading"]).toBe("opaque");
  nothingCame();
});

test("a page whose own name leads to the aggregator (rebinding) reads nothing and sends nothing", async () => {
  // The browser takes the page and the aggregator for the same origin: http://evil.example on the aggregator's port.
  const rebound = `http://${EVIL}:${aggregator.port}`;
  const text = await pageText(`${rebound}/metrics`, rules);
  expect(text).toContain("host_not_allowed");
  expect(text).not.toContain("slipstream_build_info");
  for (const path of ["/api/current", "/readyz", "/healthz"]) {
    expect(await pageText(`${rebound}${path}`, rules)).toContain("host_not_allowed");
  }
  nothingCame();
});

test("after the rebinding the page's own script is refused, in reading and in sending", async () => {
  // The name leads to the attacker's server for the page, and to the aggregator for what its script asks for: for the browser
  // both are the page's own origin.
  let port = attackerPort();
  const name = createTcpServer((socket) => {
    socket.on("error", () => socket.destroy());
    // Decided when a request comes, not when it connects: a browser opens connections ahead of what it will ask for.
    socket.once("data", (begin) => {
      const onward = connect(port, "127.0.0.1");
      onward.write(begin);
      socket.on("error", () => onward.destroy()).pipe(onward);
      onward.on("error", () => socket.destroy()).pipe(socket);
    });
  });
  await new Promise<void>((resolve) => name.listen(0, "127.0.0.1", resolve));
  attacker.once("request", (_, response) => {
    response.once("finish", () => {
      port = aggregator.port;
    });
  });
  const own = `http://${EVIL}:${(name.address() as AddressInfo).port}`;
  try {
    const tried = await tryFrom(`${own}/?base=${encodeURIComponent(own)}`);
    for (const what of ["metrics", "current", "health", "post as JSON", "post as text"]) {
      expect(tried[what]).toMatch(/^403 .*host_not_allowed/);
    }
    nothingCame();
  } finally {
    name.close();
  }
});

test("the same page finds the aggregator once it is told to answer to the name", async () => {
  const allowing = await createAggregator({ dataDir: IN_MEMORY, port: 0, allowedHosts: [EVIL] });
  try {
    expect(await pageText(`http://${EVIL}:${allowing.port}/metrics`, rules)).toContain(
      "slipstream_build_info",
    );
  } finally {
    await allowing.close();
  }
});
