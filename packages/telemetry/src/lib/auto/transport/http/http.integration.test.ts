import { serviceNodes } from "@slipstream/testing/service-nodes";
import { beforeAll, describe, expect, it } from "vitest";
import { runsOf } from "../../../../testing/transport/runs.ts";
import type { CasesRun } from "../../../../testing/transport/start-cases.ts";

const { run, at } = runsOf("http-cases.main");
const text = JSON.stringify({ jsonrpc: "2.0", id: 1, result: { value: "löopback 🚀", slot: 7 } });

describe.each(serviceNodes)("node:http on Node %s", (version) => {
  let plain: CasesRun;
  let observed: CasesRun;
  beforeAll(async () => {
    plain = await run(version, false);
    observed = await run(version, true);
  });

  it("behaves as without, and so do axios and node-fetch", () => {
    expect(Object.keys(plain.outcomes).length).toBeGreaterThan(50);
    expect(observed.outcomes).toEqual(plain.outcomes);
    expect({ code: observed.code, stderr: observed.stderr }).toEqual({ code: 0, stderr: plain.stderr });
  });

  it("is followed to the end of each request, once", () => {
    const { seen, problems } = observed;
    expect(seen.filter(({ end }) => end === undefined)).toEqual([]);
    expect(problems).toEqual([]);
    expect(at(seen, "/connection")).toHaveLength(20);
    expect(at(seen, "/upgrade")).toEqual([]);
  });

  it("gives the bodies of both ways as text", () => {
    const { seen } = observed;
    // The service's own gzip, axios', and node-fetch's.
    expect(at(seen, "/gzip").map(({ answer }) => answer)).toEqual([text, text, text]);
    const sent = at(seen, "/echo").map(({ body, sent, answer }) => [body ?? sent, answer]);
    expect(sent.slice(0, 6)).toEqual([
      ['{"a":"ü"}', '{"a":"ü"}'],
      ['{"written":"ü"}', '{"written":"ü"}'],
      ["onetwothree", "onetwothree"],
      ["ab", "ab"],
      ["abc", "abc"],
      ["onetwo", "onetwo"],
    ]);
    expect(at(seen, "/big").map(({ answer, end }) => [answer, end])).toEqual([[undefined, "ended"]]);
  });

  it("tells a decision of the service from a failure", () => {
    const ends = at(observed.seen, "/hang").map(({ end, error }) => [end, error]);
    expect(ends).toEqual([
      ["aborted", "Error: socket hang up"],
      ["failed", "RangeError: too slow for us"],
      ["aborted", "Error: socket hang up"],
      ["aborted", "AbortError: The operation was aborted"],
      ["failed", "AbortError: The operation was aborted"],
      ["failed", "Error: socket hang up"],
      ["failed", "AxiosError: timeout of 30ms exceeded"],
      ["aborted", expect.stringContaining("CanceledError")],
      ["aborted", "Error: socket hang up"],
    ]);
    expect(at(observed.seen, "/hang-in-body").map(({ end }) => end)).toEqual(["aborted", "aborted", "ended"]);
    expect(at(observed.seen, "/reset-in-body").map(({ end }) => end)).toEqual(["failed", "failed"]);
  });
});

it("an observer that fails changes nothing, and is told of once", async () => {
  const plain = await run("current", false);
  const broken = await run("current", true, { BREAK: "followers", ADD_HEADERS: "1" });
  const { "get with a URL and options": headers, ...outcomes } = broken.outcomes;
  const { "get with a URL and options": _, ...before } = plain.outcomes;
  expect(outcomes).toEqual(before);
  expect(JSON.stringify(headers)).toContain("00-1-2-01");
  expect(broken.problems).toHaveLength(1);
});
