import { expect, test } from "vitest";
import { outcomeOf } from "./outcome.ts";
import type { Answer } from "./send.ts";

const NOW = Date.UTC(2026, 10, 29, 12);

const answer = (status: number, headers: Answer["headers"] = {}, body = ""): Answer => ({
  kind: "answer",
  status,
  headers,
  body,
  bytes: Buffer.from(body),
  isWhole: true,
});

test.each([
  [[200, 201, 202, 204], "delivered"],
  [[300, 301, 302, 303, 304, 307, 308, 408, 425, 429, 500, 502, 503, 504, 599], "failed"],
  [[401, 403, 404, 405, 407, 410], "parked"],
  [[400, 413, 415, 422, 451], "refused"],
] as const)("%j: %s", (statuses, outcome) => {
  expect(statuses.map((status) => outcomeOf(answer(status), []).outcome)).toEqual(
    statuses.map(() => outcome),
  );
});

test("a redirect to a login page parks, and shows no path", () => {
  const to = (location: string): unknown => outcomeOf(answer(302, { location }), []);
  expect(to("https://sso.desk.example/saml?RelayState=abc")).toMatchObject({ outcome: "parked" });
  expect(to("/login?next=%2Fhook")).toMatchObject({ outcome: "parked" });
  expect(to("https://accounts.example/signin")).toMatchObject({ outcome: "parked" });
  expect(to("https://other.example/T0/secret")).toEqual({
    outcome: "failed",
    reason: "it answered 302: a redirect to other.example, which is not followed",
  });
  expect(to("/moved/secret")).toEqual({
    outcome: "failed",
    reason: "it answered 302: a redirect, which is not followed",
  });
});

test.each([
  ["120", 120_000],
  ["0", 0],
  [" 1.5 ", 1_500],
  ["Sun, 29 Nov 2026 12:01:00 GMT", 60_000],
  ["Sun, 29 Nov 2026 11:00:00 GMT", 0],
  ["999999999", 86_400_000],
])("waits as long as it is told to: Retry-After: %s", (value, afterMs) => {
  for (const status of [429, 503])
    expect(outcomeOf(answer(status, { "retry-after": value }), [], NOW)).toMatchObject({
      outcome: "failed",
      afterMs,
    });
});

test.each([undefined, "", "soon", "-5", "1e3", "NaN", "2026"])(
  "what is no Retry-After is none: %s",
  (value) => {
    const headers: Answer["headers"] = value === undefined ? {} : { "retry-after": value };
    const outcome = outcomeOf(answer(429, headers), [], NOW);
    expect(outcome).not.toHaveProperty("afterMs", Number.NaN);
    if (value !== "2026") expect(outcome).not.toHaveProperty("afterMs");
  },
);

test("repeats what the receiver says, on one short line, without secrets", () => {
  const said = (body: string, secrets: readonly string[] = []): string =>
    (outcomeOf(answer(400, {}, body), secrets) as { readonly reason: string }).reason;
  expect(said("no\n\tsuch   field\u001b[2J")).toBe("it answered 400: no such field [2J");
  expect(said("<!doctype html><title>Oops</title>")).toBe("it answered 400");
  expect(said("")).toBe("it answered 400");
  expect(said("a".repeat(1_000)).length).toBeLessThan(250);
  expect(said(`${"a".repeat(199)}😀`)).toBe(`it answered 400: ${"a".repeat(199)}...`);
  // Cut after it is hidden: no half of it stays.
  const secret = "s3cr3t/+key=";
  for (const form of [secret, encodeURIComponent(secret), JSON.stringify({ secret })])
    expect(said(`${"a".repeat(194)}${form}`, [secret])).not.toContain("s3c");
});
