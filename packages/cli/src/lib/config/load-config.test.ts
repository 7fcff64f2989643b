import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { ConfigError, optionsOf } from "@slipstream/config";
import { testFolder } from "@slipstream/testing/folders";
import { describe, expect, it } from "vitest";
import { components } from "./components.ts";
import { type ConfigSources, loadConfig } from "./load-config.ts";
import { configReport, settingsOf } from "./settings.ts";
import { unknownVariables } from "./variables.ts";

function folderWith(text: string): string {
  const folder = testFolder();
  writeFileSync(join(folder, "slipstream.config.ts"), text);
  return folder;
}

/** A folder without a configuration file. */
const empty = import.meta.dirname;
const load = (over: Partial<ConfigSources>) => loadConfig({ environment: {}, folder: empty, ...over });

async function failure(over: Partial<ConfigSources>): Promise<ConfigError> {
  const error: unknown = await load(over).then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (error instanceof ConfigError) return error;
  throw new Error(`expected a ConfigError, got ${error}`);
}

describe("the configuration", () => {
  it("has defaults", async () => {
    const { config, file } = await load({});
    expect(config).toMatchObject({
      host: "127.0.0.1",
      port: 9480,
      dataDir: ".slipstream",
      logLevel: "info",
      logKeepHours: 168,
      rateWindowSeconds: 60,
    });
    expect(config).not.toHaveProperty("token");
    expect(file).toBeUndefined();
  });

  it("takes a file with types and the line ends of Windows", async () => {
    const folder = folderWith(
      "interface Any { [key: string]: unknown }\r\nconst config: Any = {\r\n  capitalUsd: 5_000,\r\n};\r\nexport default config;\r\n",
    );
    const { config, file, origins } = await load({ folder });
    expect(config.capitalUsd).toBe(5_000);
    expect(file).toBe(join(folder, "slipstream.config.ts"));
    expect(origins.capitalUsd).toEqual({ kind: "file", name: "slipstream.config.ts" });
  });

  it("takes the file that SLIPSTREAM_CONFIG names, or before it --config", async () => {
    const folder = testFolder();
    writeFileSync(join(folder, "a.ts"), "export default { port: 1 };");
    writeFileSync(join(folder, "b.ts"), "export default { port: 2 };");
    const environment = { SLIPSTREAM_CONFIG: "a.ts\r" };
    expect((await load({ folder, environment })).config.port).toBe(1);
    expect((await load({ folder, environment, file: "b.ts" })).config.port).toBe(2);
  });

  it.each([
    ["export default { prot: 9481 }", "did you mean port?"],
    ["export default { port: '9480' }", 'port = "9480" (from slipstream.config.ts) is not allowed'],
    ["export default 7", "slipstream.config.ts gives 7; allowed: an object"],
    ["export default () => ({})", "allowed: an object"],
    [
      "export const config = {}",
      "slipstream.config.ts has no default export; write: export default defineConfig({ ... })",
    ],
    ["", "has no default export"],
    ["export default {", "slipstream.config.ts cannot be loaded: "],
    ["throw new Error('first\\nsecond')", "cannot be loaded: first second"],
    ["throw undefined", "cannot be loaded: undefined"],
    ["import './none.ts'; export default {}", "cannot be loaded: "],
  ])("%j of a file is reported in one line", async (text, message) => {
    const error = await failure({ folder: folderWith(text) });
    expect(error.message).toContain(message);
    expect(error.message).not.toContain("\n");
  });

  it("says what is allowed in the form in which the value was given", async () => {
    const days = "a whole number of days from 1 to 36500";
    const variable = await failure({ environment: { SLIPSTREAM_HISTORY_DAYS: "{trades: 5}" } });
    expect(variable.message).toMatch(new RegExp(`\\(from SLIPSTREAM_HISTORY_DAYS\\) .* allowed: ${days}$`));
    const object = await failure({ folder: folderWith("export default { historyDays: { trades: 0 } }") });
    expect(object.message).toContain("allowed: { trades: 30, ... } for some of trades, ");
    expect(object.message).toMatch(new RegExp(`each ${days}$`));
    expect(object.message).not.toContain("SLIPSTREAM_");
  });

  it("that a name leads to nowhere is reported", async () => {
    expect((await failure({ file: "none.ts" })).message).toBe("config = none.ts: there is no such file");
    expect((await failure({ environment: { SLIPSTREAM_CONFIG: "none.ts" } })).field).toBe("config");
    expect((await failure({ file: "." })).message).toContain("this is a folder");
    expect((await failure({ file: "" })).message).toContain("is empty");
  });
});

