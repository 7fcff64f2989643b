import { describe, expect, it } from "vitest";
import { channelOf, deadAddress, scriptedServer } from "../../testing/channel-test.ts";

const SECRET = "hunter2hunter2hunter2";
const PATH = `/api/webhooks/123456789012345678/${SECRET}`;

describe("a webhook of Discord", () => {
  it("gets embeds and a text, pings nobody, and says when it has them", async () => {
    const server = await scriptedServer();
    server.answer({ status: 200, body: { id: "1" } });
    const { send } = await channelOf({ type: "discord", url: `${server.url}${PATH}?thread_id=7` });
    expect(await send()).toEqual({ outcome: "delivered" });
    expect(server.requests).toMatchObject([
      {
        path: `${PATH}?thread_id=7&wait=true`,
        body: {
          content: "[CRITICAL] High Node Latency Detected",
          embeds: [{ title: "High Node Latency Detected" }],
          allowed_mentions: { parse: [] },
        },
      },
    ]);
  });

  it.each([
    [404, { message: "Unknown Webhook", code: 10_015 }, "parked"],
    [401, { message: "Invalid Webhook Token", code: 50_027 }, "parked"],
    [403, { message: "Missing Access", code: 50_001 }, "parked"],
    [400, { message: "Invalid Form Body", code: 50_035 }, "refused"],
    [400, { message: "Webhooks posted to forum channels must have a thread_name", code: 220_001 }, "parked"],
    [500, { message: "500: Internal Server Error", code: 0 }, "failed"],
    [502, "<html>Bad Gateway</html>", "failed"],
    [200, "<html>Please log in</html>", "failed"],
  ])("that answers %i %j is %s", async (status, body, outcome) => {
    const server = await scriptedServer();
    server.answer({ status, body });
    const { send } = await channelOf({ type: "discord", url: `${server.url}${PATH}` });
    expect(await send()).toMatchObject({ outcome, reason: expect.stringContaining(String(status)) });
  });

  it("is quoted in its own words", async () => {
    const server = await scriptedServer();
    server.answer({ status: 404, body: { message: "Unknown Webhook", code: 10_015 } });
    const { send } = await channelOf({ type: "discord", url: `${server.url}${PATH}` });
    expect(await send()).toEqual({
      outcome: "parked",
      reason: "Discord answered 404: Unknown Webhook (10015)",
    });
  });

  it("is quoted without a half of its secret, where its words are cut", async () => {
    const server = await scriptedServer();
    server.answer({ status: 404, body: { message: `${"a".repeat(190)}${SECRET}`, code: 10_015 } });
    const { send } = await channelOf({ type: "discord", url: `${server.url}${PATH}` });
    expect(await send()).toEqual({
      outcome: "parked",
      reason: `Discord answered 404: ${"a".repeat(190)}*** (10015)`,
    });
  });

  it("is waited for as long as it says", async () => {
    const server = await scriptedServer();
    server.answer(
      {
        status: 429,
        headers: { "retry-after": "1" },
        body: { message: "You are being rate limited.", retry_after: 1.337, global: false },
      },
      // Cloudflare, in front of Discord
      { status: 429, headers: { "retry-after": "3600" }, body: "<html>error 1015</html>" },
    );
    const { send } = await channelOf({ type: "discord", url: `${server.url}${PATH}` });
    expect(await send()).toMatchObject({ outcome: "failed", afterMs: 1_337 });
    expect(await send()).toMatchObject({ outcome: "failed", afterMs: 3_600_000 });
  });

  it("that refuses embeds gets the text alone", async () => {
    const server = await scriptedServer();
    server.answer({ status: 400, body: { code: 50_035 } }, { status: 200, body: { id: "1" } });
    const { send } = await channelOf({ type: "discord", url: `${server.url}${PATH}` });
    expect(await send()).toEqual({ outcome: "delivered" });
    expect(server.requests[1]?.body).toEqual({
      content: expect.stringContaining("Impact: Circuit breaker may activate"),
      allowed_mentions: { parse: [] },
    });
  });

  it("has a secret that is in no reason, whatever fails", async () => {
    const server = await scriptedServer();
    const { send, lines } = await channelOf({ type: "discord", url: `${server.url}${PATH}` });
    server.answer("reset", { status: 404, body: `Cannot POST ${PATH}?wait=true` });
    const reasons = [await send(), await send()];
    reasons.push(await (await channelOf({ type: "discord", url: `${await deadAddress()}${PATH}` })).send());
    expect(reasons.map(({ outcome }) => outcome)).toEqual(["failed", "parked", "failed"]);
    expect(JSON.stringify([reasons, lines])).not.toContain(SECRET);
  });
});
