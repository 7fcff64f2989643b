import { serviceNodes } from "@slipstream/testing/service-nodes";
import { beforeAll, describe, expect, it } from "vitest";
import type { Seen } from "../../../../testing/transport/observe.main.ts";
import { runsOf } from "../../../../testing/transport/runs.ts";
import type { CasesRun } from "../../../../testing/transport/start-cases.ts";

const { run, at } = runsOf("fetch-cases.main");

const answersAt = (seen: readonly Seen[], path: string): unknown[] =>
  at(seen, path).map(({ answer }) => answer);
const endsAt = (seen: readonly Seen[], path: string): unknown[] => at(seen, path).map(({ end }) => end);
const value = { jsonrpc: "2.0", id: 1, result: { value: "löopback 🚀", slot: 7 } };

describe.each(serviceNodes)("fetch on Node %s", (version) => {
  let plain: CasesRun;
  let observed: CasesRun;
  beforeAll(async () => {
    plain = await run(version, false);
    observed = await run(version, true);
  });

  it("behaves as without", () => {
    expect(Object.keys(plain.outcomes).length).toBeGreaterThan(80);
    expect(observed.outcomes).toEqual(plain.outcomes);
    expect({ code: observed.code, stderr: observed.stderr }).toEqual({ code: 0, stderr: plain.stderr });
  });

  it("is followed to the end of each request", () => {
    const { seen } = observed;
    expect(seen.length).toBeGreaterThan(140);
    expect(seen.filter(({ end }) => end === undefined)).toEqual([]);
    expect(seen.filter(({ transport }) => transport !== "fetch")).toEqual([]);
    // One getter of the service throws, in the service's own call too.
    expect(observed.problems).toHaveLength(1);
  });

  it("gives the body as the service read it, whatever its coding", () => {
    const { seen } = observed;
    expect([answersAt(seen, "/gzip"), answersAt(seen, "/deflate")]).toEqual([[value], [value]]);
    expect(answersAt(seen, "/br")).toEqual([JSON.stringify(value)]);
    expect(answersAt(seen, "/slow-parts")).toContain("part 4;part 3;part 2;part 1;part 0;");
    expect(answersAt(seen, "/big")).toEqual([undefined, undefined, undefined]);
    expect(answersAt(seen, "/json")).toContainEqual(value);
  });

  it("gives the body that was sent, if it is text or bytes", () => {
    const sent = at(observed.seen, "/echo").map(({ method, body, bodyKnown }) => [method, body, bodyKnown]);
    expect(sent.slice(0, 5)).toEqual([
      ["POST", '{"a":"ü"}', true],
      ["POST", "bytes", true],
      ["POST", "AB", true],
      ["POST", undefined, false],
      ["POST", undefined, true],
    ]);
    expect(sent).toContainEqual(["PUT", "new", true]);
  });

  it("tells a decision of the service from a failure", () => {
    const { seen } = observed;
    expect(endsAt(seen, "/hang").sort()).toEqual([...Array(4).fill("aborted"), ...Array(2).fill("failed")]);
    expect(endsAt(seen, "/hang-in-body")).toEqual(["ended", "aborted", "aborted", "failed"]);
    expect(at(seen, "/reset-in-body").map(({ status, end }) => [status, end])).toEqual([
      [200, "failed"],
      [200, "failed"],
    ]);
    expect(endsAt(seen, "/reset")).toEqual(["failed"]);
    expect(at(seen, "/error").map(({ status, end }) => [status, end])).toEqual([[503, "ended"]]);
  });
});

it("adds headers where the service's own can be copied, and nowhere else", async () => {
  const { outcomes } = await run("current", true, { ADD_HEADERS: "1" });
  const sent = Object.entries(outcomes).flatMap(([name, outcome]) => {
    const { headers } = (outcome as { value?: { headers?: Record<string, string> } }).value ?? {};
    return headers === undefined ? [] : [[name, headers.traceparent, headers["x-one"]]];
  });
  expect(sent).toEqual([
    ["a Request without a body", undefined, undefined],
    ["headers of a record", "00-1-2-01", "1"],
    ["headers of pairs", "00-1-2-01", "1, 2"],
    ["headers of Headers", "00-1-2-01", "1"],
    ["options of a class", undefined, undefined],
    ["a method in small letters", "00-1-2-01", undefined],
  ]);
});

it.each(["started", "followers"])(
  "an observer that fails (%s) changes nothing, and is told of once",
  async (part) => {
    const plain = await run("current", false);
    const broken = await run("current", true, { BREAK: part });
    expect(broken.outcomes).toEqual(plain.outcomes);
    expect(broken.problems).toHaveLength(1);
  },
);
