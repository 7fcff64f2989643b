import { SlipstreamError } from "@slipstream/conventions";
import { describe, expect, test } from "vitest";
import { InstrumentSet } from "../instruments/instrument-set.ts";
import type { TelemetryOptions } from "./options.ts";
import { settingsOf } from "./settings.ts";

const options: TelemetryOptions = { serviceName: "desk" };

describe("defaults", () => {
  test("match the contract", () => {
    const settings = settingsOf(options, {});
    expect(settings).toMatchObject({
      serviceName: "desk",
      queueBytes: 64 * 2 ** 20,
      flushIntervalMs: 1_000,
      metricIntervalMs: 5_000,
      shutdownOnExit: true,
      global: true,
    });
    const usual = { headers: {}, compression: "none", requestTimeoutMs: 10_000 };
    expect(settings.requestSettings).toEqual({
      traces: { ...usual, url: new URL("http://localhost:4318/v1/traces") },
      metrics: { ...usual, url: new URL("http://localhost:4318/v1/metrics") },
    });
    expect(settings.resource["service.name"]).toBe("desk");
  });

  test("each process has its own instance id", () => {
    const ids = [1, 2].map(() => settingsOf(options, {}).resource["service.instance.id"]);
    expect(ids[0]).toMatch(/^[0-9a-f-]{36}$/);
    expect(ids[0]).not.toBe(ids[1]);
  });
});

