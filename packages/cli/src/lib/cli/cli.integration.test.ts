import { readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { BY_RECEIPT } from "@slipstream/engine";
import { eventually } from "@slipstream/testing/eventually";
import { fixturePath, realBlockName } from "@slipstream/testing/fixtures";
import { testFolder } from "@slipstream/testing/folders";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { runCli, startCli } from "../testing/run-cli.ts";
import { run } from "./run.ts";

const commands = ["demo", "aggregate", "top", "ingest-block", "replay", "config", "doctor"];

/** A block without swaps. */
const emptyBlock = { blockTime: 1_700_000_000, transactions: [] };

async function takenPort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void server.close());
  return (server.address() as AddressInfo).port;
}

describe("help", () => {
  it("of the whole lists the commands", async () => {
    const { code, stdout } = await runCli(["--help"], { cwd: testFolder() });
    expect(code).toBe(0);
    for (const command of commands) expect(stdout).toMatch(new RegExp(`^  ${command} `, "m"));
    expect(stdout).toContain("Exit codes");
  });

  it.each(commands)("of %s has flags and examples", async (command) => {
    const { code, stdout, stderr } = await runCli([command, "--help"], { cwd: tmpdir() });
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout).toContain(`Usage: slipstream ${command}`);
    expect(stdout).toMatch(/--config|--json/);
    expect(stdout).toMatch(new RegExp(`Examples:\\n  slipstream ${command}`));
  });

  it("and the version need nothing else", async () => {
    const { code, stdout } = await runCli(["--version"], { cwd: testFolder() });
    expect(code).toBe(0);
    expect(stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
  });
});

describe("wrong usage", () => {
  it.each([
    [["nonsense"], "unknown command 'nonsense'"],
    [["demmo"], "Did you mean demo?"],
    [["demo", "--dureation", "3"], "unknown option '--dureation'"],
    [["demo", "--duration", "0"], "--duration <seconds>' argument '0' is invalid. Allowed: a number above 0"],
    [["mev", "advise", "--pair", "SOL/USDC", "--size", "much"], "--size <usd>' argument 'much' is invalid"],
    [["demo", "--seed", "1.5"], "Allowed: a whole number"],
    [["demo", "--attack-rate", "1.5"], "Allowed: a number from 0 to 1"],
    [["replay"], "missing required argument 'log'"],
    [["replay", "nowhere"], "There is no log in nowhere"],
    [["replay", ".", "--from", "noon"], "Allowed: a time like 2026-01-20T14:00:00Z, or Unix seconds"],
    [["ingest-block"], "missing required argument 'file'"],
    [["ingest-block", "none.json"], "none.json: there is no such file"],
    [["ingest-block", "."], ".: this is a folder"],
    [
      ["aggregate", "--port", "99999"],
      "port = 99999 (from --port) is not allowed; allowed: a whole number from 0 to 65535",
    ],
    [["aggregate", "--host", "0.0.0.0", "--port", "0"], "--token"],
    [["aggregate", "--host", "127.0.0.1:9480"], "allowed: a host name or an IP address, without a port"],
    [["aggregate", "--rpc", "http://127.0.0.1:1", "--blocks", "."], "exclude each other; set one of them"],
    [["config", "--port="], 'port = "" (from --port) is not allowed'],
    [["config", "nonsense"], "too many arguments for 'config'"],
    [["top", "--endpoint", "127.0.0.1:9480"], "endpoint = "],
    [["top", "--config", "none.ts"], "config = none.ts: there is no such file"],
  ])("%j ends with 2 and one line", async (args, message) => {
    const printed: string[] = [];
    const write = vi
      .spyOn(process.stderr, "write")
      .mockImplementation((text) => printed.push(String(text)) > 0);
    const error = vi.spyOn(console, "error").mockImplementation((text) => void printed.push(`${text}\n`));
    onTestFinished(() => {
      write.mockRestore();
      error.mockRestore();
    });
    expect(await run(args, "0.0.0")).toBe(2);
    expect(printed.join("")).toContain(message);
    // Commander puts what was probably meant on a line of its own.
    expect(printed.join("").trim().split("\n").length).toBeLessThanOrEqual(2);
  });

  it("of a variable or of the file is told the same way", async () => {
    const cwd = testFolder();
    const variable = await runCli(["aggregate"], { cwd, env: { SLIPSTREAM_PORT: "many" } });
    expect(variable).toMatchObject({ code: 2, stdout: "" });
    expect(variable.stderr).toBe(
      'slipstream: port = "many" (from SLIPSTREAM_PORT) is not allowed; allowed: a whole number from 0 to 65535 (0 takes any free port)\n',
    );
    writeFileSync(join(cwd, "slipstream.config.ts"), "export default { capitalUSD: 1 };\n");
    const file = await runCli(["aggregate"], { cwd });
    expect(file.code).toBe(2);
    expect(file.stderr).toBe(
      "slipstream: capitalUSD (number, from slipstream.config.ts) is not a key of the configuration; did you mean capitalUsd?\n",
    );
  });

  it("of a file whose top-level await never ends is told, and not exit code 13", async () => {
    const cwd = testFolder();
    writeFileSync(join(cwd, "slipstream.config.ts"), "await new Promise(() => {});\nexport default {};\n");
    for (const command of ["aggregate", "config"]) {
      expect(await runCli([command], { cwd })).toEqual({
        code: 2,
        stdout: "",
        stderr: "slipstream: slipstream.config.ts cannot be loaded: a top-level await in it never ends\n",
      });
    }
  });

  it("of a port says which, and how to choose another", async () => {
    const port = await takenPort();
    for (const command of ["aggregate", "demo"]) {
      const { code, stderr } = await runCli([command, "--port", String(port)], { cwd: testFolder() });
      expect(code).toBe(2);
      expect(stderr).toContain(`Port ${port} on 127.0.0.1 is in use`);
      expect(stderr).toContain("--port N");
    }
  });
});

