import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { alertAnswer, alertsAnswer, noDataAlert } from "../testing/alerts.ts";
import { busySnapshot, emptySnapshot, known, notKnown } from "../testing/snapshots.ts";
import { EventLog } from "./events.ts";
import { renderView, type View } from "./render.ts";
import type { Snapshot } from "./snapshot.ts";
import { paintFor } from "./style.ts";

const view = (snapshot: Snapshot | undefined, over: Partial<View> = {}): View => ({
  title: "top",
  endpoint: "http://127.0.0.1:9480",
  snapshot,
  away: undefined,
  events: [{ timeMs: 0, text: "something happened" }],
  nowMs: Date.parse("2026-01-02T03:04:06Z"),
  ...over,
});
const plain = paintFor(false);
// biome-ignore lint/suspicious/noControlCharactersInRegex: that is what a colour code begins with
const codes = /\x1b\[\d+m/g;

describe("the view", () => {
  it("shows rates with counts, percentiles with their error, money and health in 80 x 24", () => {
    const lines = renderView(view(busySnapshot()), { columns: 80, rows: 24 }, plain);
    const text = lines.join("\n");
    expect(lines.length).toBeLessThanOrEqual(24);
    expect(Math.max(...lines.map(({ length }) => length))).toBeLessThanOrEqual(80);
    expect(text).toMatch(/Trades +128\.5\/min {2}42 in 60 s +in all: 1,234,567 ok, 12 failed/);
    expect(text).toMatch(/success +99\.5 % {2}of 42 +95 %: 98\.1 to 99\.9 %/);
    expect(text).toMatch(/failed +in all: insufficient funds 10, expired 2$/m);
    expect(text).toMatch(/services to +questdb up, 4 connections {3}redis DOWN$/m);
    expect(text).toMatch(/slippage ok +– {2}no trades with a quoted/);
    expect(text).toMatch(/trade\.execute +1\.00 ms +10\.0 ms +100 ms +1,000 ms\* +42 +±0\.20 %/);
    expect(text).toMatch(/Money +-\$1,234\.50/);
    expect(text).toContain("0.001124 SOL of priority fees, 1,124,178 lamports");
    expect(text).toContain("breaker half-open, 3 open positions");
    expect(text).toMatch(/trading-desk +123,456 +1 +2 +3 +99\.99 %/);
    expect(text).toMatch(/statistics +cover 99\.99 %, 12 spans missing: trading-desk a-1 5,012 to 5,021/);
    expect(text).toContain("redis DOWN, 14 waiting, 2 dropped");
    expect(text).toContain("something happened");
    expect(lines.at(-1)).toContain("metrics http://127.0.0.1:9480/metrics");
  });

  it("counts no calls if it is not known how many there were", () => {
    const snapshot = busySnapshot();
    const latency = {
      series: ["0.5", "0.95", "0.99", "0.999"].map((quantile) => ({
        ...notKnown("no data from any service in the last 60 s"),
        labels: { operation: "trade.execute", quantile },
      })),
    };
    const current = { ...snapshot.current, statistics: { ...snapshot.current.statistics, latency } };
    const lines = renderView(view({ ...snapshot, current }), { columns: 80, rows: 24 }, plain);
    expect(lines.find((line) => line.startsWith("trade.execute"))).toMatch(/^trade\.execute( +–){5} *$/);
  });

  it("leaves the address to the last line if the first has no room for it, and cuts no word of the desks", () => {
    const snapshot = busySnapshot();
    const readiness = { ...snapshot.readiness, desks: { others: 11 } };
    const title = "top, desk a-desk-with-a-long-name";
    const lines = renderView(view({ ...snapshot, readiness }, { title }), { columns: 80, rows: 24 }, plain);
    expect(lines[0]).toMatch(/^Slipstream top, desk a-desk-with-a-long-name +data up to .* UTC$/);
    expect(lines.join("\n")).toMatch(/^desks +12 desks in all: .* lists them$/m);
    expect(lines.at(-1)).toContain("http://127.0.0.1:9480");
  });

  it("shows what fires first, and still what happened lately", () => {
    const alerts = alertsAnswer(
      alertAnswer({ occurrence: 2 }),
      alertAnswer({ id: "slow", severity: "warning", state: "pending" }),
      noDataAlert,
    );
    for (const rows of [24, 40, 60]) {
      const lines = renderView(view({ ...busySnapshot(), alerts }), { columns: 80, rows }, plain);
      expect(lines.length).toBeLessThanOrEqual(rows);
      expect(lines[2]).toMatch(/^Alerts +1 alert firing, 1 pending, 1 without data/);
      expect(lines[3]).toMatch(/^ +CRITICAL node-latency-critical for 35 s, now 245ms, occurrence 2$/);
      if (rows > 24) {
        expect(lines[4]).toMatch(/^ +pending +slow/);
        expect(lines.join("\n")).toContain("something happened");
      } else expect(lines[2]).toContain("; 1 more: slipstream alerts");
    }
    const calm = renderView(
      view({ ...busySnapshot(), alerts: alertsAnswer() }),
      { columns: 80, rows: 40 },
      plain,
    );
    expect(calm[2]).toMatch(/^Alerts +no alert firing$/);
  });

  it("says that a sink has another writer, and not that it is down", () => {
    const snapshot = busySnapshot();
    const redis = { up: false, queueItems: 0, dropped: 0, writer: { held: false } };
    const readiness = { ...snapshot.readiness, sinks: { redis } };
    const lines = renderView(view({ ...snapshot, readiness }), { columns: 80, rows: 24 }, plain);
    expect(lines.join("\n")).toMatch(/^sinks .* redis has another writer$/m);
  });

  it("marks and colours what is beyond its target, and nothing else", () => {
    const snapshot = busySnapshot();
    const { statistics } = snapshot.current;
    const latency = (operation: string, value: number) =>
      ["0.5", "0.95", "0.99", "0.999"].map((quantile) => ({
        ...known(value),
        labels: { operation, quantile },
      }));
    const shown = (over: typeof statistics, size = { columns: 80, rows: 24 }) => {
      const of = { ...snapshot, current: { ...snapshot.current, statistics: { ...statistics, ...over } } };
      return {
        text: renderView(view(of), size, plain).join("\n"),
        painted: renderView(view(of), size, paintFor(true)).join("\n"),
      };
    };
    const bad = shown({
      success_rate: known(88),
      slippage_accuracy: known(89.9),
      node_error_rate: known(2.5),
      mev_avoidance_rate: known(72.3),
      mev_loss_usd: known(1_234.5),
      latency: { series: [...latency("trade.execute", 101), ...latency("solana.rpc", 245)] },
    });
    for (const value of ["!88.0 %", "!89.9 %", "!2.5 %", "!72.3 %", "!101 ms", "!245 ms"]) {
      expect(bad.text).toContain(value);
      expect(bad.painted).toMatch(new RegExp(`\\x1b\\[31m *${value}`));
    }
    expect(bad.text).toContain("MEV lost $1,234.50, avoided !72.3 %");
    // Of the percentiles, only the one that the target is for.
    expect(bad.text.match(/!\d+ ms/g)).toHaveLength(2);
    const good = shown({
      success_rate: known(90),
      slippage_accuracy: known(90),
      node_error_rate: known(1),
      mev_avoidance_rate: known(80),
      latency: { series: [...latency("trade.execute", 100), ...latency("solana.rpc", 200)] },
    });
    expect(good.text).not.toMatch(/!\d/);
    expect(good.text).toContain("! beyond target");
  });

  it("shows trades by pair if there is room, or by what is asked for, the most first", () => {
    const shown = (rows: number, by?: "pair" | "strategy") =>
      renderView(view(busySnapshot(), { by }), { columns: 80, rows }, plain).join("\n");
    expect(shown(24)).not.toContain("BONK/SOL");
    expect(renderView(view(busySnapshot()), { columns: 120, rows: 60 }, plain).join("\n")).toMatch(
      /SOL\/USDC +3,002 +-\$12\.50 +99\.5 % +– +41\.5 ms\*\n +BONK\/SOL +2,001 +– +!88\.0 % +– +–\s+failed: expired 2\n +other +1,000 +–/,
    );
    // Totals on one side, the last minutes on the other.
    expect(shown(60)).toMatch(/^By pair +in all +last 5 min\n +trades +PnL +success +p50 +p99$/m);
    expect(shown(24)).toMatch(/^\* few samples {2}! beyond target/m);
    expect(shown(24, "pair")).toMatch(/SOL\/USDC +3,002/);
    expect(shown(60, "strategy")).not.toContain("SOL/USDC");
  });

  it("shows calls by service with trades by service", () => {
    const shown = (by: "pair" | "service") =>
      renderView(view(busySnapshot(), { by }), { columns: 80, rows: 40 }, plain).join("\n");
    expect(shown("service")).toMatch(
      /^Calls +last 5 min +node p99 +Jupiter p99 +database p99 +node errors$/m,
    );
    expect(shown("service")).toMatch(/^ +trading-desk +!245 ms\* +– +9\.00 ms +!2\.5 %$/m);
    expect(shown("pair")).not.toContain("Calls");
  });

  it("names the reasons that trades fail for most, and sums the rest", () => {
    const snapshot = busySnapshot();
    const reasons = ["a", "b", "c", "d", "e", "f"].map((reason, i) => ({
      ...known(i + 1, { since: "2026-01-02T01:02:03.000Z" }),
      labels: { reason },
    }));
    const statistics = { ...snapshot.current.statistics, trade_failures: { series: reasons } };
    const of = { ...snapshot, current: { ...snapshot.current, statistics } };
    expect(renderView(view(of), { columns: 80, rows: 24 }, plain).join("\n")).toMatch(
      /^failed +since 01:02:03: f 6, e 5, d 4, c 3, others 3$/m,
    );
  });

  it("says since when totals count", () => {
    const snapshot = busySnapshot();
    const shown = (since: string) => {
      const trades = { series: [{ ...known(5), labels: { status: "success" }, since }] };
      const current = { ...snapshot.current, statistics: { ...snapshot.current.statistics, trades } };
      return renderView(view({ ...snapshot, current }), { columns: 80, rows: 24 }, plain).join("\n");
    };
    expect(shown("2026-01-02T01:02:03.000Z")).toContain("since 01:02:03: 5 ok");
    expect(shown("2025-12-31T01:02:03.000Z")).toContain("since 2025-12-31: 5 ok");
  });

  it("says what is not known, and shows no 0 for it", () => {
    const lines = renderView(view(emptySnapshot()), { columns: 80, rows: 24 }, plain);
    expect(lines.join("\n")).toMatch(/^statistics +coverage not known: no spans yet$/m);
    expect(lines.join("\n")).toContain("no data yet");
    expect(lines.join("\n")).toContain("no spans yet");
    expect(lines.join("\n")).toContain("no data from any service yet");
    expect(lines.slice(2, 5).join("")).not.toMatch(/\b0\b/);
  });

  it("says when the aggregator is away", () => {
    const away = view(undefined, { away: "No aggregator answers" });
    expect(renderView(away, { columns: 80, rows: 24 }, plain).join("\n")).toContain("No aggregator answers");
    expect(renderView(view(undefined), { columns: 80, rows: 24 }, plain)[1]).toBe("connecting ...");
  });

  it("fits any terminal, with colours or without", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 200 }),
        fc.integer({ min: 1, max: 80 }),
        fc.constantFrom(busySnapshot(), emptySnapshot(), undefined),
        (columns, rows, snapshot) => {
          const painted = renderView(view(snapshot), { columns, rows }, paintFor(true));
          const lines = renderView(view(snapshot), { columns, rows }, plain);
          expect(painted.map((line) => line.replaceAll(codes, ""))).toEqual(lines);
          expect(lines.length).toBeLessThanOrEqual(rows);
          for (const line of lines) expect(line.length).toBeLessThanOrEqual(columns);
        },
      ),
    );
  });
});

describe("recent events", () => {
  it("are what changed between two snapshots", () => {
    const log = new EventLog();
    expect(log.follow(emptySnapshot())).toEqual([]);
    expect(log.follow(busySnapshot()).map(({ text }) => text)).toEqual([
      "circuit breaker: half-open",
      "first data of trading-desk",
      "first data of other",
      "redis takes no writes: ECONNREFUSED",
    ]);
    expect(log.follow(busySnapshot())).toEqual([]);
    expect(log.events).toHaveLength(4);
  });

  it("of one topic take one place, where the newest of them is", () => {
    const log = new EventLog();
    log.add("the chain can be read", 1, "chain");
    log.add("sandwiched", 2);
    log.add("the chain cannot be read", 3, "chain");
    expect(log.events.map(({ text }) => text)).toEqual(["sandwiched", "the chain cannot be read"]);
  });

  it("are bounded, and not repeated within a minute", () => {
    const log = new EventLog();
    for (let i = 0; i < 100; i++) log.add("the same", i);
    expect(log.events).toHaveLength(1);
    for (let i = 0; i < 100; i++) log.add(`another ${i}`, i);
    expect(log.events).toHaveLength(50);
  });
});
