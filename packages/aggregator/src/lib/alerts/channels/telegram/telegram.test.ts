import { existsSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { testFolder } from "@slipstream/testing/folders";
import { describe, expect, it } from "vitest";
import { channelOf, deadAddress, scriptedServer } from "../../testing/channel-test.ts";
import { openChannelMemory } from "../channel-memory.ts";

const KEY = "AAhunter2hunter2hunter2hunter2hunter";
const TOKEN = `123456:${KEY}`;
const taken = { status: 200, body: { ok: true, result: { message_id: 1 } } };
const moved = {
  status: 400,
  body: {
    ok: false,
    error_code: 400,
    description: "Bad Request: group chat was upgraded to a supergroup chat",
    parameters: { migrate_to_chat_id: -1_001_557_912_345 },
  },
};

function refusal(status: number, description: string, parameters?: object): { status: number; body: object } {
  return { status, body: { ok: false, error_code: status, description, ...(parameters && { parameters }) } };
}

const settings = (apiUrl: string, chatId: string = "-4242") =>
  ({ type: "telegram", token: TOKEN, chatId, apiUrl }) as const;

describe("a bot of Telegram", () => {
  it("sends HTML to its chat and topic", async () => {
    const server = await scriptedServer();
    server.answer(taken);
    const { send } = await channelOf({ ...settings(server.url), threadId: 7 });
    expect(await send()).toEqual({ outcome: "delivered" });
    expect(server.requests).toMatchObject([
      {
        path: `/bot${TOKEN}/sendMessage`,
        body: {
          chat_id: "-4242",
          message_thread_id: 7,
          parse_mode: "HTML",
          text: expect.stringContaining("<b>[CRITICAL] High Node Latency Detected</b>\nSolana node P99"),
          link_preview_options: { is_disabled: true },
        },
      },
    ]);
  });

  it.each([
    [refusal(400, "Bad Request: chat not found"), "parked"],
    [refusal(400, "Bad Request: not enough rights to send text messages to the chat"), "parked"],
    [refusal(400, "Bad Request: message thread not found"), "parked"],
    [refusal(400, "Bad Request: TOPIC_CLOSED"), "parked"],
    [refusal(401, "Unauthorized"), "parked"],
    [refusal(403, "Forbidden: bot was kicked from the supergroup chat"), "parked"],
    [refusal(404, "Not Found"), "parked"],
    [refusal(400, "Bad Request: message is too long"), "refused"],
    [refusal(500, "Internal Server Error"), "failed"],
    [{ status: 502, body: "<html>Bad Gateway</html>" }, "failed"],
    [{ status: 200, body: "<html>Please log in</html>" }, "failed"],
  ])("that is answered %j is %s", async (answer, outcome) => {
    const server = await scriptedServer();
    server.answer(answer);
    const { send } = await channelOf(settings(server.url));
    expect(await send()).toMatchObject({ outcome, reason: expect.stringContaining(String(answer.status)) });
  });

  it("is quoted in its own words", async () => {
    const server = await scriptedServer();
    server.answer(refusal(400, `Bad Request: chat not found\n${KEY}`));
    const { send } = await channelOf(settings(server.url));
    expect(await send()).toEqual({
      outcome: "parked",
      reason: "Telegram answered 400: Bad Request: chat not found ***",
    });
  });

  it("is quoted without a half of its token, where its words are cut", async () => {
    const server = await scriptedServer();
    server.answer(refusal(400, `${"a".repeat(190)}${TOKEN}`));
    const { send } = await channelOf(settings(server.url));
    expect(await send()).toEqual({
      outcome: "parked",
      reason: `Telegram answered 400: ${"a".repeat(190)}***`,
    });
  });

  it("waits as long as retry_after says", async () => {
    const server = await scriptedServer();
    server.answer(refusal(429, "Too Many Requests: retry after 35", { retry_after: 35 }));
    const { send } = await channelOf(settings(server.url));
    expect(await send()).toMatchObject({ outcome: "failed", afterMs: 35_000 });
  });

  it("sends text without markup if its markup is refused", async () => {
    const server = await scriptedServer();
    server.answer(refusal(400, "Bad Request: can't parse entities: unclosed start tag"), taken);
    const { send } = await channelOf(settings(server.url));
    expect(await send()).toEqual({ outcome: "delivered" });
    expect(server.requests[1]?.body).toMatchObject({
      text: expect.stringMatching(/^\[CRITICAL\] High Node Latency Detected\n/),
    });
    expect(Object.keys(server.requests[1]?.body ?? {})).not.toContain("parse_mode");
  });

  it("follows a group that became a supergroup, and still does after a restart", async () => {
    const server = await scriptedServer();
    const folder = testFolder();
    const faults: string[] = [];
    const memory = () => openChannelMemory(folder, (reason) => faults.push(reason));
    server.answer(moved, taken);
    const first = await channelOf(settings(server.url), await memory());
    expect(await first.send()).toEqual({ outcome: "delivered" });
    expect(first.lines).toMatchObject([{ level: "warn", details: { movedTo: "-1001557912345" } }]);
    const again = await channelOf(settings(server.url), await memory());
    expect(await again.send()).toEqual({ outcome: "delivered" });
    const other = await channelOf(settings(server.url, "-77"), await memory());
    await other.send();
    expect(server.requests.map(({ body }) => body.chat_id)).toEqual([
      "-4242",
      "-1001557912345",
      "-1001557912345",
      "-77",
    ]);
    expect(faults).toEqual([]);
    expect(statSync(join(folder, "channels.json")).mode & 0o777).toBe(0o600);
    expect(readFileSync(join(folder, "channels.json"), "utf8")).not.toContain(KEY);
  });

  it("sends to the new chat even if its id cannot be kept", async () => {
    const server = await scriptedServer();
    const folder = join(testFolder(), "is", "not", "there");
    const faults: string[] = [];
    const memory = await openChannelMemory(folder, (reason) => faults.push(reason));
    server.answer(moved, taken);
    const { send } = await channelOf(settings(server.url), memory);
    expect([await send(), await send()]).toEqual([{ outcome: "delivered" }, { outcome: "delivered" }]);
    expect(server.requests[2]?.body.chat_id).toBe("-1001557912345");
    expect(faults).toEqual([expect.stringContaining("cannot be written")]);
    expect(existsSync(folder)).toBe(false);
  });

  it("goes on with the chat of the configuration if what was kept is damaged", async () => {
    const server = await scriptedServer();
    server.answer(taken);
    const folder = testFolder();
    writeFileSync(join(folder, "channels.json"), '{"telegram:ops:-42');
    const faults: string[] = [];
    const memory = await openChannelMemory(folder, (reason) => faults.push(reason));
    const { send } = await channelOf(settings(server.url), memory);
    expect(await send()).toEqual({ outcome: "delivered" });
    expect(server.requests[0]?.body.chat_id).toBe("-4242");
    expect(faults).toEqual([expect.stringContaining("channels.json cannot be read")]);
  });

  it("gives up if the new chat has moved, too, in a circle", async () => {
    const server = await scriptedServer();
    server.answer(moved);
    const { send } = await channelOf(settings(server.url));
    expect((await send()).outcome).toBe("parked");
    expect(server.requests).toHaveLength(2);
  });

  it("has a token that is in no reason and in no log, whatever fails", async () => {
    const server = await scriptedServer();
    const { send, lines } = await channelOf(settings(server.url));
    server.answer("reset", { status: 404, body: `Cannot POST /bot${TOKEN}/sendMessage` }, moved);
    const reasons = [await send(), await send(), await send()];
    reasons.push(await (await channelOf(settings(await deadAddress()))).send());
    expect(reasons.map(({ outcome }) => outcome)).toEqual(["failed", "parked", "parked", "failed"]);
    expect(JSON.stringify([reasons, lines])).not.toContain(KEY);
  });
});