describe("environment", () => {
  test("the standard variables apply if the option is absent", () => {
    const env = {
      OTEL_EXPORTER_OTLP_ENDPOINT: "https://collector.example:4318/otlp/",
      OTEL_EXPORTER_OTLP_HEADERS: "x-tenant=desk%20a, x-other=1",
      OTEL_EXPORTER_OTLP_COMPRESSION: "gzip",
      OTEL_EXPORTER_OTLP_TIMEOUT: "3000",
      OTEL_METRIC_EXPORT_INTERVAL: "1000",
      OTEL_RESOURCE_ATTRIBUTES: "deployment.environment=prod,slipstream.desk=alpha%2Cbeta",
      SLIPSTREAM_TOKEN: "secret",
    };
    const settings = settingsOf(options, env);
    const { traces, metrics } = settings.requestSettings;
    expect(traces.url.href).toBe("https://collector.example:4318/otlp/v1/traces");
    expect(metrics).toEqual({ ...traces, url: new URL("https://collector.example:4318/otlp/v1/metrics") });
    expect(traces.headers).toEqual({
      authorization: "Bearer secret",
      "x-tenant": "desk a",
      "x-other": "1",
    });
    expect(traces).toMatchObject({ compression: "gzip", requestTimeoutMs: 3_000 });
    expect(settings.metricIntervalMs).toBe(1_000);
    expect(settings.resource).toMatchObject({
      "deployment.environment": "prod",
      "slipstream.desk": "alpha,beta",
    });
    const given = settingsOf(
      { ...options, endpoint: "http://other:1", token: "mine", desk: "gamma", metricIntervalMs: 50 },
      env,
    );
    expect(given.requestSettings.traces.url.host).toBe("other:1");
    expect(given.receiver).toBe("http://other:1");
    expect(given.requestSettings.traces.headers.authorization).toBe("Bearer mine");
    expect(given.resource["slipstream.desk"]).toBe("gamma");
    expect(given.metricIntervalMs).toBe(50);
  });

  test("variables of one signal come before the general ones, and change the other signal in nothing", () => {
    const problems: string[] = [];
    const env = {
      OTEL_EXPORTER_OTLP_HEADERS: "x-tenant=a,x-other=1",
      OTEL_EXPORTER_OTLP_TIMEOUT: "3000",
      OTEL_EXPORTER_OTLP_TRACES_HEADERS: "x-tenant=b",
      OTEL_EXPORTER_OTLP_TRACES_TIMEOUT: "4000",
      OTEL_EXPORTER_OTLP_TRACES_COMPRESSION: "gzip",
      OTEL_EXPORTER_OTLP_METRICS_TIMEOUT: "soon",
      OTEL_EXPORTER_OTLP_METRICS_COMPRESSION: "",
    };
    const onError = (message: string) => problems.push(message);
    const { traces, metrics } = settingsOf({ ...options, onError }, env).requestSettings;
    expect(traces).toEqual({
      url: new URL("http://localhost:4318/v1/traces"),
      headers: { "x-tenant": "b", "x-other": "1" },
      compression: "gzip",
      requestTimeoutMs: 4_000,
    });
    expect(metrics).toEqual({
      url: new URL("http://localhost:4318/v1/metrics"),
      headers: { "x-tenant": "a", "x-other": "1" },
      compression: "none",
      requestTimeoutMs: 3_000,
    });
    expect(problems).toEqual([
      expect.stringMatching(/^OTEL_EXPORTER_OTLP_METRICS_TIMEOUT is ignored: .*milliseconds/),
    ]);
    const given = settingsOf({ ...options, headers: { "x-tenant": "c" }, requestTimeoutMs: 50 }, env);
    expect(given.requestSettings.traces).toMatchObject({
      headers: { "x-tenant": "c" },
      requestTimeoutMs: 50,
    });
  });

  test("messages name what is sent to", () => {
    const of = (env: Record<string, string>, given: Partial<TelemetryOptions> = {}) => {
      const { receiver, endpointIsDefault } = settingsOf({ ...options, ...given }, env);
      return [receiver, endpointIsDefault];
    };
    const own = { OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: "https://spans.example/x?key=secret" };
    expect(of({})).toEqual(["http://localhost:4318", true]);
    expect(of({ OTEL_EXPORTER_OTLP_ENDPOINT: "http://a:1/otlp" })).toEqual(["http://a:1", false]);
    expect(of(own)).toEqual(["https://spans.example (spans) and http://localhost:4318 (metrics)", false]);
    expect(of({ ...own, OTEL_METRICS_EXPORTER: "none" })).toEqual(["https://spans.example", false]);
    expect(of({ ...own, OTEL_TRACES_EXPORTER: "none" })).toEqual(["http://localhost:4318", false]);
    expect(of(own, { endpoint: "http://b:2" })).toEqual(["http://b:2", false]);
  });

  test("an invalid variable is reported and ignored", () => {
    const problems: string[] = [];
    const settings = settingsOf(
      { ...options, onError: (message) => problems.push(message) },
      {
        OTEL_EXPORTER_OTLP_ENDPOINT: "localhost:4318",
        OTEL_EXPORTER_OTLP_COMPRESSION: "zstd",
        OTEL_METRIC_EXPORT_INTERVAL: "soon",
        OTEL_RESOURCE_ATTRIBUTES: "nonsense,ok=1,bad=%E0%A4%A",
      },
    );
    expect(settings.requestSettings.traces.url.href).toBe("http://localhost:4318/v1/traces");
    expect(settings.metricIntervalMs).toBe(5_000);
    expect(settings.requestSettings.traces.compression).toBe("none");
    expect(settings.resource.ok).toBe("1");
    expect(problems.map((problem) => /\bOTEL_\w+/.exec(problem)?.[0]).sort()).toEqual([
      "OTEL_EXPORTER_OTLP_COMPRESSION",
      "OTEL_EXPORTER_OTLP_ENDPOINT",
      "OTEL_METRIC_EXPORT_INTERVAL",
      "OTEL_RESOURCE_ATTRIBUTES",
      "OTEL_RESOURCE_ATTRIBUTES",
    ]);
  });
});

