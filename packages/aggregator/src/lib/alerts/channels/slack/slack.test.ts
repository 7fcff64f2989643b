import { describe, expect, it } from "vitest";
import { channelOf, deadAddress, scriptedServer } from "../../testing/channel-test.ts";

const SECRET = "hunter2hunter2hunter2";
const PATH = `/services/T000/B000/${SECRET}`;

describe("a webhook of Slack", () => {
  it("gets blocks and a text, and answers ok", async () => {
    const server = await scriptedServer();
    const { send } = await channelOf({ type: "slack", url: `${server.url}${PATH}` });
    expect(await send()).toEqual({ outcome: "delivered" });
    expect(server.requests).toMatchObject([
      {
        path: PATH,
        body: {
          text: expect.stringContaining("[CRITICAL] High Node Latency Detected"),
          blocks: [{ type: "header" }, { type: "section" }, { type: "context" }],
        },
      },
    ]);
  });

  it.each([
    [403, "invalid_token", "parked"],
    [403, "action_prohibited", "parked"],
    [404, "channel_not_found", "parked"],
    [404, "no_service", "parked"],
    [410, "channel_is_archived", "parked"],
    [400, "user_not_found", "parked"],
    [500, "rollup_error", "failed"],
    [503, "<html>busy</html>", "failed"],
    [400, "no_text", "refused"],
  ])("that answers %i %s is %s", async (status, body, outcome) => {
    const server = await scriptedServer();
    server.answer({ status, body });
    const { send } = await channelOf({ type: "slack", url: `${server.url}${PATH}` });
    expect(await send()).toMatchObject({ outcome, reason: expect.stringContaining(String(status)) });
  });

  it("is waited for as long as Retry-After says", async () => {
    const server = await scriptedServer();
    server.answer({ status: 429, headers: { "retry-after": "30" }, body: "rate_limited" });
    const { send } = await channelOf({ type: "slack", url: `${server.url}${PATH}` });
    expect(await send()).toMatchObject({ outcome: "failed", afterMs: 30_000 });
  });

  it("that refuses blocks gets the text alone", async () => {
    const server = await scriptedServer();
    server.answer({ status: 400, body: "invalid_blocks" }, { status: 200, body: "ok" });
    const { send } = await channelOf({ type: "slack", url: `${server.url}${PATH}` });
    expect(await send()).toEqual({ outcome: "delivered" });
    expect(Object.keys(server.requests[1]?.body ?? {})).not.toContain("blocks");
    expect(server.requests[1]?.body.text).toContain("Impact: Circuit breaker may activate");
  });

  it("has not delivered what a page of a proxy answered", async () => {
    const server = await scriptedServer();
    server.answer({ status: 200, body: "<html>Please log in</html>" });
    const { send } = await channelOf({ type: "slack", url: `${server.url}${PATH}` });
    expect(await send()).toMatchObject({ outcome: "failed" });
  });

  it("that redirects to a login is parked, and to anywhere else failed", async () => {
    const server = await scriptedServer();
    server.answer(
      { status: 302, headers: { location: "https://sso.example/login?next=1" } },
      { status: 307, headers: { location: `https://other.example${PATH}` } },
    );
    const { send } = await channelOf({ type: "slack", url: `${server.url}${PATH}` });
    expect((await send()).outcome).toBe("parked");
    const elsewhere = await send();
    expect(elsewhere.outcome).toBe("failed");
    expect(JSON.stringify(elsewhere)).not.toContain(SECRET);
  });
});

describe("a bot of Slack", () => {
  const bot = (apiUrl: string) =>
    channelOf({ type: "slack", token: SECRET, channel: "#alerts", apiUrl: `${apiUrl}/api/` });

  it("posts with its token", async () => {
    const server = await scriptedServer();
    server.answer({ status: 200, body: { ok: true, ts: "1" } });
    const { send } = await bot(server.url);
    expect(await send()).toEqual({ outcome: "delivered" });
    expect(server.requests).toMatchObject([
      {
        path: "/api/chat.postMessage",
        headers: { authorization: `Bearer ${SECRET}` },
        body: { channel: "#alerts", blocks: expect.anything() },
      },
    ]);
  });

  it.each([
    ["invalid_auth", "parked"],
    ["token_revoked", "parked"],
    ["account_inactive", "parked"],
    ["missing_scope", "parked"],
    ["channel_not_found", "parked"],
    ["not_in_channel", "parked"],
    ["is_archived", "parked"],
    ["something_new", "parked"],
    ["ratelimited", "failed"],
    ["internal_error", "failed"],
    ["fatal_error", "failed"],
    ["service_unavailable", "failed"],
    ["msg_too_long", "refused"],
    ["invalid_arguments", "refused"],
  ])("that gets ok: false and %s is %s", async (error, outcome) => {
    const server = await scriptedServer();
    server.answer({ status: 200, body: { ok: false, error } });
    const { send } = await bot(server.url);
    expect(await send()).toMatchObject({ outcome, reason: expect.stringContaining(error) });
  });

  it("whose blocks are too long sends the text alone", async () => {
    const server = await scriptedServer();
    server.answer(
      { status: 200, body: { ok: false, error: "msg_blocks_too_long" } },
      { status: 200, body: { ok: true } },
    );
    const { send } = await bot(server.url);
    expect(await send()).toEqual({ outcome: "delivered" });
  });
});

describe("the secret of a channel to Slack", () => {
  it("is in no reason, whatever fails", async () => {
    const server = await scriptedServer();
    const reasons: unknown[] = [];
    const webhook = await channelOf({ type: "slack", url: `${server.url}${PATH}` });
    const bot = await channelOf({ type: "slack", token: SECRET, channel: "C1", apiUrl: server.url });
    for (const answer of ["reset", { status: 403, body: `no ${PATH} ${SECRET}` }] as const) {
      server.answer(answer);
      reasons.push(await webhook.send(), await bot.send());
    }
    const dead = await deadAddress();
    reasons.push(await (await channelOf({ type: "slack", url: `${dead}${PATH}` })).send());
    expect(reasons).toHaveLength(5);
    expect(JSON.stringify(reasons)).not.toContain(SECRET);
    expect(JSON.stringify([webhook.lines, bot.lines])).not.toContain(SECRET);
  });
});
