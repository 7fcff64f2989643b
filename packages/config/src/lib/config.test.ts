import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { checkConfig } from "./check.ts";
import { type Component, givenTo, valuesOf } from "./component.ts";
import { ConfigError } from "./config-error.ts";
import { unknownVariables } from "./environment.ts";
import { allowedText, isAllowed, isOfType, type Kind } from "./kind.ts";
import { resolveOptions, type Sources } from "./resolve.ts";
import { withoutSecrets } from "./secret.ts";

const shop = {
  title: "Shop",
  options: {
    port: {
      type: "number",
      whole: true,
      min: 0,
      max: 65_535,
      default: 80,
      env: "SLIPSTREAM_PORT",
      flag: "--port <n>",
      help: "port",
    },
    share: { type: "number", above: 0, max: 1, env: "SLIPSTREAM_SHARE", help: "share" },
    step: { type: "number", multipleOf: 5, min: 5, max: 60, unit: "seconds", help: "step" },
    name: {
      type: "text",
      pattern: /^[a-z]+$/ as RegExp,
      allowed: "small letters",
      env: "SLIPSTREAM_NAME",
      help: "name",
    },
    key: { type: "text", allowed: "a key", secret: true, env: "SLIPSTREAM_KEY", help: "key" },
    store: {
      type: "url",
      protocols: ["redis:"],
      severalHosts: true,
      example: "redis://host",
      secret: true,
      env: "REDIS_URL",
      help: "store",
    },
    site: {
      type: "url",
      protocols: ["http:", "https:"],
      example: "http://host",
      env: "SLIPSTREAM_SITE",
      help: "site",
    },
    level: {
      type: "choice",
      choices: ["low", "high"],
      default: "low",
      env: "SLIPSTREAM_LEVEL",
      help: "level",
    },
    hosts: {
      type: "list",
      pattern: /^[^\s]+$/ as RegExp,
      allowed: "a list of hosts",
      env: "SLIPSTREAM_HOSTS",
      help: "hosts",
    },
    methods: {
      type: "lists",
      names: ["include", "exclude"],
      allowed: "{ include, exclude }",
      help: "methods",
    },
    days: {
      type: "numbers",
      names: ["trades", "alerts"],
      whole: true,
      min: 1,
      unit: "days",
      env: "SLIPSTREAM_DAYS",
      help: "days",
    },
  },
} as const;

const other: Component = {
  title: "Other",
  options: { depth: { type: "number", default: 3, help: "depth" } },
};

const resolve = (sources: Partial<Sources>) => resolveOptions([shop, other], { environment: {}, ...sources });
const fromVariables = (environment: Sources["environment"]) => resolve({ environment }).values;

function messageOf(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    if (error instanceof ConfigError) return error.message;
    throw error;
  }
  throw new Error("expected a ConfigError");
}

describe("what holds", () => {
  it("are the defaults, if nothing is set", () => {
    expect(resolve({})).toEqual({
      values: { port: 80, level: "low", depth: 3 },
      origins: { port: { kind: "default" }, level: { kind: "default" }, depth: { kind: "default" } },
    });
  });

  it("is a flag before a variable before the file before a default", () => {
    const { values, origins } = resolve({
      flags: { port: { text: "3", name: "--port" } },
      environment: { SLIPSTREAM_PORT: "2", SLIPSTREAM_LEVEL: "high" },
      file: { value: { port: 1, level: "low", share: 0.5 }, name: "file.ts" },
    });
    expect(values).toEqual({ port: 3, level: "high", share: 0.5, depth: 3 });
    expect(origins).toMatchObject({
      port: { kind: "flag", name: "--port" },
      level: { kind: "variable", name: "SLIPSTREAM_LEVEL" },
      share: { kind: "file", name: "file.ts" },
      depth: { kind: "default" },
    });
  });

  it("does not depend on a wrong value that another one overrides", () => {
    const flags = { port: { text: "3", name: "--port" } };
    expect(resolve({ flags, environment: { SLIPSTREAM_PORT: "many" } }).values.port).toBe(3);
  });

  it("is given to each component by itself", () => {
    const { values } = resolve({ file: { value: { share: 1 }, name: "file.ts" } });
    expect(valuesOf(other, values)).toEqual({ depth: 3 });
    expect(givenTo(shop, { share: 1, depth: 2, level: undefined, toString: 1 })).toEqual({ share: 1 });
    expect(valuesOf(shop, {})).toEqual({ port: 80, level: "low" });
  });
});