describe("the demo's data", () => {
  it("are its own: a second demo is told to take another folder, and who looks beside it where they are", async () => {
    const cwd = testFolder();
    const demo = startCli(["demo", "--port", "0"], { cwd });
    onTestFinished(() => void demo.child.kill("SIGKILL"));
    await demo.printed(/Watching http/);
    const second = await runCli(["demo", "--port", "0"], { cwd });
    expect(second).toMatchObject({ code: 2, stdout: "" });
    expect(second.stderr).toContain("Choose another folder with --data");
    // Only flags that the command has.
    const help = (await runCli(["demo", "--help"], { cwd })).stdout;
    for (const [flag] of second.stderr.matchAll(/--[a-z-]+/g)) expect(help).toContain(flag);

    const beside = join(".slipstream", "demo");
    const missing = await runCli(["history", "trades"], { cwd });
    expect(missing.stderr).toContain(`For the demo's: --data ${beside}`);
    const aggregate = startCli(["aggregate", "--port", "0"], { cwd });
    onTestFinished(() => void aggregate.child.kill("SIGKILL"));
    await aggregate.printed(/Slipstream aggregator on/);
    const empty = await runCli(["history", "trades"], { cwd });
    expect(empty.stderr).toBe(`slipstream: no such rows in .slipstream. For the demo's: --data ${beside}\n`);
    aggregate.end();
    demo.end();
    expect((await aggregate.result).code).toBe(0);
    await demo.result;
  });
});

