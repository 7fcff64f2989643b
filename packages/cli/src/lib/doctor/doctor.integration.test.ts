import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import { createServer as createTcpServer, type Socket, type Server as TcpServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createAggregator, IN_MEMORY } from "@slipstream/aggregator";
import { eventually } from "@slipstream/testing/eventually";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { runCli, startCli } from "../testing/run-cli.ts";
import type { Finding } from "./check.ts";

let cwd: string;
const closers: (() => unknown)[] = [];

beforeEach(() => {
  cwd = mkdtempSync(join(tmpdir(), "slipstream-doctor-"));
  closers.push(() => rmSync(cwd, { recursive: true, force: true }));
});
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

async function aggregator(
  options: { readonly token?: string } = {},
): Promise<{ url: string; current: () => unknown }> {
  const started = await createAggregator({ dataDir: IN_MEMORY, port: 0, ...options });
  closers.push(() => started.close());
  return started;
}

/** A server that answers as told, by path. */
async function serving(
  answers: (path: string) => { status?: number; body: unknown } | undefined,
): Promise<string> {
  const server: Server = createServer(({ url = "" }, response) => {
    const { status = 200, body } = answers(url) ?? { status: 404, body: {} };
    response
      .writeHead(status, { "content-type": "application/json" })
      .end(typeof body === "string" ? body : JSON.stringify(body));
  });
  return listening(server);
}

async function listening(server: Server | TcpServer): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const sockets = new Set<Socket>();
  server.on("connection", (socket: Socket) => sockets.add(socket));
  closers.push(() => {
    for (const socket of sockets) socket.destroy();
    return new Promise((resolve) => server.close(resolve));
  });
  const address = server.address();
  return `http://127.0.0.1:${typeof address === "object" ? address?.port : 0}`;
}