describe("a variable", () => {
  it("that is empty or blank is as good as none", () => {
    expect(fromVariables({ SLIPSTREAM_PORT: "", SLIPSTREAM_LEVEL: " \r" })).toMatchObject({
      port: 80,
      level: "low",
    });
  });

  it("may have the line end of a file made on Windows", () => {
    const set = {
      SLIPSTREAM_PORT: "81\r",
      SLIPSTREAM_NAME: "desk\r",
      SLIPSTREAM_HOSTS: "a,b\r",
      SLIPSTREAM_LEVEL: "high\r\n",
    };
    expect(fromVariables(set)).toMatchObject({ port: 81, name: "desk", hosts: ["a", "b"], level: "high" });
  });

  it("takes numbers as TypeScript writes them", () => {
    expect(fromVariables({ SLIPSTREAM_PORT: "9_480" }).port).toBe(9_480);
    expect(fromVariables({ SLIPSTREAM_SHARE: "5e-1" }).share).toBe(0.5);
    for (const text of ["9 480", "_1", "1_", "1__0", "9,480", "0x1F", "1e3x", "Infinity", "NaN", "١"]) {
      expect(
        messageOf(() => fromVariables({ SLIPSTREAM_PORT: text })),
        text,
      ).toContain(JSON.stringify(text));
    }
  });

  it("takes lists separated by commas, and one number for all names", () => {
    expect(fromVariables({ SLIPSTREAM_HOSTS: " a , b,,", SLIPSTREAM_DAYS: "30" })).toMatchObject({
      hosts: ["a", "b"],
      days: 30,
    });
  });

  it("with a wrong value can be left out", () => {
    const errors: string[] = [];
    const { values } = resolve({
      environment: { SLIPSTREAM_PORT: "many", SLIPSTREAM_LEVEL: "high" },
      onWrong: ({ message }) => errors.push(message),
    });
    expect(values).toMatchObject({ port: 80, level: "high" });
    expect(errors).toEqual([
      'port = "many" (from SLIPSTREAM_PORT) is not allowed; allowed: a whole number from 0 to 65535',
    ]);
  });
});

describe("a wrong value", () => {
  it.each([
    [{ port: 65_536 }, "port = 65536 (from test) is not allowed; allowed: a whole number from 0 to 65535"],
    [{ port: "80" }, 'port = "80" (from test)'],
    [{ port: 1.5 }, "a whole number"],
    [{ share: 0 }, "allowed: a number above 0, 1 at most"],
    [{ share: Number.POSITIVE_INFINITY }, "share = Infinity"],
    [{ step: 7 }, "allowed: a multiple of 5 from 5 to 60 (seconds)"],
    [{ level: "loud" }, "allowed: low, high"],
    [{ hosts: "a" }, "allowed: a list of hosts"],
    [{ hosts: [1] }, "allowed: a list of hosts"],
    [{ methods: { exlude: ["a"] } }, 'methods = {"exlude":["a"]}'],
    [
      { days: { trades: 0 } },
      "allowed: { trades: 30, ... } for some of trades, alerts, each a whole number of days from 1",
    ],
    [{ site: "host:80" }, "a URL such as http://host"],
    [{ prot: 1 }, "prot (number, from test) is not a key of the configuration; did you mean port?"],
    [{ zzzzzz: 1 }, "allowed: port, share"],
    [7, "test gives 7; allowed: an object"],
    [null, "test gives null"],
    [[], "test gives []"],
    [Promise.resolve({}), "test gives a promise; allowed: an object"],
    [new Map(), "test gives {}; allowed: an object"],
    [{ hosts: ["a", "b c"] }, 'hosts has "b c" (from test) is not allowed'],
  ])("%j is reported in one line", (value, message) => {
    const text = messageOf(() => checkConfig([shop], value, "test"));
    expect(text).toContain(message);
    expect(text).not.toContain("\n");
  });

  it("is not shown if it is secret", () => {
    expect(messageOf(() => checkConfig([shop], { key: ["hunter2"] }, "test"))).toContain("key = (not shown)");
    expect(messageOf(() => checkConfig([shop], { store: "http://me:hunter2@host" }, "test"))).not.toContain(
      "hunter2",
    );
    expect(messageOf(() => checkConfig([shop], { site: "http//me:hunter2@host" }, "test"))).not.toContain(
      "hunter2",
    );
    expect(messageOf(() => checkConfig([shop], { kee: "hunter2" }, "test"))).not.toContain("hunter2");
  });

  it("never does worse than a ConfigError of one line", () => {
    const keys = Object.keys(shop.options);
    fc.assert(
      fc.property(fc.constantFrom(...keys, "more\nlines"), fc.anything(), (key, value) => {
        try {
          checkConfig([shop], { [key]: value }, "test");
        } catch (error) {
          expect(error).toBeInstanceOf(ConfigError);
          expect((error as Error).message).not.toContain("\n");
        }
      }),
    );
  });
});