describe("config", () => {
  it("prints what holds, where it is from, and which variables are not known, without secrets", async () => {
    const cwd = testFolder();
    writeFileSync(
      join(cwd, "slipstream.config.ts"),
      "export default { redis: 'redis://:geheim@host:6379' };\r\n",
    );
    const env = { SLIPSTREAM_TOKEN: "geheim", SLIPSTREAM_PROT: "1", SLIPSTREAM_REDIS_URL: "x" };
    const text = await runCli(["config", "--port", "0"], { cwd, env });
    expect(text.code).toBe(0);
    expect(text.stdout).toContain(`Configuration file: ${join(cwd, "slipstream.config.ts")}`);
    expect(text.stdout).toMatch(/^port +0 +flag --port$/m);
    expect(text.stdout).toMatch(/^token +\*\*\* +variable SLIPSTREAM_TOKEN$/m);
    expect(text.stderr.trim().split("\n")).toEqual([
      "slipstream: the variable SLIPSTREAM_PROT is not known and has no effect; did you mean SLIPSTREAM_PORT?",
      "slipstream: the variable SLIPSTREAM_REDIS_URL is not known and has no effect; did you mean REDIS_URL?",
    ]);
    const json = await runCli(["config", "--json"], { cwd, env });
    expect(json).toMatchObject({ code: 0, stderr: text.stderr });
    expect(JSON.parse(json.stdout)).toMatchObject({
      settings: {
        redis: { value: "redis://:***@host:6379", from: "file" },
        port: { value: 9480, from: "default" },
      },
      unknownVariables: [{ name: "SLIPSTREAM_PROT", meant: "SLIPSTREAM_PORT" }, { meant: "REDIS_URL" }],
    });
    expect(text.stdout + json.stdout).not.toContain("geheim");
  });

  it("says what aggregate would refuse, with the same words and the same exit code", async () => {
    const cwd = testFolder();
    const args = ["--host", "0.0.0.0", "--port", "0"];
    const refused = await runCli(["aggregate", ...args], { cwd });
    const { code, stdout, stderr } = await runCli(["config", ...args], { cwd });
    expect(stderr).toContain("Set a token");
    expect({ code, stderr }).toEqual({ code: refused.code, stderr: refused.stderr });
    expect(stdout).toMatch(/^host +0\.0\.0\.0 +flag --host$/m);
    const json = await runCli(["config", ...args, "--json"], { cwd });
    expect(json.code).toBe(2);
    expect(JSON.parse(json.stdout)).toMatchObject({ settings: { host: { value: "0.0.0.0" } } });
  });
});

describe("aggregate and top", () => {
  it("serve, show, and end cleanly", async () => {
    const cwd = testFolder();
    const aggregate = startCli(["aggregate", "--port", "0"], {
      // A folder with a configuration file, from where the package is found.
      cwd: join(import.meta.dirname, "../testing/project"),
      env: { SLIPSTREAM_DATA_DIR: join(cwd, "data"), SLIPSTREAM_TOKEN: "s3cret" },
    });
    onTestFinished(() => void aggregate.child.kill("SIGKILL"));
    const [, url = ""] = await aggregate.printed(/OTEL_EXPORTER_OTLP_ENDPOINT=(\S+)/);
    expect(aggregate.stdout()).not.toContain("s3cret");
    expect((await fetch(`${url}/api/current`)).status).toBe(401);

    const bare = await runCli(["top", "--once", "--endpoint", url], { cwd });
    expect(bare).toMatchObject({ code: 1, stdout: "" });
    expect(bare.stderr).toContain("wants a token");
    const env = { SLIPSTREAM_TOKEN: "s3cret", SLIPSTREAM_ENDPOINT: url };
    const shown = await runCli(["top", "--once"], { cwd, env });
    expect(shown).toMatchObject({ code: 0, stderr: "" });
    expect(shown.stdout).toContain("no data from any service yet");
    const json = await runCli(["top", "--once", "--json"], { cwd, env });
    const current = JSON.parse(json.stdout) as { statistics: Record<string, { reason?: string }> };
    expect(current.statistics.total_pnl?.reason).not.toContain("capitalUsd");

    const log = startCli(["top"], { cwd, env });
    onTestFinished(() => void log.child.kill("SIGKILL"));
    const lines = startCli(["top", "--json"], { cwd, env });
    onTestFinished(() => void lines.child.kill("SIGKILL"));
    await lines.printed(/^\{.*\}\n\{.*\}\n/);
    lines.end("SIGINT");
    expect((await lines.result).code).toBe(0);

    aggregate.end("SIGTERM");
    expect((await aggregate.result).code).toBe(0);
    log.end("SIGTERM");
    expect(await log.result).toMatchObject({ code: 0 });
    const away = await runCli(["top", "--once"], { cwd, env });
    expect(away.code).toBe(1);
    expect(away.stderr).toContain(`No aggregator answers at ${url}`);
  });
});

