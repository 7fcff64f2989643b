import { spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, mkdirSync, mkdtempSync, openSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { listening } from "@slipstream/testing/listening";
import { Receiver } from "@slipstream/testing/otlp-receiver";
import { plain } from "@slipstream/testing/otlp-requests";
import { installNode } from "@slipstream/testing/service-nodes";
import { describe, expect, onTestFinished, test } from "vitest";
import { AUTO, startService } from "../../../testing/auto-service.ts";

const to = (receiver: Receiver) => ({ OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url });
const names = (receiver: Receiver) => receiver.spans.map(({ name }) => name);

describe("what a service is called", () => {
  test.each([
    ["its package.json", { name: "@desk/bot", version: "4.5.6" }, {}, "@desk/bot", "4.5.6"],
    ["its file", { type: "module" }, {}, "bot", undefined],
    ["OTEL_SERVICE_NAME", { name: "other" }, { OTEL_SERVICE_NAME: "given" }, "given", undefined],
    [
      "OTEL_RESOURCE_ATTRIBUTES",
      { name: "other" },
      { OTEL_RESOURCE_ATTRIBUTES: "service.name=given,service.version=9" },
      "given",
      "9",
    ],
  ])("by %s", async (_, manifest, env, name, version) => {
    await using receiver = await Receiver.start();
    const folder = serviceFolder({ "package.json": JSON.stringify(manifest), "bot.mjs": "" });
    const { stderr } = await runIn(folder, "bot.mjs", { ...to(receiver), ...env });
    expect(receiver.resource["service.name"]).toBe(name);
    expect(receiver.resource["service.version"]).toBe(version);
    const lines = Object.keys(env).length > 0 ? [] : [expect.stringContaining(`is called "${name}"`)];
    expect(stderr.split("\n").filter((line) => line !== "")).toEqual(lines);
  });
});

describe("loading", () => {
  test.each([
    ["--import", AUTO, {}],
    ["--require", ["--require", "@slipstream/telemetry/auto"], {}],
    [
      "NODE_OPTIONS",
      [],
      { NODE_OPTIONS: "--conditions=slipstream-source --import @slipstream/telemetry/auto" },
    ],
    ["twice", [...AUTO, "--require", "@slipstream/telemetry/auto"], {}],
  ])("%s: lines of a trace name it, and nothing else changes", async (_, flags, env) => {
    await using receiver = await Receiver.start();
    const { stdout, stderr, code } = await startService("lines.cjs", { ...to(receiver), ...env }, { flags })
      .end;
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    const [inside, child, outside] = stdout
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line));
    const span = receiver.spans[0];
    expect(receiver.spans).toHaveLength(1);
    const ids = {
      trace_id: Buffer.from(String(span?.traceId), "base64").toString("hex"),
      span_id: Buffer.from(String(span?.spanId), "base64").toString("hex"),
    };
    expect(inside).toEqual({ level: 30, ...ids, desk: "a", pair: "SOL/USDC", msg: "inside" });
    expect(child).toMatchObject({ level: 50, ...ids, child: 1, err: { type: "TypeError" } });
    expect(outside).toEqual({ level: 30, desk: "a", msg: "outside" });
  });

  const translated = `String(loaded.source).replace("TRANSLATED", "1")`;
  const hook = (next: string) =>
    `{ const loaded = ${next}(url, context); return url.endsWith("bot.mjs") ? { ...loaded, source: ${translated} } : loaded; }`;
  const loaders = {
    "in the service's thread": `module.registerHooks({ load: (url, context, next) => ${hook("next")} });`,
    "in a thread of its own": `module.register("data:text/javascript," + encodeURIComponent(${JSON.stringify(`export async function load(url, context, next) ${hook("await next")}`)}));`,
  };

  test.each(
    Object.entries(loaders).flatMap(([where, loader]) =>
      ["before", "after"].map((order) => [order, where, loader] as const),
    ),
  )("%s a loader %s", async (order, _, loader) => {
    await using receiver = await Receiver.start();
    const folder = serviceFolder({
      "loader.mjs": `import module from "node:module"; ${loader}`,
      "bot.mjs": `import { Sender } from "@questdb/nodejs-client"; import pino from "pino"; import { trace } from "@opentelemetry/api";
        trace.getTracer("bot").startActiveSpan("work", (span) => { pino().info({ value: TRANSLATED, flush: String(Sender.prototype.flush).includes("observed") }); span.end(); });`,
    });
    const other = ["--import", "./loader.mjs"];
    const flags = order === "before" ? [...AUTO, ...other] : [...other, ...AUTO];
    const { stdout, status } = await runIn(folder, "bot.mjs", to(receiver), { flags });
    expect(status).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ value: 1, flush: true, trace_id: expect.any(String) });
    expect(names(receiver)).toEqual(["work"]);
  });

  test("npm and other programs that only start the service are left alone", async () => {
    await using receiver = await Receiver.start();
    const folder = serviceFolder({ "node_modules/npm/bin/npm-cli.js": "console.log(1)" });
    const { stderr } = await runIn(folder, "node_modules/npm/bin/npm-cli.js", to(receiver));
    expect({ stderr, requests: receiver.requests }).toEqual({ stderr: "", requests: [] });
  });

  test("OTEL_SDK_DISABLED: nothing is observed, sent or said", async () => {
    await using receiver = await Receiver.start();
    const { stdout, stderr } = await startService("lines.cjs", { ...to(receiver), OTEL_SDK_DISABLED: "true" })
      .end;
    expect({ stderr, requests: receiver.requests }).toEqual({ stderr: "", requests: [] });
    expect(stdout).not.toContain("trace_id");
  });
});

