import { gzipSync } from "node:zlib";
import { shippedRules } from "@slipstream/alerts";
import { completeOptions, emptyChain } from "@slipstream/engine";
import { expect, test } from "vitest";
import type { LogRecord, NewRecord } from "../log.ts";
import { positionOf } from "../position.ts";
import { errorOf } from "../testing/folder.ts";
import { alert } from "./alert.ts";
import { chain } from "./chain.ts";
import { decodeRecord, isStanding } from "./decode-record.ts";
import { metrics } from "./metrics.ts";
import { options } from "./options.ts";
import { newRecord, type RecordKind } from "./record-kind.ts";
import { recordKinds } from "./record-kinds.ts";
import { rules } from "./rules.ts";
import { self } from "./self.ts";
import { tick } from "./tick.ts";
import { traces } from "./traces.ts";

const json = (text: string, compression: "none" | "gzip" = "none") => ({
  format: "json" as const,
  compression,
  body: compression === "gzip" ? gzipSync(text) : Buffer.from(text),
});

const at = (record: NewRecord, position = 7): LogRecord => ({ ...record, position: positionOf(position) });

const seen = {
  sinks: [{ name: "redis", up: false, lagSeconds: null }],
  blocksReadable: null,
  log: { bytes: 5, mostBytes: 100 },
  disk: null,
  benchmarks: 2,
};

const asked = {
  command: {
    command: "silence",
    id: "7",
    matchers: [{ label: "pair", operator: "=~", value: "SOL/.*" }],
    untilMs: 9,
    by: "ann",
    comment: "",
  },
  desk: "beta",
} as const;

test("a record of each kind is read as it was written", () => {
  const batches = [
    newRecord(traces, 5, json('{"resourceSpans":[]}', "gzip")),
    newRecord(metrics, 5, json('{"resourceMetrics":[]}')),
    newRecord(tick, 5, undefined),
    newRecord(options, 5, completeOptions({})),
    newRecord(chain, 5, { ...emptyChain, finalized: 3 }),
    newRecord(self, 5, seen),
    newRecord(rules, 5, shippedRules()),
    newRecord(alert, 5, asked),
  ].map((record) => decodeRecord(at(record)));
  expect(batches.every(({ receivedMs }) => receivedMs === 5)).toBe(true);
  expect(batches.map(({ batch }) => batch.kind)).toEqual(recordKinds.map(({ name }) => name));
  expect(batches[3]?.batch).toEqual({ kind: "options", options: completeOptions({}) });
  expect(batches[4]?.batch).toEqual({ ...emptyChain, finalized: 3 });
  expect(batches[5]?.batch).toEqual({ kind: "self", ...seen });
  expect(batches[6]?.batch).toEqual({ kind: "rules", rules: shippedRules() });
  expect(batches[7]?.batch).toEqual({ kind: "alert", ...asked });
});

test("kinds have names of their own, in which no layout can be mistaken for a name", () => {
  const names = recordKinds.map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
  expect(names.join("")).not.toContain("@");
});

/** The tick of a later version, which also says how long the silence was. */
const laterTick: RecordKind<number> = {
  ...tick,
  layout: 2,
  encode: (silenceMs) => ({ format: null, compression: null, body: Buffer.from(String(silenceMs)) }),
  decode: ({ body }, layout) => ({ kind: "tick", silenceMs: layout === 1 ? 0 : Number(body) }) as never,
};

test("a newer layout of a kind reads the older ones; an older program does not take it for its own", async () => {
  const [older, newer] = [at(newRecord(tick, 5, undefined)), at(newRecord(laterTick, 5, 42))];
  expect(decodeRecord(older, [laterTick]).batch).toMatchObject({ silenceMs: 0 });
  expect(decodeRecord(newer, [laterTick]).batch).toMatchObject({ silenceMs: 42 });
  expect(await errorOf(() => decodeRecord(newer))).toMatchObject({ code: "log_newer" });
});

test.each(["silence", "tick@2", "tick@x", "tick@0", "@2", ""])(
  "a record of kind %j was written by a newer version: where, and what to do",
  async (kind) => {
    const record = at({ ...newRecord(tick, 5, undefined), kind });
    for (const read of [() => decodeRecord(record), () => isStanding(record)]) {
      const { code, message } = await errorOf(read);
      expect(code).toBe("log_newer");
      expect(message).toContain("written by a newer version of Slipstream, at position 7");
      expect(message).toContain("run that version, or ");
      expect(message).not.toMatch(/corrupt|damage/);
    }
  },
);

test.each([
  ["a format that nobody wrote", { ...newRecord(traces, 5, json("{}")), format: "avro" }],
  ["a compression that nobody wrote", { ...newRecord(traces, 5, json("{}")), compression: "br" }],
  ["a body that is none", newRecord(metrics, 5, json("{"))],
  [
    "a silence with what is no regular expression",
    newRecord(alert, 5, {
      command: { ...asked.command, matchers: [{ label: "pair", operator: "=~", value: "(" }] },
    }),
  ],
  ["options that are none", { ...newRecord(tick, 5, undefined), kind: "options", body: Buffer.from("[]") }],
])("%s: the position, and the reason", async (_, record) => {
  const { code, message } = await errorOf(() => decodeRecord(at(record)));
  expect(code).toBe("log_undecodable");
  expect(message).toContain("at position 7");
});