/** Starts an aggregator that logs JSON alone. */
async function startJson(cwd: string, env: Readonly<Record<string, string>> = {}) {
  const aggregate = startCli(["aggregate", "--log-format", "json", "--log-levels", "name"], { cwd, env });
  onTestFinished(() => void aggregate.child.kill("SIGKILL"));
  const logged = () =>
    aggregate
      .stderr()
      .split("\n")
      .filter((line) => line !== "")
      .map((line) => JSON.parse(line) as Record<string, unknown>);
  const line = (msg: string) => logged().findLast((entry) => entry.msg === msg);
  await eventually("it listens", () => line("Listening") !== undefined);
  const status = async (token: string): Promise<number> => {
    const headers = { authorization: `Bearer ${token}` };
    return (await fetch(`${line("Listening")?.url}/api/current`, { headers })).status;
  };
  return { aggregate, logged, line, status };
}

describe("aggregate", () => {
  it("logs JSON on one stream, levels by name, and that it shuts down", async () => {
    const env = { SLIPSTREAM_PROT: "1", SLIPSTREAM_ELSE: "2", SLIPSTREAM_PORT: "0" };
    const { aggregate, logged, line } = await startJson(testFolder(), env);
    aggregate.end("SIGTERM");
    expect(await aggregate.result).toMatchObject({ code: 0, stdout: "" });
    expect(line("Shutting down")).toMatchObject({ level: "info", signal: "SIGTERM" });
    expect(logged().at(-1)).toMatchObject({ msg: "Stopped" });
    expect(logged().filter(({ level }) => level === "warn")).toMatchObject([
      { msg: expect.stringContaining("SLIPSTREAM_PROT is not known and has no effect; did you mean") },
      { msg: "The variable SLIPSTREAM_ELSE is not known and has no effect" },
    ]);
  });

  it("logs the error that ends it as JSON too", async () => {
    const port = await takenPort();
    const args = ["aggregate", "--log-format", "json", "--port", String(port)];
    const { code, stdout, stderr } = await runCli(args, { cwd: testFolder() });
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(JSON.parse(stderr)).toMatchObject({
      level: 60,
      code: "port_in_use",
      msg: expect.stringContaining("is in use"),
    });
  });

  it("has other channels after SIGHUP, unless a secret of theirs cannot be read; then nothing changes", async () => {
    const cwd = testFolder();
    const config = (token: string, channels: object) =>
      writeFileSync(
        join(cwd, "slipstream.config.ts"),
        `export default ${JSON.stringify({ port: 0, token, channels })};`,
      );
    config("old", {});
    const { aggregate, line, status } = await startJson(cwd);
    const channels = async () => {
      const response = await fetch(`${line("Listening")?.url}/readyz`);
      const { channels } = (await response.json()) as { channels: Record<string, { type: string }> };
      return Object.entries(channels).map(([name, { type }]) => `${name}: ${type}`);
    };
    expect(await channels()).toEqual(["console: console"]);

    config("new", { ops: { type: "slack", urlFile: join(cwd, "slack") } });
    aggregate.child.kill("SIGHUP");
    const failed = "Reload failed; the old settings stay in force";
    await eventually("it is refused", () => line(failed) !== undefined);
    expect(line(failed)?.reason).toContain("channels.ops: its url cannot be read from");
    expect(await channels()).toEqual(["console: console"]);
    expect(await status("old")).toBe(200);

    writeFileSync(join(cwd, "slack"), "https://hooks.slack.com/services/T0/B0/secret");
    aggregate.child.kill("SIGHUP");
    await eventually("it is reloaded", () => line("Configuration reloaded") !== undefined);
    expect(line("Configuration reloaded")).toMatchObject({ reloaded: ["token", "channels"] });
    expect(await channels()).toEqual(["console: console", "ops: slack"]);
    expect(await status("new")).toBe(200);

    config("new", { log: { type: "file", path: join(cwd, "alerts.log") } });
    aggregate.child.kill("SIGHUP");
    await eventually(
      "the channel is gone",
      async () => (await channels()).join() === "console: console,log: file",
    );
    aggregate.end("SIGTERM");
    expect((await aggregate.result).code).toBe(0);
  });

  it("takes what it can of a changed file at SIGHUP, and says what needs a restart", async () => {
    const cwd = testFolder();
    const file = join(cwd, "slipstream.config.ts");
    const config = (values: string) =>
      writeFileSync(
        file,
        `import { readFileSync } from "node:fs";
         export default { token: readFileSync(${JSON.stringify(join(cwd, "token"))}, "utf8").trim(), ${values} };`,
      );
    writeFileSync(join(cwd, "token"), "old\n");
    config("port: 0");
    const { aggregate, logged, line, status } = await startJson(cwd);
    expect(await status("old")).toBe(200);

    writeFileSync(join(cwd, "token"), "new\n");
    config("port: 0, logLevel: 'debug', capitalUsd: 5, maxServices: 7");
    aggregate.child.kill("SIGHUP");
    const restart = "Configuration reloaded; some changes need a restart";
    await eventually("it is reloaded", () => line(restart) !== undefined);
    expect(line(restart)).toMatchObject({
      level: "warn",
      reloaded: ["token", "logLevel"],
      needRestart: ["capitalUsd", "maxServices"],
    });
    expect(await Promise.all([status("new"), status("old")])).toEqual([200, 401]);

    const failed = () => logged().filter(({ msg }) => String(msg).startsWith("Reload failed"));
    for (const [index, wrong] of [
      "export default { port: 'x' };",
      "export default {",
      "await new Promise(() => {});",
      "process.exit(3);",
      "export default { token: () => 1 };",
    ].entries()) {
      writeFileSync(file, wrong);
      aggregate.child.kill("SIGHUP");
      await eventually("it is refused", () => failed().length === index + 1);
      expect(failed().at(-1)?.reason).toContain("slipstream.config.ts");
      expect(await Promise.all([status("new"), status("old")])).toEqual([200, 401]);
    }

    config("port: 0, logLevel: 'debug'");
    aggregate.child.kill("SIGHUP");
    await eventually("it is reloaded", () => line("Configuration reloaded") !== undefined);
    expect(line("Configuration reloaded")).toMatchObject({ reloaded: [] });
    aggregate.end("SIGTERM");
    expect((await aggregate.result).code).toBe(0);
  });
});