test("threads and children count for themselves; the process's memory is reported from its main thread", async () => {
  await using receiver = await Receiver.start();
  const instances = new Map<string, Set<string>>();
  const attributes = "service.instance.id=one";
  const { code, stderr } = await startService("threads.mjs", {
    ...to(receiver),
    OTEL_RESOURCE_ATTRIBUTES: attributes,
    SLIPSTREAM_METRICS_PORT: String(await unusedPort()),
  }).end;
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  for (const { name, attributes: own } of receiver.spans) {
    const seqs = instances.get(name) ?? new Set();
    instances.set(name, seqs.add(String(plain(own)["slipstream.seq"])));
  }
  const each = new Set(["1", "2", "3"]);
  expect(instances).toEqual(
    new Map([
      ["service", each],
      ["worker", each],
      ["child", each],
    ]),
  );
  const memory = receiver.metricsSoFar.filter((metrics) =>
    metrics.some(({ name }) => name === "memory_usage_bytes"),
  );
  expect(memory.length).toBeGreaterThanOrEqual(2);
  expect(memory.length).toBeLessThan(receiver.metricsSoFar.length);
});

describe("SLIPSTREAM_METRICS_PORT", () => {
  test("serves the service's own metrics on loopback, and keeps no process alive", async () => {
    await using receiver = await Receiver.reserved();
    const port = await unusedPort();
    const service = startService(
      "ends.mjs",
      { ...to(receiver), SLIPSTREAM_METRICS_PORT: String(port) },
      { args: ["signal"] },
    );
    await service.ready;
    await expect
      .poll(
        () =>
          fetch(`http://127.0.0.1:${port}/metrics`).then(
            (answer) => answer.text(),
            () => "",
          ),
        { timeout: 20_000 },
      )
      .toMatch(/^slipstream_process_up 1$/m);
    const openMetrics = await fetch(`http://127.0.0.1:${port}/metrics`, {
      headers: { accept: "application/openmetrics-text" },
    });
    expect(openMetrics.headers.get("content-type")).toContain("application/openmetrics-text");
    expect(await openMetrics.text()).toMatch(/^memory_usage_bytes \d+[\s\S]*# EOF\n$/m);
    expect((await fetch(`http://127.0.0.1:${port}/`)).status).toBe(404);
    service.process.kill("SIGKILL");
    await service.end;
    const natural = await startService("ends.mjs", { ...to(receiver), SLIPSTREAM_METRICS_PORT: String(port) })
      .end;
    expect(natural.code).toBe(0);
  });

  test("a port in use costs one line", async () => {
    await using receiver = await Receiver.start();
    const port = await listening(createServer());
    const { code, stderr } = await startService("ends.mjs", {
      ...to(receiver),
      SLIPSTREAM_METRICS_PORT: String(port),
    }).end;
    expect(code).toBe(0);
    expect(stderr.trim().split("\n")).toEqual([
      expect.stringContaining(`not served on port ${port}: the port is in use`),
    ]);
    expect(receiver.spans).toHaveLength(100);
  });
});

describe("the end", () => {
  test.each([
    ["natural", 0],
    ["process.exit", 7],
    ["uncaught", 1],
  ])("%s: no finished span is lost", async (ending, code) => {
    await using receiver = await Receiver.start();
    expect(await startService("ends.mjs", to(receiver), { args: [ending] }).end).toMatchObject({ code });
    expect(new Set(receiver.seqs).size).toBe(100);
  });

  test.each(["SIGTERM", "SIGINT"] as const)("%s: no finished span is lost", async (signal) => {
    await using receiver = await Receiver.start();
    const service = startService("ends.mjs", to(receiver), { args: ["signal"] });
    await service.ready;
    service.process.kill(signal);
    expect(await service.end).toMatchObject({ code: null, signal });
    expect(new Set(receiver.seqs).size).toBe(100);
  });

  test.each(["SIGTERM", "SIGINT", "process.exit"])(
    "%s: a call that waits for the trade that it may be of is not lost",
    async (ending) => {
      await using receiver = await Receiver.start();
      const service = startService("quotes.mjs", to(receiver), { args: [ending] });
      if (ending !== "process.exit") {
        await service.ready;
        service.process.kill(ending as NodeJS.Signals);
      }
      expect(await service.end).toMatchObject(
        ending === "process.exit" ? { code: 7 } : { code: null, signal: ending },
      );
      expect(names(receiver)).toEqual(["jupiter.quote"]);
    },
  );

  test("with the receiver down, the service ends as it would, and one line says what is lost", async () => {
    await using receiver = await Receiver.reserved();
    const { code, stderr } = await startService("ends.mjs", to(receiver), { args: ["process.exit"] }).end;
    expect(code).toBe(7);
    expect(stderr.trim().split("\n")).toEqual([expect.stringContaining("Lost: up to 100 spans")]);
  });
});

describe("mistakes", () => {
  test("an error inside costs one line, and the service goes on", async () => {
    await using receiver = await Receiver.start();
    const { code, stdout, stderr } = await startService("broken.cjs", to(receiver)).end;
    expect({ code, stdout: stdout.split("\n").at(-2) }).toEqual({ code: 0, stdout: "function goes on" });
    expect(stderr.trim().split("\n")).toEqual([
      expect.stringContaining("is not observed, because of an error in Slipstream: not for you"),
    ]);
  });

  test("a header that cannot be sent: no telemetry, one line, and the service runs", async () => {
    await using receiver = await Receiver.start();
    const env = { ...to(receiver), OTEL_EXPORTER_OTLP_HEADERS: "bad name=1" };
    const { code, stdout, stderr } = await startService("lines.cjs", env).end;
    expect(code).toBe(0);
    expect(stdout.trim().split("\n")).toHaveLength(3);
    expect(stderr.trim().split("\n")).toEqual([expect.stringContaining("This service is not observed")]);
  });

  test("a client that is not observed is named once, by the store that it connects to", async () => {
    await using receiver = await Receiver.start();
    const folder = serviceFolder({
      "bot.mjs": `import net from "node:net";
        for (let i = 0; i < 3; i += 1) net.connect(5432, "127.0.0.1").on("error", () => {}).on("connect", function () { this.destroy(); });`,
    });
    const { stderr } = await runIn(folder, "bot.mjs", { ...to(receiver), OTEL_SERVICE_NAME: "bot" });
    expect(stderr.trim().split("\n")).toEqual([
      expect.stringContaining("connects to PostgreSQL (port 5432), but has not loaded the package pg"),
    ]);
  });

  test("lines that stderr does not take, because its disk is full, end no service", async () => {
    await using receiver = await Receiver.start();
    const folder = serviceFolder({
      "bot.mjs": `import net from "node:net";
        import { setTimeout } from "node:timers/promises";
        for (const port of [5432, 6379]) { net.connect(port, "127.0.0.1").on("error", () => {}).unref(); await setTimeout(20); }
        console.log("goes on");`,
    });
    const full = openSync("/dev/full", "w");
    onTestFinished(() => closeSync(full));
    const { stdout, status } = await runIn(folder, "bot.mjs", to(receiver), { stderr: full });
    expect({ stdout, status }).toEqual({ stdout: "goes on\n", status: 0 });
  });

  test("where no loader may run, one line says what is not observed, and the rest is", async () => {
    await using receiver = await Receiver.start();
    const folder = serviceFolder({ "bot.mjs": `await fetch("http://127.0.0.1:1/").catch(() => {});` });
    const { stderr, status } = await runIn(
      folder,
      "bot.mjs",
      { ...to(receiver), OTEL_SERVICE_NAME: "bot" },
      {
        node: join(await installNode("24.11.0"), "node"),
        flags: ["--permission", "--allow-fs-read=*", ...AUTO],
      },
    );
    expect(status).toBe(0);
    expect(stderr.trim().split("\n")).toEqual([
      expect.stringMatching(
        /Imports of @questdb\/nodejs-client.* by ES modules are not observed: .*restricted/,
      ),
    ]);
    expect(names(receiver)).toEqual(["GET"]);
  });
});

async function unusedPort(): Promise<number> {
  const receiver = await Receiver.reserved();
  return Number(new URL(receiver.url).port);
}

/** A folder of its own, outside of the repository, with its packages. */
function serviceFolder(files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(tmpdir(), "slipstream-service-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const repository = fileURLToPath(new URL("../../../../../../", import.meta.url));
  if (!Object.keys(files).some((file) => file.startsWith("node_modules")))
    symlinkSync(join(repository, "node_modules"), join(folder, "node_modules"));
  for (const [file, text] of Object.entries(files)) {
    mkdirSync(join(folder, file, ".."), { recursive: true });
    writeFileSync(join(folder, file), text);
  }
  return folder;
}

/** Runs a file of the folder to its end. */
async function runIn(
  folder: string,
  file: string,
  env: Readonly<Record<string, string>>,
  {
    flags = AUTO,
    node = process.execPath,
    stderr: errors,
  }: { readonly flags?: readonly string[]; readonly node?: string; readonly stderr?: number } = {},
): Promise<{ readonly stdout: string; readonly stderr: string; readonly status: number | null }> {
  const entry = new URL("../../../auto.ts", import.meta.url).href;
  const own = flags.map((flag) => flag.replace("@slipstream/telemetry/auto", entry));
  const child = spawn(node, [...own, "--conditions=slipstream-source", file], {
    cwd: folder,
    env: { ...process.env, NODE_OPTIONS: "", ...env },
    stdio: ["ignore", "pipe", errors ?? "pipe"],
  });
  const [stdout, stderr, [status]] = await Promise.all([
    child.stdout === null ? "" : text(child.stdout),
    child.stderr === null ? "" : text(child.stderr),
    once(child, "close"),
  ]);
  return { stdout, stderr, status };
}
