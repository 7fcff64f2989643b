import { AlertBook, MOST_SILENCES, shippedRules } from "@slipstream/alerts";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type HttpServer, startServer } from "../server/server.ts";
import { acknowledgeRoute, alertsRoute } from "./alerts.ts";
import type { ApiAlerts } from "./api-alerts.ts";
import { expireRoute, silenceRoute, silencesRoute } from "./silences.ts";

const ID = "sink-failing:sink=redis";
const text = { title: "", lines: [], evidence: [], links: [] };

let nowMs: number;
let book: AlertBook;
let server: HttpServer;
/** Fails the next command, as a log on a full disk does. */
let failure: Error | undefined;

beforeEach(async () => {
  nowMs = Date.parse("2026-11-29T12:00:00Z");
  failure = undefined;
  book = new AlertBook(() => text);
  book.setRules(shippedRules({}), nowMs);
  const alerts: ApiAlerts = {
    ofDesk: () => book,
    commit: async (command) => {
      if (failure !== undefined) throw failure;
      // Others ask meanwhile.
      await new Promise(setImmediate);
      book.command(command, nowMs);
    },
    digest: () => undefined,
  };
  const channels = () => ({
    hook: { type: "webhook", up: true, queueItems: 0, waitingSinceMs: null, outcomes: { delivered: 1 } },
  });
  const routes = [alertsRoute, acknowledgeRoute, silencesRoute, silenceRoute, expireRoute];
  server = await startServer({
    routes,
    context: { alerts, channels, now: () => nowMs },
    host: "127.0.0.1",
    port: 0,
  });
});
afterEach(() => server.close());

/** Lets the sinks be up or down for an hour. */
function sinks(states: Readonly<Record<string, string | null>>): void {
  const readings = Object.entries(states).map(([sink, value]) => {
    return { labels: { sink }, value, unit: "", count: 1, windowSeconds: null };
  });
  for (let minute = 0; minute < 60; minute += 1) {
    nowMs += 60_000;
    book.evaluate({ nowMs, eventMs: nowMs, catchingUp: false }, [{ rule: "sink-failing", readings }]);
  }
}

async function ask(
  method: string,
  path: string,
  body?: unknown,
  headers: Record<string, string> = { "content-type": "application/json" },
): Promise<{ status: number; body: Record<string, unknown> & { error?: Record<string, unknown> } }> {
  const sent = typeof body === "string" ? body : JSON.stringify(body);
  const init = { method, ...(body === undefined ? {} : { headers, body: sent }) };
  const response = await fetch(server.url + path, init);
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}

const acknowledge = (id: string, body?: unknown) =>
  ask("POST", `/api/alerts/${encodeURIComponent(id)}/acknowledge`, body);

describe("/api/alerts", () => {
  test("lists what fires first, with counts, rules and channels", async () => {
    sinks({ redis: "down", questdb: "up" });
    const { status, body } = await ask("GET", "/api/alerts");
    expect(status).toBe(200);
    expect(body).toMatchObject({
      alerts: expect.arrayContaining([
        expect.objectContaining({
          id: ID,
          labels: { sink: "redis" },
          state: "firing",
          value: "down",
          acknowledged: null,
        }),
      ]),
      states: { firing: 1, pending: 0 },
      rules: expect.arrayContaining([expect.objectContaining({ rule: "sink-failing", state: "firing" })]),
      channels: { hook: { up: true } },
    });
    const [first] = body.alerts as readonly { since: string; state: string }[];
    expect(first?.state).toBe("firing");
    expect(Date.parse(first?.since ?? "")).toBeGreaterThan(0);
  });
});