async function doctor(
  ...args: readonly string[]
): Promise<{ code: number | null; findings: readonly Finding[] }> {
  const { code, stdout, stderr } = await runCli(["doctor", "--json", "--port", "0", ...args], { cwd });
  expect(stdout, stderr).toMatch(/^\[/);
  return { code, findings: JSON.parse(stdout) as Finding[] };
}

const of = (findings: readonly Finding[], check: string): readonly Finding[] =>
  findings.filter((one) => one.check === check);

describe("a canary", () => {
  it("comes to the aggregator, is in no statistic, and its times are reported", async () => {
    const { url, current } = await aggregator({ token: "secret-of-this-test" });
    const { code, findings } = await doctor("--endpoint", url, "--token", "secret-of-this-test");
    expect(of(findings, "Canary")).toMatchObject([
      { outcome: "ok", part: "endpoint" },
      { outcome: "ok", part: "aggregator" },
    ]);
    expect(code).toBe(0);
    const { services, statistics } = current() as ReturnType<typeof Object>;
    expect(services).toEqual({});
    const parts = statistics.canary_up.series.map(({ labels }: { labels: { part: string } }) => labels.part);
    expect(parts).toEqual(["endpoint", "aggregator"]);
    expect(JSON.stringify(findings)).not.toContain("secret-of-this-test");
  });

  it("is refused without the token, and doctor says what to give", async () => {
    const { url } = await aggregator({ token: "secret-of-this-test" });
    const { code, findings } = await doctor("--endpoint", url);
    const [refused] = of(findings, "Canary");
    expect(refused).toMatchObject({ outcome: "bad", part: "endpoint" });
    expect(refused?.remedy).toContain("--token");
    expect(code).toBe(1);
  });

  it("is not sent if it is not wanted", async () => {
    const { url, current } = await aggregator();
    const { findings } = await doctor("--endpoint", url, "--no-canary");
    expect(of(findings, "Canary")).toEqual([]);
    expect(JSON.stringify(current())).not.toContain("slipstream-doctor");
  });

  it("is not looked for in an aggregator that is older", async () => {
    const health = { ready: true, log: { ok: true }, sinks: {} };
    const url = await serving((path) => {
      if (path === "/healthz") return { body: { status: "ok" } };
      if (path === "/readyz") return { body: health };
      if (path.startsWith("/v1/")) return { body: {} };
      return { status: 404, body: { error: { code: "not_found", message: "no such page" } } };
    });
    const { findings } = await doctor("--endpoint", url);
    expect(of(findings, "Canary")).toMatchObject([
      { outcome: "ok", part: "endpoint" },
      { outcome: "warn", part: "aggregator", remedy: "upgrade the aggregator" },
    ]);
  });

  it("that a Collector takes and does not pass on is missed, in the time that is given", async () => {
    const { url } = await aggregator();
    const collector = await serving(() => ({ body: {} }));
    const { code, findings } = await doctor(
      "--endpoint",
      url,
      "--collector",
      `${collector}/v1/traces`,
      "--wait",
      "1",
    );
    expect(of(findings, "Collector")).toMatchObject([{ outcome: "ok" }]);
    const lost = of(findings, "Canary").find(({ part }) => part === "aggregator");
    expect(lost).toMatchObject({ outcome: "bad" });
    expect(lost?.remedy).toContain("exporter to the aggregator");
    expect(code).toBe(1);
  });
});

describe("parts that are named", () => {
  it("and are another program, are gone, or want a login are problems with a remedy", async () => {
    const other = await serving((path) =>
      path === "/api/v2/status" ? { status: 401, body: "no" } : { body: "<html>" },
    );
    const named = [
      "--prometheus",
      other,
      "--alertmanager",
      other,
      "--grafana",
      "http://127.0.0.1:9",
      "--traces",
      other,
    ];
    const { code, findings } = await doctor(...named);
    expect(of(findings, "Prometheus")[0]).toMatchObject({ outcome: "bad" });
    expect(of(findings, "Prometheus")[0]?.text).toContain("not as Prometheus does");
    expect(of(findings, "Alertmanager")[0]?.remedy).toContain("NAME:PASSWORD");
    expect(of(findings, "Grafana")[0]).toMatchObject({ outcome: "bad" });
    expect(of(findings, "Trace store")[0]?.text).toContain("not as a trace store does");
    expect(code).toBe(1);
  });

  it("say so if a port does not speak HTTP, as that of gRPC", async () => {
    const url = await listening(
      createTcpServer((socket) => {
        // The frame that a server of HTTP/2 begins with.
        socket.on("error", () => {}).once("data", () => socket.end(Buffer.from([0, 0, 0, 4, 0, 0, 0, 0, 0])));
      }),
    );
    const { findings } = await doctor("--collector", url);
    expect(of(findings, "Collector")[0]?.remedy).toContain("gRPC");
  });

  it("are Prometheus with no target, a target that is down, no rules and no Alertmanager", async () => {
    const target = {
      labels: { job: "slipstream-aggregator" },
      scrapeUrl: "http://a:9480/metrics",
      health: "down",
    };
    const prometheus = (activeTargets: readonly object[]) =>
      serving((path) => {
        if (path.includes("buildinfo")) return { body: { data: { version: "3.1" } } };
        if (path.includes("targets")) return { body: { data: { activeTargets } } };
        if (path.includes("rules")) return { body: { data: { groups: [] } } };
        return { body: { data: { activeAlertmanagers: [] } } };
      });
    const none = await doctor("--prometheus", await prometheus([]));
    expect(of(none.findings, "Prometheus").map(({ outcome }) => outcome)).toEqual([
      "ok",
      "warn",
      "warn",
      "warn",
    ]);
    const lastError = "server returned HTTP status 401 Unauthorized";
    const down = await doctor("--prometheus", await prometheus([{ ...target, lastError }]));
    expect(of(down.findings, "Prometheus")[1]?.remedy).toContain("credentials_file");
  });
});

describe("--watch", () => {
  it("tells what changes, reports what is lost, and ends on SIGTERM", async () => {
    const { url, current } = await aggregator();
    let passes = true;
    const collector = await listening(
      createServer(async (request, response) => {
        const body = Buffer.concat(await request.toArray());
        // It always takes it, and passes it on at times.
        if (passes) {
          const headers = { "content-type": request.headers["content-type"] ?? "" };
          await fetch(`${url}${request.url}`, { method: "POST", headers, body });
        }
        response.writeHead(200, { "content-type": "application/json" }).end("{}");
      }),
    );
    const args = ["--endpoint", url, "--collector", collector, "--wait", "1", "--interval", "5"];
    const cli = startCli(["doctor", "--watch", "--json", "--port", "0", ...args], { cwd });
    await cli.printed(/came to the aggregator/);
    passes = false;
    await cli.printed(/did not come to the aggregator/);
    passes = true;
    await cli.printed(/"check":"Canary".*nothing is wrong any more/);
    await eventually("the aggregator knows", () => JSON.stringify(current()).includes('"part":"endpoint"'));
    cli.end();
    expect(await cli.result).toMatchObject({ code: 0, stderr: "" });
    for (const line of cli.stdout().trim().split("\n")) expect(JSON.parse(line)).toHaveProperty("time");
  }, 180_000);

  it("reads the configuration's file again in each round", async () => {
    const file = join(cwd, "slipstream.config.ts");
    writeFileSync(file, "export default {};\n");
    const args = ["--json", "--no-canary", "--port", "0", "--interval", "5"];
    const cli = startCli(["doctor", "--watch", ...args], { cwd });
    await cli.printed(/"check":"Configuration","outcome":"ok"/);
    writeFileSync(file, "export default { redis: 1 };\n");
    await cli.printed(/"check":"Configuration","outcome":"bad","text":"[^"]*redis/);
    writeFileSync(file, "export default {");
    await cli.printed(/"check":"Configuration","outcome":"bad","text":"[^"]*cannot be loaded/);
    writeFileSync(file, "export default {};\n");
    await cli.printed(/"check":"Configuration".*nothing is wrong any more/);
    cli.end();
    expect(await cli.result).toMatchObject({ code: 0, stderr: "" });
  }, 120_000);

  it.each([
    ["--interval", "0"],
    ["--interval", "x"],
    ["--wait", "1e9"],
  ])("refuses %s %s", async (flag, value) => {
    const { code, stderr } = await runCli(["doctor", "--watch", flag, value], { cwd });
    expect(code).toBe(2);
    expect(stderr).toContain(flag);
  });
});

it("finds mistakes in the rules of alerts", async () => {
  const { findings } = await doctor("--rules", "no-such-file.yaml");
  expect(of(findings, "Alert rules")).toMatchObject([{ outcome: "bad" }]);
});
