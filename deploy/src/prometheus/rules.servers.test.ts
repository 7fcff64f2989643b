import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { eventually } from "@slipstream/testing/eventually";
import { Receiver } from "@slipstream/testing/otlp-receiver";
import { installedProgram } from "slipstream-stack/installed-program";
import { describe, expect, it } from "vitest";
import { startedCollector } from "../testing/collector.ts";
import { prometheusFolder } from "../testing/prometheus.ts";
import { inRepository, textOf } from "../testing/repository.ts";
import { sendPoints, sendSpans } from "../testing/sending.ts";

function run(
  program: string,
  ...args: readonly string[]
): { readonly status: number | null; readonly said: string } {
  const { status, stdout, stderr } = spawnSync(program, args, { encoding: "utf8", timeout: 60_000 });
  return { status, said: `${stdout}${stderr}` };
}

describe("prometheus/", () => {
  it("is a configuration that Prometheus 3 takes, with every rule", () => {
    const { status, said } = run(
      installedProgram("promtool"),
      "check",
      "config",
      join(prometheusFolder(), "prometheus.yml"),
    );
    expect(said).not.toContain("FAILED");
    expect(said).toContain("2 rule files found");
    expect(status).toBe(0);
  });

  it.each([
    ["Prometheus 3", () => installedProgram("promtool")],
    ["Debian's Prometheus 2", () => "promtool"],
  ])("has rules about the pipeline that fire when they should, in %s", (_, program) => {
    const { status, said } = run(program(), "test", "rules", inRepository("prometheus/tests/pipeline.yml"));
    expect(said).toContain("SUCCESS");
    expect(status).toBe(0);
  });

  it("reads metrics of the Collector that exist", async () => {
    await using refusing = await Receiver.start(() => ({ status: 400 }));
    const collector = await startedCollector({
      aggregator: refusing.url,
      prometheus: refusing.url,
      env: { SLIPSTREAM_COLLECTOR_STORE_QUEUE_BYTES: "600000" },
    });
    const note = "x".repeat(16_000);
    await sendSpans(
      collector.url,
      Array.from({ length: 120 }, () => ({ name: "trade.execute", attributes: { note } })),
    );
    await sendPoints(collector.url, [{ name: "circuit_breaker_state", value: 1 }]);
    await eventually("data is refused and does not fit", async () => {
      const {
        otelcol_exporter_send_failed_metric_points: points,
        otelcol_exporter_enqueue_failed_spans: spans,
      } = await collector.metrics();
      return (points ?? 0) > 1 && (spans ?? 0) > 0;
    });
    // Those of what does not happen here are named alike.
    const there = `${await collector.exposition()}
      otelcol_exporter_sent_spans otelcol_exporter_sent_metric_points otelcol_exporter_enqueue_failed_metric_points`;
    const read = new Set(textOf("prometheus/rules/pipeline.yml").match(/\botelcol_\w+/g));
    expect(read.size).toBeGreaterThan(8);
    for (const name of read) expect(there).toMatch(new RegExp(`\\b${name}\\b`));
  });
});

describe("alertmanager/alertmanager.yml", () => {
  it.each([
    ["a current Alertmanager", () => installedProgram("amtool")],
    ["Debian's", () => "amtool"],
  ])("is taken by %s", (_, program) => {
    const { status, said } = run(program(), "check-config", inRepository("alertmanager/alertmanager.yml"));
    expect(said).toContain("SUCCESS");
    expect(status).toBe(0);
  });
});