describe("an acknowledgement", () => {
  test("is of the alert that fires, and answered with it", async () => {
    sinks({ redis: "down" });
    const { status, body } = await acknowledge(ID, { by: "ana", comment: "on it" });
    expect(status).toBe(200);
    expect(body).toMatchObject({
      id: ID,
      acknowledged: { by: "ana", comment: "on it", at: expect.any(String) },
    });
  });

  test("needs no body", async () => {
    sinks({ redis: "down" });
    expect((await acknowledge(ID)).body).toMatchObject({ acknowledged: { by: "api", comment: "" } });
  });

  test("of another alert, of one that does not fire, or of another episode is refused", async () => {
    sinks({ redis: "down" });
    expect((await acknowledge("nothing")).body.error).toMatchObject({ code: "alert_unknown", field: "id" });
    expect(await acknowledge(ID, { episode: 7 })).toMatchObject({
      status: 409,
      body: { error: { code: "alert_not_firing", field: "episode" } },
    });
  });

  test("of a rule without data is refused", async () => {
    sinks({ redis: null });
    const [unknown] = book.view();
    expect(unknown?.state).toBe("no_data");
    expect((await acknowledge(unknown?.alert ?? "")).body.error).toMatchObject({
      code: "alert_not_firing",
      field: "id",
    });
  });

  test("that the log does not take is answered with an error, and changes nothing", async () => {
    sinks({ redis: "down" });
    failure = new Error("no room");
    expect((await acknowledge(ID)).status).toBe(500);
    expect(book.view().find(({ alert }) => alert === ID)?.acknowledged).toBeNull();
  });
});

