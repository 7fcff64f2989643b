import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { testFolder } from "@slipstream/testing/folders";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { defineConfig } from "./config.ts";
import { ConfigError } from "./config-error.ts";
import { engineOptions } from "./engine-options.ts";
import { fromEnvironment, mistypedVariables } from "./environment.ts";
import { type ConfigKey, configKeys, fields } from "./fields.ts";
import { type ConfigSources, resolveConfig } from "./resolve-config.ts";
import { checkConfig } from "./validate.ts";

function folderWith(text: string): string {
  const folder = testFolder();
  writeFileSync(join(folder, "slipstream.config.ts"), text);
  return folder;
}

/** A folder without a configuration file. */
const empty = import.meta.dirname;
const sources = (over: Partial<ConfigSources>): ConfigSources => ({
  flags: {},
  environment: {},
  folder: empty,
  ...over,
});

async function failure(over: Partial<ConfigSources>): Promise<ConfigError> {
  const error: unknown = await resolveConfig(sources(over)).then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (error instanceof ConfigError) return error;
  throw new Error(`expected a ConfigError, got ${error}`);
}

describe("the configuration", () => {
  it("has defaults", async () => {
    const { config, file } = await resolveConfig(sources({}));
    expect(config).toEqual({ host: "127.0.0.1", port: 9480, dataDir: ".slipstream", logLevel: "info" });
    expect(file).toBeUndefined();
  });

  it("takes flags over the environment over the file over the defaults", async () => {
    const folder = folderWith(
      "interface Any { [key: string]: unknown }\n" +
        "const config: Any = { port: 1, host: 'file', capitalUsd: 5000, rateWindowSeconds: 30 };\n" +
        "export default config;\n",
    );
    const { config, file } = await resolveConfig(
      sources({
        folder,
        environment: { SLIPSTREAM_PORT: "2", SLIPSTREAM_HOST: "environment", SLIPSTREAM_CAPITAL_USD: "" },
        flags: { port: { text: "3", flag: "--port" }, token: { text: undefined, flag: "--token" } },
      }),
    );
    expect(config).toMatchObject({ port: 3, host: "environment", capitalUsd: 5000, rateWindowSeconds: 30 });
    expect(config).not.toHaveProperty("token");
    expect(file).toBe(join(folder, "slipstream.config.ts"));
  });

  it("reads lists and URLs from the environment", () => {
    const config = fromEnvironment({
      SLIPSTREAM_JUPITER_HOSTS: "jup.example:8080, *.jup.example,",
      REDIS_URL: "redis://:secret@localhost:6379/1",
    });
    expect(config).toEqual({
      jupiterHosts: ["jup.example:8080", "*.jup.example"],
      redis: "redis://:secret@localhost:6379/1",
    });
  });

  it("knows which part is the engine's", () => {
    const config = defineConfig({ port: 1, capitalUsd: 2, nodeMethods: { exclude: ["getProgramAccounts"] } });
    expect(engineOptions(config)).toEqual({
      capitalUsd: 2,
      nodeMethods: { exclude: ["getProgramAccounts"] },
    });
  });
});

describe("a wrong value", () => {
  it.each([
    [
      "SLIPSTREAM_PORT",
      "99999",
      "port = 99999 (from SLIPSTREAM_PORT) is not allowed; allowed: a whole number from 0",
    ],
    ["SLIPSTREAM_PORT", "http", 'port = "http" (from SLIPSTREAM_PORT)'],
    ["SLIPSTREAM_CAPITAL_USD", "-1", "capitalUsd = -1"],
    ["SLIPSTREAM_RATE_WINDOW_SECONDS", "7", "a multiple of 5"],
    [
      "SLIPSTREAM_LOG_LEVEL",
      "loud",
      'logLevel = "loud" (from SLIPSTREAM_LOG_LEVEL) is not allowed; allowed: trace, debug',
    ],
    ["SLIPSTREAM_JUPITER_HOSTS", "https://jup.ag", "a list of host"],
    ["SLIPSTREAM_ENDPOINT", "localhost:9480", "a URL such as http://127.0.0.1:9480"],
  ])("of %s is told in one line", async (name, value, message) => {
    const error = await failure({ environment: { [name]: value } });
    expect(error.message).toContain(message);
    expect(error.message).not.toContain("\n");
  });

  it("of a flag names the flag", async () => {
    const error = await failure({ flags: { port: { text: "", flag: "--port" } } });
    expect(error.message).toContain('port = "" (from --port) is not allowed');
  });

  it("that is secret is not shown", async () => {
    const token = await failure({ environment: { SLIPSTREAM_TOKEN: "two words" } });
    expect(token.message).not.toContain("two words");
    const redis = await failure({ environment: { REDIS_URL: "http://user:pass@host" } });
    expect(redis.message).not.toContain("pass");
  });

  it.each([
    [
      "export default { prot: 9481 }",
      "prot (number, from slipstream.config.ts) is not a key of the configuration; did you mean port?",
    ],
    ["export default { zzzzzz: 1 }", "allowed: host, port"],
    ["export default { nodeMethods: { exlude: ['a'] } }", 'nodeMethods = {"exlude":["a"]}'],
    ["export default { port: '9480' }", 'port = "9480" (from slipstream.config.ts)'],
    ["export default 7", "slipstream.config.ts gives 7; allowed: an object"],
    ["export const config = {}", "exports nothing"],
    ["export default {", "slipstream.config.ts cannot be loaded"],
    ["throw new Error('first\\nsecond')", "cannot be loaded: first second"],
  ])("of the file %s is told in one line", async (text, message) => {
    const error = await failure({ folder: folderWith(text) });
    expect(error.message).toContain(message);
    expect(error.message).not.toContain("\n");
  });

  it("of the file's name is told", async () => {
    expect((await failure({ file: "none.ts" })).message).toBe("config = none.ts: there is no such file");
    expect((await failure({ environment: { SLIPSTREAM_CONFIG: "none.ts" } })).field).toBe("config");
  });

  it("never does worse than a ConfigError of one line", () => {
    fc.assert(
      fc.property(fc.constantFrom(...configKeys), fc.anything(), (key: ConfigKey, value) => {
        try {
          checkConfig({ [key]: value }, "test");
        } catch (error) {
          expect(error).toBeInstanceOf(ConfigError);
          expect((error as Error).message).not.toContain("\n");
        }
      }),
    );
  });
});

describe("environment variables", () => {
  it("that look mistyped are found, those of other programs are not", () => {
    const found = mistypedVariables({
      SLIPSTREAM_PROT: "1",
      SLIPSTREAM_PORT: "1",
      SLIPSTREAM_FIXTURES: "x",
      PATH: "/",
    });
    expect(found).toEqual([{ name: "SLIPSTREAM_PROT", meant: "SLIPSTREAM_PORT" }]);
  });

  it("are unique", () => {
    const names = configKeys.flatMap((key) => fields[key].env ?? []);
    expect(new Set(names).size).toBe(names.length);
  });
});
