import { expect, test } from "vitest";
import { DeliveryReports, type Trouble } from "./delivery-reports.ts";

const refusedConnection: Trouble = { kind: "unavailable", message: "connect ECONNREFUSED", lost: false };
const unauthorized: Trouble = { kind: "401", message: "the receiver answered 401", lost: false };
const wrongPath: Trouble = { kind: "404", message: "the receiver answered 404", lost: true };

function reporting(endpointIsDefault = false) {
  const lines: string[] = [];
  let nowMs = 0;
  const reports = new DeliveryReports({
    subject: "telemetry of desk to http://here",
    endpointIsDefault,
    queueBytes: 64 * 2 ** 20,
    onProblem: (line) => lines.push(line),
    onRecovery: (line) => lines.push(line),
    now: () => nowMs,
  });
  return {
    lines,
    reports,
    pass: (ms: number) => {
      nowMs += ms;
    },
  };
}

test("an outage is one line, and its end another", () => {
  const { reports, lines, pass } = reporting();
  for (let i = 0; i < 100; i += 1) {
    reports.fails("traces", refusedConnection);
    reports.fails("metrics", { ...refusedConnection, message: "no answer within 10000 ms" });
    reports.dropped(10, "the queue is full");
    pass(1_000);
  }
  expect(lines).toEqual([
    "Cannot send telemetry of desk to http://here: connect ECONNREFUSED. Up to 64 MiB are kept in memory and retried.",
  ]);
  reports.works("metrics");
  reports.works("traces");
  expect(lines.slice(1)).toEqual([
    expect.stringMatching(
      /^Sending telemetry of desk to http:\/\/here works again\. Lost meanwhile: 990 spans$/,
    ),
  ]);
});

test("a hiccup is not reported, and one that lasts is", () => {
  const { reports, lines, pass } = reporting();
  reports.fails("traces", refusedConnection);
  pass(100);
  reports.fails("traces", refusedConnection);
  pass(100);
  reports.works("traces");
  expect(lines).toEqual([]);
  reports.fails("traces", refusedConnection, 10_000);
  expect(lines).toHaveLength(1);
});

test("a receiver that asks to wait is reported at once", () => {
  const { reports, lines } = reporting();
  reports.fails("traces", { ...refusedConnection, lasting: true });
  expect(lines).toHaveLength(1);
});

test("another cause is reported, and says whether data is lost", () => {
  const { reports, lines, pass } = reporting(true);
  for (let i = 0; i < 4; i += 1) reports.fails("traces", refusedConnection);
  pass(10_000);
  reports.fails("traces", unauthorized);
  for (let i = 0; i < 60; i += 1) {
    reports.fails("traces", wrongPath);
    pass(1_000);
  }
  expect(lines).toEqual([
    expect.stringContaining("(the default; OTEL_EXPORTER_OTLP_ENDPOINT sets another)"),
    expect.stringContaining("401"),
    expect.stringMatching(/404.*is lost/),
  ]);
});

test("a receiver that comes and goes all day is no flood", () => {
  const { reports, lines, pass } = reporting();
  const seconds = 86_400;
  for (let second = 0; second < seconds; second += 1) {
    const down = Math.floor(second / 7) % 2 === 0;
    for (const signal of ["traces", "metrics"]) {
      if (down) reports.fails(signal, refusedConnection);
      else reports.works(signal);
    }
    pass(1_000);
  }
  expect(lines.length).toBeLessThanOrEqual(2 * 24);
  expect(lines.length).toBeGreaterThanOrEqual(2);
});

test("what is lost of single requests is reported once an hour", () => {
  const { reports, lines, pass } = reporting();
  for (let minute = 0; minute < 90; minute += 1) {
    reports.fault("traces rejected", "3 spans without an id");
    pass(60_000);
  }
  expect(lines).toHaveLength(2);
});

test("the end of the process says what is lost, and why if the outage was not reported", () => {
  const { reports, lines } = reporting();
  reports.fails("traces", refusedConnection);
  reports.endsWith(5);
  expect(lines).toEqual([
    "Cannot send telemetry of desk to http://here: connect ECONNREFUSED. Lost: up to 5 spans.",
  ]);
});

test("the end of a process in an outage says how many spans the outage cost in all", () => {
  const { reports, lines } = reporting();
  for (let i = 0; i < 5; i += 1) reports.fails("traces", refusedConnection);
  reports.dropped(10, "the queue is full");
  reports.endsWith(5);
  expect(lines.slice(1)).toEqual([
    "Lost: up to 15 spans, because sending telemetry of desk to http://here did not work to the end",
  ]);
});

test("spans that were refused to the end are counted as well", () => {
  const { reports, lines } = reporting();
  for (let i = 0; i < 4; i += 1) {
    reports.fails("traces", wrongPath);
    reports.refused(2);
  }
  reports.endsWith(0);
  expect(lines.slice(1)).toEqual([expect.stringMatching(/^Lost: up to 8 spans/)]);
});

test("the end says nothing of an outage that is over, or of one that cost nothing", () => {
  const { reports, lines } = reporting();
  for (let i = 0; i < 4; i += 1) reports.fails("metrics", refusedConnection);
  reports.endsWith(0);
  reports.dropped(10, "the queue is full");
  reports.works("metrics");
  expect(lines.slice(1)).toEqual([expect.stringContaining("Lost meanwhile: 10 spans")]);
  reports.endsWith(0);
  expect(lines).toHaveLength(2);
});