it("an object that cannot be read is reported as one line", () => {
  const config = {
    get port(): number {
      throw new Error("first\nsecond");
    },
  };
  expect(messageOf(() => checkConfig([shop], config, "test"))).toBe('test cannot be read: "first\\nsecond"');
});

it("two keys that exclude each other are reported with where they are from", () => {
  const source: Component = {
    title: "Source",
    options: {
      url: { type: "text", allowed: "a URL", env: "SLIPSTREAM_URL", help: "url" },
      folder: { type: "text", allowed: "a folder", excludes: "url", help: "folder" },
    },
  };
  const environment = { SLIPSTREAM_URL: "x" };
  const flags = { folder: { text: "y", name: "--folder" } };
  expect(resolveOptions([source], { environment }).values).toEqual({ url: "x" });
  expect(messageOf(() => resolveOptions([source], { environment, flags }))).toBe(
    "folder (from --folder) and url (from SLIPSTREAM_URL) exclude each other; set one of them",
  );
});

describe("limits", () => {
  it("are left alone when only the type is asked for", () => {
    expect(isOfType(shop.options.port, 1e9)).toBe(true);
    expect(isOfType(shop.options.port, "80")).toBe(false);
    expect(isOfType(shop.options.level, "medium")).toBe(true);
    expect(isOfType(shop.options.methods, { later: ["a"] })).toBe(true);
    expect(isOfType(shop.options.methods, { include: 1 })).toBe(false);
    expect(isOfType(shop.options.days, { trades: "1" })).toBe(false);
  });

  it("are what the text says", () => {
    const bounds = fc.record({ min: fc.integer(), max: fc.integer() });
    fc.assert(
      fc.property(bounds, fc.integer(), ({ min, max }, value) => {
        const kind: Kind = { type: "number", whole: true, min, max };
        expect(allowedText(kind)).toBe(`a whole number from ${min} to ${max}`);
        expect(isAllowed(kind, value)).toBe(value >= min && value <= max);
      }),
    );
  });
});