describe("an invalid option", () => {
  test.each<[string, unknown, string]>([
    ["serviceName", undefined, "given"],
    ["serviceName", " ", "a non-empty string"],
    ["endpoint", "localhost:4318", "an http:// or https:// URL"],
    ["endpoint", "ftp://localhost", "an http:// or https:// URL"],
    ["queueBytes", -1, "an integer from"],
    ["queueBytes", 2 ** 20 + 0.5, "an integer from"],
    ["flushIntervalMs", "500", "an integer from"],
    ["metricIntervalMs", Number.NaN, "an integer from"],
    ["compression", "zip", '"gzip" or "none"'],
    ["onError", "console", "a function"],
    ["global", 1, "true or false"],
    ["resourceAttributes", ["a"], "an object of strings"],
  ])("%s: %j is named, with what is allowed", (field, value, allowed) => {
    const wrong = { ...options, [field]: value } as TelemetryOptions;
    expect(() => settingsOf(wrong, {})).toThrowError(SlipstreamError);
    expect(() => settingsOf(wrong, {})).toThrowError(`setUp: ${field} must be ${allowed}`);
    expect(() => settingsOf(wrong, {})).toThrowError(
      expect.objectContaining({ field, code: "invalid_option" }),
    );
  });

  test("nested options are named with their path", () => {
    expect(() => settingsOf({ ...options, latency: { minutes: 0 } }, {})).toThrowError("latency.minutes");
    expect(() => settingsOf({ ...options, headers: { "bad name": "x" } }, {})).toThrowError(
      'headers["bad name"]',
    );
  });

  test("a secret is not shown", () => {
    const secret = "hunter2\n";
    expect(() => settingsOf({ ...options, headers: { authorization: secret } }, {})).toThrowError(
      expect.objectContaining({ message: expect.not.stringContaining("hunter2") }),
    );
  });

  test("no options at all", () => {
    expect(() => settingsOf(undefined as unknown as TelemetryOptions, {})).toThrowError(
      "options must be an object",
    );
  });
});

describe("an option that does not exist", () => {
  function reported(wrong: object): readonly string[] {
    const problems: string[] = [];
    const onError = (message: string): void => void problems.push(message);
    settingsOf({ ...options, ...wrong, onError }, {});
    return problems;
  }

  test("is reported once, with the one that was probably meant and without its value, and ignored", () => {
    expect(reported({ tokn: "hunter2" })).toEqual([
      expect.stringMatching(
        /^tokn is not an option of setUp; did you mean token\? Allowed: serviceName, .*, latency\. It is ignored$/,
      ),
    ]);
    expect(reported({ tokn: "hunter2" }).join()).not.toContain("hunter2");
    expect(reported({ latency: { minuts: 5 } })).toEqual([
      "minuts is not an option of setUp's latency; did you mean minutes? Allowed: minutes, maxOperations. It is ignored",
    ]);
  });

  test("is reported before a refusal that comes of it", () => {
    const problems: string[] = [];
    const wrong = { serviceNme: "desk", onError: (message: string) => problems.push(message) };
    expect(() => settingsOf(wrong as unknown as TelemetryOptions, {})).toThrowError(
      "serviceName must be given",
    );
    expect(problems).toEqual([expect.stringContaining("did you mean serviceName?")]);
  });

  test("every option of the type is known", () => {
    const all: Required<TelemetryOptions> = {
      serviceName: "desk",
      serviceVersion: "1",
      instanceId: "a",
      desk: "d",
      endpoint: "http://127.0.0.1:9480",
      token: "t",
      headers: {},
      compression: "none",
      queueBytes: 2 ** 20,
      flushIntervalMs: 1_000,
      metricIntervalMs: 500,
      requestTimeoutMs: 500,
      exitTimeoutMs: 500,
      resourceAttributes: {},
      onError: () => undefined,
      onRecovery: () => undefined,
      silent: false,
      shutdownOnExit: true,
      global: true,
      instruments: new InstrumentSet(),
      latency: { minutes: 60, maxOperations: 64 },
    };
    expect(reported(all)).toEqual([]);
  });
});

test("a listener that throws stops nothing", () => {
  const settings = settingsOf(
    {
      ...options,
      onError: () => {
        throw new Error("listener");
      },
    },
    {},
  );
  expect(() => settings.onError("x")).not.toThrow();
});