const block = fixturePath(realBlockName);

describe("ingest-block", () => {
  it.each([
    ["not JSON", "{", "not valid JSON"],
    ["no block", '{"a": 1}', "transactions: expected array"],
    [
      "missing meta",
      '{"transactions":[{"transaction":{"signatures":["a"],"message":{"accountKeys":["b"],"instructions":[]}}}]}',
      "transactions[0].meta: expected object",
    ],
    ["without a time", '{"blockTime":null,"transactions":[]}', "blockTime: null"],
  ])("of a file that is %s names the file and the place", async (_, text, message) => {
    const cwd = testFolder();
    writeFileSync(join(cwd, "bad.json"), text);
    const { code, stdout, stderr } = await runCli(["ingest-block", "bad.json"], { cwd });
    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
    expect(stderr).toContain(`slipstream: bad.json: ${message}`);
    expect(stderr.trim()).not.toContain("\n");
  });

  it("of a block without swaps sends none", async () => {
    const cwd = testFolder();
    writeFileSync(join(cwd, "block.json"), JSON.stringify({ jsonrpc: "2.0", id: 1, result: emptyBlock }));
    const { code, stdout } = await runCli(["ingest-block", "block.json", "--slot", "7"], { cwd });
    expect(code).toBe(0);
    expect(stdout).toContain("Slot 7, 2023-11-14 22:13:20 UTC");
    expect(stdout).toContain("0 swaps in 0 transactions\n");
  });

  it.skipIf(block === undefined)("reads a real block, and reading it again changes nothing", async () => {
    const cwd = testFolder();
    const ingest = async (): Promise<Record<string, unknown>> => {
      const { code, stdout, stderr } = await runCli(["ingest-block", block ?? "", "--json"], { cwd });
      expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
      return JSON.parse(stdout);
    };
    expect(await ingest()).toMatchObject({
      slot: 285_000_037,
      swaps: 140,
      transactions: 116,
      priorityFeeLamports: "15916009",
      undecoded: [],
      sent: { trades: 140, added: 140, known: 0, refused: 0 },
    });
    const aggregate = startCli(["aggregate", "--port", "0"], { cwd });
    onTestFinished(() => void aggregate.child.kill("SIGKILL"));
    const [, url = ""] = await aggregate.printed(/OTEL_EXPORTER_OTLP_ENDPOINT=(\S+)/);
    const statistics = async (): Promise<unknown> => {
      const answer = (await (await fetch(`${url}/api/current`)).json()) as { statistics: object };
      // What the aggregator reports of itself, and how long a service is silent, change by themselves.
      return Object.fromEntries(Object.entries(answer.statistics).filter(([name]) => !BY_RECEIPT.has(name)));
    };
    const before = await statistics();
    expect(before).toMatchObject({
      trades: { series: [{ labels: { status: "success" }, value: 140 }, { value: 0 }] },
      priority_fees_lamports: { value: 15_916_009, count: 116 },
      trade_latency_p99: { value: null },
      trades_per_minute: { value: null },
      total_pnl_usd: { value: null },
    });

    const inUse = await runCli(["ingest-block", block ?? ""], { cwd });
    expect(inUse.code).toBe(2);
    expect(inUse.stderr).toContain("--endpoint");

    const again = await runCli(["ingest-block", block ?? "", "--endpoint", url], { cwd });
    expect(again.code).toBe(0);
    expect(again.stdout).toContain("140 swaps in 116 transactions: RaydiumV4 114, PumpFun 12, ");
    expect(again.stdout).toContain("15,916,009 lamports of priority fees");
    expect(again.stdout).toContain("0 new, 140 already known");
    expect(await statistics()).toEqual(before);
    aggregate.end();
    expect((await aggregate.result).code).toBe(0);
  });

  it("of an aggregator that is away says so", async () => {
    const cwd = testFolder();
    writeFileSync(join(cwd, "block.json"), JSON.stringify(emptyBlock));
    const { code, stderr } = await runCli(
      ["ingest-block", "block.json", "--endpoint", "http://127.0.0.1:1"],
      { cwd },
    );
    expect(code).toBe(1);
    expect(stderr).toContain("No aggregator answers at http://127.0.0.1:1");
  });
});

