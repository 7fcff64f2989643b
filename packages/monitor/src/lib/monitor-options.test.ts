import { describe, expect, it } from "vitest";
import { monitorSettings, type PerformanceMonitorOptions } from "./monitor-options.ts";

function settings(options: PerformanceMonitorOptions, environment: Record<string, string> = {}) {
  const warnings: string[] = [];
  const logger = { info() {}, error() {}, warn: (message: string) => void warnings.push(message) };
  return { ...monitorSettings({ logger, ...options }, environment), warnings };
}

describe("a monitor's settings", () => {
  it("are options before variables before defaults", () => {
    const environment = {
      OTEL_SERVICE_NAME: "from-variable",
      SLIPSTREAM_TOKEN: "token",
      SLIPSTREAM_CAPITAL_USD: "1",
      SLIPSTREAM_RATE_WINDOW_SECONDS: "30",
    };
    const { serviceName, token, engine, endpoint, warnings } = settings({ capitalUsd: 2 }, environment);
    expect({ serviceName, token, endpoint }).toEqual({
      serviceName: "from-variable",
      token: "token",
      endpoint: undefined,
    });
    expect(engine).toMatchObject({ capitalUsd: 2, rateWindowSeconds: 30, percentileWindowSeconds: 300 });
    expect(settings({ serviceName: "given" }, environment).serviceName).toBe("given");
    expect(settings({}).serviceName).toBe("trading-service");
    expect(warnings).toEqual([]);
  });

  it("ignore options and variables that are blank", () => {
    const { serviceName, desk, endpoint } = settings(
      { serviceName: " ", desk: "" },
      { OTEL_SERVICE_NAME: "", OTEL_EXPORTER_OTLP_ENDPOINT: " " },
    );
    expect({ serviceName, desk, endpoint }).toEqual({
      serviceName: "trading-service",
      desk: undefined,
      endpoint: undefined,
    });
  });

  it("leave out a wrong variable with a warning, and use the others", () => {
    const environment = { SLIPSTREAM_CAPITAL_USD: "much", SLIPSTREAM_RATE_WINDOW_SECONDS: "30" };
    const { engine, warnings } = settings({}, environment);
    expect(engine).toMatchObject({ rateWindowSeconds: 30 });
    expect(engine).not.toHaveProperty("capitalUsd");
    expect(warnings).toEqual([expect.stringContaining('capitalUsd = "much" (from SLIPSTREAM_CAPITAL_USD)')]);
  });

  it("do not begin with a wrong endpoint: this process would write the dashboards beside the aggregator", () => {
    expect(() => settings({}, { OTEL_EXPORTER_OTLP_ENDPOINT: "localhost:4318" })).toThrow(
      'endpoint = "localhost:4318" (from OTEL_EXPORTER_OTLP_ENDPOINT) is not allowed; allowed: a URL such as http://127.0.0.1:9480',
    );
  });

  it("connect to the Redis and QuestDB that they are given, not to the aggregator's", () => {
    const environment = {
      REDIS_URL: "redis://variable",
      QDB_CLIENT_CONF: "http::addr=variable:9000;",
      SLIPSTREAM_QUESTDB_PG: "postgres://pg:8812/qdb",
    };
    expect(settings({}, environment)).toMatchObject({ redis: undefined, questdb: undefined });
    expect(
      settings({ redis: "redis://given", questdb: "http::addr=given:9000;" }, environment),
    ).toMatchObject({
      redis: "redis://given",
      questdb: { conf: "http::addr=given:9000;", pgUrl: "postgres://pg:8812/qdb" },
    });
  });

  it("take the aggregator's configuration too, and say what has no effect", () => {
    const shared = { capitalUsd: 5, port: 9481, dataDir: "data" };
    const { engine, warnings } = settings(shared);
    expect(engine).toMatchObject({ capitalUsd: 5 });
    expect(warnings).toEqual([
      "port has no effect in PerformanceMonitor: it is an option of the aggregator",
      "dataDir has no effect in PerformanceMonitor: it is an option of the aggregator",
    ]);
    expect(() => settings({ ...shared, port: -1 } as object)).toThrow("port = -1");
  });

  it("of which one is mistyped lists all that are allowed", () => {
    for (const [typo, hint] of [
      ["regstry", "did you mean registry? "],
      ["endpiont", "did you mean endpoint? "],
      ["zzzzzzzz", ""],
    ]) {
      const wrong = () => settings({ [String(typo)]: "s3cret" } as object);
      expect(wrong).toThrow(`${typo} is not an option of PerformanceMonitor; ${hint}Allowed: `);
      for (const key of [
        "serviceName",
        "endpoint",
        "token",
        "redis",
        "questdb",
        "registry",
        "logger",
        "capitalUsd",
      ]) {
        expect(wrong).toThrow(new RegExp(`Allowed: .*\\b${key}\\b`));
      }
      expect(wrong).not.toThrow("s3cret");
      // What only the aggregator has would have no effect.
      expect(wrong).not.toThrow(/dataDir|allowedHosts/);
    }
  });

  it("historyDays as an object is answered with the form of an object, and no variable", () => {
    const wrong = () => settings({ historyDays: { trade: 5 } } as object);
    expect(wrong).toThrow(
      'historyDays = {"trade":5} (from PerformanceMonitor) is not allowed; allowed: { trades: 30, ... } for some of trades,',
    );
    expect(wrong).not.toThrow("SLIPSTREAM_");
  });
});