describe("a silence", () => {
  const redis = [{ label: "sink", operator: "=", value: "redis" }];

  test("mutes what it matches until it ends or is ended", async () => {
    sinks({ redis: "down" });
    const made = await ask("POST", "/api/silences", {
      matchers: redis,
      duration: "2h",
      by: "ana",
      comment: "upgrade",
    });
    expect(made).toMatchObject({
      status: 201,
      body: {
        matchers: redis,
        by: "ana",
        comment: "upgrade",
        until: new Date(nowMs + 7_200_000).toISOString(),
      },
    });
    const { id } = made.body;
    expect((await ask("GET", "/api/silences")).body).toEqual({ silences: [made.body] });
    sinks({ redis: "down" });
    expect(book.view().find(({ alert }) => alert === ID)?.silencedBy).toBe(id);
    expect(await ask("DELETE", `/api/silences/${String(id)}`)).toMatchObject({ status: 200, body: { id } });
    expect(await ask("DELETE", `/api/silences/${String(id)}`)).toMatchObject({
      status: 404,
      body: { error: { code: "silence_unknown" } },
    });
    expect((await ask("GET", "/api/silences")).body).toEqual({ silences: [] });
  });

  test("takes its matchers as text, too", async () => {
    const made = await ask("POST", "/api/silences", {
      matchers: 'sink=redis, severity=~"warn.*"',
      duration: "2h",
    });
    expect(made.body.matchers).toEqual([...redis, { label: "severity", operator: "=~", value: "warn.*" }]);
    expect(
      (await ask("POST", "/api/silences", { matchers: "sink", duration: "2h" })).body.error,
    ).toMatchObject({
      code: "bad_body",
      field: "matchers",
      message: expect.stringContaining("at column"),
    });
  });

  test("can end at a time", async () => {
    const until = new Date(nowMs + 60_000).toISOString();
    expect((await ask("POST", "/api/silences", { matchers: redis, until })).body).toMatchObject({
      until,
      by: "api",
    });
  });

  test.each([
    [{ duration: "2h" }, "matchers"],
    [{ duration: "2h", matchers: [] }, "matchers"],
    [{ duration: "2h", matchers: [{ label: "sink", operator: "~", value: "x" }] }, "matchers.0.operator"],
    [{ duration: "2h", matchers: [{ label: "no label", operator: "=", value: "x" }] }, "matchers.0.label"],
    [{ duration: "2h", matchers: [{ label: "sink", operator: "=~", value: "(" }] }, "matchers.0.value"],
    [{ duration: "2h", matchers: [{ label: "sink", operator: "=~", value: "(a+)+" }] }, "matchers.0.value"],
    [{ duration: "2h", matchers: `sink=${"x".repeat(501)}` }, "matchers.0.value"],
    [{ duration: "2h", matchers: `${"x".repeat(101)}=redis` }, "matchers.0.label"],
    [{ matchers: redis }, "duration"],
    [{ matchers: redis, duration: "2h", until: "2026-12-01T00:00:00Z" }, "duration"],
    [{ matchers: redis, duration: "soon" }, "duration"],
    [{ matchers: redis, duration: "0s" }, "duration"],
    [{ matchers: redis, duration: "1000d" }, "duration"],
    [{ matchers: redis, until: "2020-01-01T00:00:00Z" }, "until"],
    [{ matchers: redis, until: "1" }, "until"],
    [{ matchers: redis, duration: "2h", comment: "x".repeat(2_000) }, "comment"],
  ])("%j is refused, and the field named: %s", async (body, field) => {
    expect(await ask("POST", "/api/silences", body)).toMatchObject({
      status: 400,
      body: { error: { code: "bad_body", field } },
    });
    expect(book.silences()).toEqual([]);
  });

  test.each([undefined, 7, "", []])(
    "with the matchers %j is refused, and says what is needed",
    async (matchers) => {
      const { body } = await ask("POST", "/api/silences", { duration: "2h", matchers });
      expect(body.error?.message).toMatch(/^matchers: needed is a list .* or a text such as pair=SOL\/USDC/);
    },
  );

  test("beyond the most that there may be is refused", async () => {
    for (let i = 0; i < 1_000; i += 1) {
      const each = {
        command: "silence",
        id: `s${i}`,
        matchers: [],
        untilMs: nowMs + 60_000,
        by: "",
        comment: "",
      } as const;
      book.command(each, nowMs);
    }
    expect(await ask("POST", "/api/silences", { matchers: redis, duration: "2h" })).toMatchObject({
      status: 409,
      body: { error: { code: "too_many_silences" } },
    });
  });

  test("that others left no room for while it was written is refused", async () => {
    const made = Array.from({ length: MOST_SILENCES + 10 }, () =>
      ask("POST", "/api/silences", { matchers: redis, duration: "2h" }),
    );
    const answers = await Promise.all(made);
    const ids = answers.flatMap(({ status, body }) => (status === 201 ? [body.id] : []));
    expect(ids.toSorted()).toEqual(
      book
        .silences()
        .map(({ id }) => id)
        .toSorted(),
    );
    expect(answers.filter(({ status }) => status === 409)).toHaveLength(10);
  });

  test("whose time is over before it is carried out is refused", async () => {
    const later = nowMs + 3_600_000;
    book.command({ command: "expire", id: "moves the time on" }, later);
    expect(await ask("POST", "/api/silences", { matchers: redis, duration: "30m" })).toMatchObject({
      status: 400,
      body: { error: { code: "bad_body", field: "duration" } },
    });
  });
});

describe("a body", () => {
  test("that is not JSON, too large, of another type or with unknown fields is refused", async () => {
    const path = "/api/silences";
    expect((await ask("POST", path, "{")).body.error).toMatchObject({ code: "bad_body" });
    expect((await ask("POST", path, "[]")).body.error).toMatchObject({ code: "bad_body" });
    expect((await ask("POST", path, { matcher: [] })).body.error?.message).toMatch("matcher");
    expect(await ask("POST", path, "x".repeat(70_000))).toMatchObject({ status: 413 });
    expect(await ask("POST", path, "{}", { "content-type": "text/plain" })).toMatchObject({ status: 415 });
  });

  test("of a page of another site is refused", async () => {
    const headers = { "content-type": "application/json", origin: "https://evil.example" };
    expect(await ask("POST", "/api/silences", {}, headers)).toMatchObject({
      status: 403,
      body: { error: { code: "origin_not_allowed" } },
    });
  });
});