describe("an object of a form of its own", () => {
  const secrets = {
    title: "Secrets",
    options: {
      secrets: {
        type: "object",
        allowed: "an object of texts",
        problems: (value: unknown) =>
          Object.entries(value ?? {}).flatMap(([place, text]) =>
            typeof text === "string" ? [] : [{ place, text: `is a ${typeof text}; allowed: a text` }],
          ),
        printed: (value: Readonly<Record<string, string>>): unknown => Object.keys(value),
        help: "secrets",
      },
    },
  } as const;

  it("is taken if nothing is wrong in it, and has the type of what is printed", () => {
    const { secrets: value } = checkConfig([secrets], { secrets: { a: "hunter2" } }, "test");
    expect(value?.a).toBe("hunter2");
    expect(isOfType(secrets.options.secrets, { b: 1 })).toBe(true);
    expect(isOfType(secrets.options.secrets, "b")).toBe(false);
    expect(allowedText(secrets.options.secrets)).toBe("an object of texts");
  });

  it("lists everything that is wrong at once, each with its place", () => {
    const check = (value: unknown): string =>
      messageOf(() => checkConfig([secrets], { secrets: value }, "test"));
    expect(check({ a: 1 })).toBe("secrets.a is a number; allowed: a text (from test)");
    expect(check({ a: 1, b: "", c: true })).toBe(
      "secrets (from test) has 2 mistakes:\n  secrets.a is a number; allowed: a text\n  secrets.c is a boolean; allowed: a text",
    );
  });

  it("prints what it says, and no secrets", () => {
    expect(withoutSecrets(secrets.options.secrets, { a: "hunter2" })).toEqual(["a"]);
  });
});

describe("a secret", () => {
  const conf = { type: "text", allowed: "", help: "", secret: /(?<=;password=)[^;]*/g } as const;
  const node = { type: "url", protocols: ["https:"], example: "", help: "", secret: true } as const;

  it.each([
    [shop.options.store, "redis://a:1,b:2", true],
    [shop.options.store, "redis://u:p@a:1,b:2/name", true],
    [shop.options.store, "http://a:1,b:2", false],
    [shop.options.site, "http://a:1,b:2", false],
  ])("%j as %s: %s", (option, url, allowed) => {
    expect(isAllowed(option, url)).toBe(allowed);
  });

  it.each([
    [shop.options.key, "hunter2", "***"],
    [shop.options.store, "redis://me:hunter2@host:6379/1", "redis://me:***@host:6379/1"],
    [shop.options.store, "redis://:hunter2@host", "redis://:***@host"],
    [shop.options.store, "redis://host:6379", "redis://host:6379"],
    [shop.options.store, "redis://host:6379/0?password=hunter2", "redis://host:6379/0?***"],
    [shop.options.store, "redis://b:hunter2@b:1,c:2,d/x", "redis://b:***@b:1,c:2,d/x"],
    [shop.options.site, "http://me:hunter2@host/path?a=b", "http://me:***@host/path?a=b"],
    [shop.options.site, "http://host:9480", "http://host:9480"],
    [shop.options.site, "http://hunter2@host", "http://***@host"],
    [node, "https://node.example/v2/hunter2", "https://node.example/***"],
    [node, "https://node.example/?api-key=hunter2#hunter2", "https://node.example/?***"],
    [
      conf,
      "http::addr=host:9000;username=a;password=hunter2;",
      "http::addr=host:9000;username=a;password=***;",
    ],
    [shop.options.port, 80, 80],
    [shop.options.name, "desk", "desk"],
  ])("of %j is hidden in %s", (option, value, printed) => {
    expect(withoutSecrets(option, value)).toBe(printed);
  });
});

describe("variables with our prefix that nothing reads", () => {
  const found = (...names: string[]) =>
    unknownVariables([shop], ["SLIPSTREAM_CONFIG"], Object.fromEntries(names.map((name) => [name, "1"])));

  it("are found, with what was probably meant", () => {
    expect(
      found("SLIPSTREAM_PROT", "SLIPSTREAM_PORT", "SLIPSTREAM_CONFIG", "SLIPSTREAM_UNRELATED", "PATH"),
    ).toEqual([
      { name: "SLIPSTREAM_PROT", meant: "SLIPSTREAM_PORT" },
      { name: "SLIPSTREAM_UNRELATED", meant: undefined },
    ]);
  });

  it("may be another name of a variable without it", () => {
    expect(found("SLIPSTREAM_STORE", "SLIPSTREAM_REDIS_URL").map(({ meant }) => meant)).toEqual([
      "REDIS_URL",
      "REDIS_URL",
    ]);
  });
});