describe("doctor", () => {
  it("finds nothing bad where nothing is, and changes nothing", async () => {
    const cwd = testFolder();
    const { code, stdout } = await runCli(["doctor", "--port", "0", "--data", "new/folder"], { cwd });
    expect(code).toBe(0);
    expect(stdout).toMatch(/^ok +Node +v24/m);
    expect(stdout).toMatch(/^ok +Data folder .*will be made/m);
    expect(() => readFileSync(join(cwd, "new"))).toThrow("ENOENT");
  });

  it("tells what is bad and what to do", async () => {
    const cwd = testFolder();
    const port = await takenPort();
    writeFileSync(join(cwd, "file"), "");
    const args = [
      "doctor",
      "--port",
      String(port),
      "--data",
      "file/below",
      "--redis",
      "redis://127.0.0.1:1",
      "--json",
    ];
    const { code, stdout, stderr } = await runCli(args, { cwd, env: { SLIPSTREAM_PROT: "1" } });
    expect(code).toBe(1);
    expect(stderr).toContain("3 problems found");
    const findings = JSON.parse(stdout) as { check: string; outcome: string; remedy?: string }[];
    const outcome = (check: string): string[] =>
      findings.filter((finding) => finding.check === check).map((finding) => finding.outcome);
    expect(outcome("Port")).toEqual(["bad"]);
    expect(outcome("Data folder")).toEqual(["bad"]);
    expect(outcome("Redis")).toEqual(["bad"]);
    expect(outcome("Configuration")).toEqual(["ok", "warn"]);
    for (const { outcome: found, remedy } of findings) if (found !== "ok") expect(remedy).toBeTruthy();
    const wrong = await runCli(["doctor", "--port", "x"], { cwd });
    expect(wrong.code).toBe(1);
    expect(wrong.stdout).toMatch(/^bad +Configuration +port = "x"/m);
  });

  it("checks what it was told although the configuration is wrong, and lists every mistake", async () => {
    const cwd = testFolder();
    writeFileSync(
      join(cwd, "slipstream.config.ts"),
      "export default { prot: 1, maxServices: 'x', capitalUsd: 7 };\n",
    );
    const args = ["doctor", "--port", "0", "--data", "told", "--redis", "redis://127.0.0.1:1"];
    const { code, stdout } = await runCli(args, { cwd, env: { SLIPSTREAM_LOG_LEVEL: "loud" } });
    expect(code).toBe(1);
    for (const mistake of ["prot \\(number", 'maxServices = "x"', 'logLevel = "loud"']) {
      expect(stdout).toMatch(new RegExp(`^bad +Configuration +${mistake}`, "m"));
    }
    expect(stdout).toMatch(/^bad +Redis +127\.0\.0\.1:1/m);
    expect(stdout).toMatch(/^ok +Data folder .*told will be made/m);
    writeFileSync(join(cwd, "slipstream.config.ts"), "export default {");
    const broken = await runCli(args, { cwd });
    expect(broken.stdout).toMatch(/^bad +Configuration +slipstream\.config\.ts cannot be loaded/m);
    expect(broken.stdout).toMatch(/^bad +Redis +127\.0\.0\.1:1/m);
  });

  it("of an aggregator elsewhere leaves this machine's port and folder alone", async () => {
    const cwd = testFolder();
    const port = await takenPort();
    const env = { SLIPSTREAM_PORT: String(port) };
    const { stdout } = await runCli(["doctor", "--endpoint", "http://127.0.0.1:1"], { cwd, env });
    expect(stdout).toMatch(/^bad +Aggregator +none answers at http:\/\/127\.0\.0\.1:1/m);
    expect(stdout).not.toMatch(/^\w+ +(Port|Data folder)/m);
    const told = await runCli(["doctor", "--endpoint", "http://127.0.0.1:1", "--port", String(port)], {
      cwd,
    });
    expect(told.stdout).toMatch(/^bad +Port/m);
  });

  it("refuses a host that needs a token, as aggregate does", async () => {
    const { code, stdout } = await runCli(["doctor", "--host", "0.0.0.0", "--port", "0"], {
      cwd: testFolder(),
    });
    expect(code).toBe(1);
    expect(stdout).toMatch(/^bad +Configuration +On 0\.0\.0\.0 other machines/m);
  });

  it("knows a running aggregator", async () => {
    const cwd = testFolder();
    const aggregate = startCli(["aggregate", "--port", "0"], { cwd });
    onTestFinished(() => void aggregate.child.kill("SIGKILL"));
    const [, port = ""] = await aggregate.printed(/OTEL_EXPORTER_OTLP_ENDPOINT=\S+:(\d+)/);
    const { code, stdout } = await runCli(["doctor", "--port", port], { cwd });
    expect({ code, stdout }).toMatchObject({ code: 0 });
    expect(stdout).toContain("is the running aggregator's");
    expect(stdout).toContain("in use by an aggregator");
    expect(stdout).toContain("is alive and ready");
    expect(stdout).toContain("within 2 s of the aggregator");
    aggregate.end("SIGINT");
    expect((await aggregate.result).code).toBe(0);
    await eventually(
      "the port is free again",
      async () => (await runCli(["doctor", "--port", port], { cwd })).code === 0,
    );
  });
});