describe("what slipstream config prints", () => {
  it("has every key, and no secret wherever it is from", async () => {
    const secret = "geheim";
    const folder = folderWith(
      `export default { redis: "redis://me:${secret}@host", questdbPg: "postgres://me:${secret}@host/qdb" }`,
    );
    const loaded = await load({
      folder,
      environment: {
        SLIPSTREAM_TOKEN: secret,
        QDB_CLIENT_CONF: `http::password=${secret};;${secret};addr=host:9000;token=${secret};`,
      },
      flags: { rpcUrl: { text: `https://node.example/${secret}`, name: "--rpc" } },
    });
    const settings = settingsOf(loaded);
    expect(Object.keys(settings)).toEqual(optionsOf(components).map(([key]) => key));
    expect(settings).toMatchObject({
      token: { value: "***", from: "variable", name: "SLIPSTREAM_TOKEN" },
      redis: { value: "redis://me:***@host", from: "file", name: join(folder, "slipstream.config.ts") },
      questdb: { value: "http::password=***;addr=host:9000;token=***;", name: "QDB_CLIENT_CONF" },
      rpcUrl: { value: "https://node.example/***", from: "flag", name: "--rpc" },
      port: { value: 9480, from: "default" },
      capitalUsd: { value: null, from: "unset" },
    });
    const report = configReport(loaded);
    expect(report).toMatch(/^port +9480 +default$/m);
    expect(report).toMatch(/^rpcUrl .* flag --rpc$/m);
    for (const [key] of optionsOf(components)) expect(report).toMatch(new RegExp(`^${key} `, "m"));
    expect(JSON.stringify(settings) + report).not.toContain(secret);
  });
});

describe("the options", () => {
  const all = optionsOf(components);
  const unique = (names: readonly string[]) => expect(new Set(names).size).toBe(names.length);

  it("have keys, flags and variables of their own", () => {
    unique(all.map(([key]) => key));
    unique(all.flatMap(([, { flag }]) => flag?.split(" ")[0] ?? []));
    unique(all.flatMap(([, { env }]) => env ?? []));
  });

  it("have variables named after their keys, but for those that other programs read too", () => {
    const others = all.filter(([key, { env }]) => {
      const snake = key.replaceAll(/[A-Z]/g, "_$&").toUpperCase();
      return env !== undefined && env !== `SLIPSTREAM_${snake}`;
    });
    expect(others.map(([, { env }]) => env)).toEqual([
      "REDIS_URL",
      "QDB_CLIENT_CONF",
      "OTEL_EXPORTER_OTLP_ENDPOINT",
    ]);
  });

  it("have defaults within their own limits", async () => {
    const defaults = all.flatMap(([key, option]) =>
      option.default === undefined ? [] : [[key, option.default]],
    );
    const folder = folderWith(`export default ${JSON.stringify(Object.fromEntries(defaults))}`);
    await expect(load({ folder })).resolves.toBeDefined();
  });

  it("name every variable with our prefix that nothing reads", () => {
    const environment = {
      SLIPSTREAM_PROT: "1",
      SLIPSTREAM_FIXTURES: "x",
      SLIPSTREAM_JITO_HOSTS: "y",
      SLIPSTREAM_UNRELATED: "",
      OTHER: "z",
    };
    expect(unknownVariables(environment)).toEqual([
      { name: "SLIPSTREAM_PROT", meant: "SLIPSTREAM_PORT" },
      { name: "SLIPSTREAM_UNRELATED", meant: undefined },
    ]);
  });
});
