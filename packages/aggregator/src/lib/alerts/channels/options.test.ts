import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { checkConfig, withoutSecrets } from "@slipstream/config";
import { testFolder } from "@slipstream/testing/folders";
import { describe, expect, it } from "vitest";
import { sendInTime } from "../deliver/send-in-time.ts";
import { createSender } from "../http/sender.ts";
import { keepingLogger, scriptedServer } from "../testing/channel-test.ts";
import { lowAvoidance, messageOf, nodeLatency } from "../testing/transitions.ts";
import { temporaryMemory } from "./channel-memory.ts";
import type { ChannelsSettings } from "./channel-types.ts";
import { createChannels, withConsole } from "./create-channels.ts";
import { channelOptions } from "./options.ts";

const SECRET = "hunter2hunter2";

function messageFor(channels: unknown): string {
  try {
    checkConfig([channelOptions], { channels }, "slipstream.config.ts");
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
  return "";
}

describe("the channels of a configuration", () => {
  it("are taken", () => {
    const channels: ChannelsSettings = {
      console: { type: "console", minSeverity: "warning" },
      log: { type: "file", path: "/var/log/slipstream/alerts.log", keepFiles: 3 },
      ops: { type: "slack", urlEnv: "SLACK_URL", match: 'pair=SOL/USDC, service=~"desk-.*"' },
      bot: { type: "slack", tokenFile: "/run/secrets/slack", channel: "#alerts" },
      chat: { type: "discord", url: `https://discord.com/api/webhooks/1/${SECRET}` },
      pager: { type: "telegram", token: `1:${SECRET}`, chatId: "-100123", minSeverity: "critical" },
    };
    expect(checkConfig([channelOptions], { channels }, "slipstream.config.ts")).toEqual({ channels });
  });

  it("are refused with every mistake at once, its place, what is allowed and what was meant", () => {
    const message = messageFor({
      ops: { type: "slak" },
      log: { type: "file", keepFiles: 0, formt: "json", minSeverity: "critcal" },
      chat: { type: "discord", url: "discord.com", urlEnv: "DISCORD" },
      bot: { type: "slack", token: SECRET },
      pager: { type: "telegram", tokn: SECRET, chatId: -100, match: "pair" },
      "a b": { type: "console" },
      none: 7,
      cluster: { type: "alertmanager", urls: [] },
    });
    expect(message.split("\n")).toEqual([
      "channels (from slipstream.config.ts) has 15 mistakes:",
      '  channels.ops.type = "slak" is not allowed; allowed: console, file, webhook, slack, discord, telegram, pagerduty, alertmanager; did you mean slack?',
      "  channels.log.keepFiles = 0 is not allowed; allowed: a whole number from 1 to 10000",
      "  channels.log.formt is not known; did you mean format?",
      '  channels.log.minSeverity = "critcal" is not allowed; allowed: info, warning, critical; did you mean critical?',
      "  channels.log.path is missing; allowed: the path of a file, such as /var/log/slipstream/alerts.log",
      expect.stringContaining(
        "  channels.chat.url = (not shown) is not allowed; allowed: a URL such as https://discord.com/api",
      ),
      "  channels.chat has url and urlEnv; give one of them",
      "  channels.bot has a token and no channel; allowed: the id or the name of a channel",
      "  channels.pager.tokn is not known; did you mean token?",
      expect.stringContaining(
        "  channels.pager.chatId = -100 is not allowed; allowed: the id of a chat as a text",
      ),
      "  channels.pager.match is wrong at column 5: after pair comes one of =, !=, =~, !~",
      expect.stringContaining(
        "  channels.pager.token is missing (or tokenFile, tokenEnv); allowed: the token of a bot",
      ),
      '  channels."a b" is no name of a channel; allowed: letters, digits, _ and -',
      '  channels.none is no object of settings, such as { type: "console" }',
      expect.stringContaining("  channels.cluster.urls is missing; allowed: URLs without a login"),
    ]);
    expect(message).not.toContain(SECRET);
  });

  it.each([
    [{ type: "slack" }, "needs url (or urlFile, urlEnv), or token and channel"],
    [{ type: "slack", url: "https://a/b", channel: "#a" }, "has url and token or channel"],
    [{}, "type is missing"],
    [{ type: "constructor" }, "is not allowed"],
    [{ type: "slack", urlFile: "" }, "allowed: the path of a file that holds it"],
    [{ type: "slack", urlEnv: 7 }, "allowed: the name of a variable that holds it"],
  ])("%j are refused: %s", (ops, text) => {
    expect(messageFor({ ops })).toContain(text);
  });

  it("cannot share a file", () => {
    const file = { type: "file", path: "/var/log/alerts.log" };
    expect(messageFor({ a: file, b: file })).toBe(
      "channels.b.path is also that of a (from slipstream.config.ts)",
    );
  });

  it.each([[[]], [7], [null], ["slack"]])("%j are no channels", (channels) => {
    expect(messageFor(channels)).toContain("is no object of channels by name");
  });

  it("are printed without their secrets", () => {
    const channels = {
      ops: { type: "slack", url: `https://hooks.slack.com/services/T0/B0/${SECRET}` },
      pager: { type: "telegram", token: `1:${SECRET}`, chatId: "-100123" },
      bot: { type: "slack", tokenFile: "/run/secrets/slack", channel: "#alerts" },
    };
    expect(withoutSecrets(channelOptions.options.channels, channels)).toEqual({
      ops: { type: "slack", url: "https://hooks.slack.com/***" },
      pager: { type: "telegram", token: "***", chatId: "-100123" },
      bot: { type: "slack", tokenFile: "/run/secrets/slack", channel: "#alerts" },
    });
  });
});

describe("channels are made", () => {
  const context = {
    send: createSender({ env: {} }).send,
    logger: keepingLogger().logger,
    memory: temporaryMemory(),
  };

  it("for the aggregator with a console, under a name that is free", async () => {
    const none = await createChannels(withConsole({}), {}, context);
    expect(none.map(({ channel: { name, type } }) => [name, type])).toEqual([["console", "console"]]);
    const path = join(testFolder(), "a.log");
    const taken = await createChannels(withConsole({ console: { type: "file", path } }), {}, context);
    expect(taken.map(({ channel: { name, type } }) => [name, type])).toEqual([
      ["console-2", "console"],
      ["console", "file"],
    ]);
    const own = { own: { type: "console" } } as const;
    expect(withConsole(own)).toBe(own);
    expect(await createChannels({}, {}, context)).toEqual([]);
  });

  it("that take what is severe enough and matches", async () => {
    const settings = {
      type: "console",
      minSeverity: "warning",
      match: "pair=SOL/USDC,alertname!=node-latency",
    } as const;
    const [only] = await createChannels({ only: settings }, {}, context);
    const transition = { ...lowAvoidance, labels: { pair: "SOL/USDC" } };
    expect(only?.accepts(transition)).toBe(true);
    expect(only?.accepts({ ...transition, severity: "info" })).toBe(false);
    expect(only?.accepts({ ...transition, labels: {} })).toBe(false);
    expect(only?.accepts({ ...transition, rule: "node-latency" })).toBe(false);
  });

  it("only if every secret can be read; all that cannot are named", async () => {
    const folder = testFolder();
    const [empty, wrong] = [join(folder, "empty"), join(folder, "wrong")];
    writeFileSync(empty, "\n");
    writeFileSync(wrong, `${SECRET}\n`);
    const settings: ChannelsSettings = {
      a: { type: "slack", urlEnv: "SLACK_URL" },
      b: { type: "discord", urlFile: join(folder, "missing") },
      c: { type: "discord", urlFile: empty },
      d: { type: "discord", urlFile: wrong },
      e: { type: "telegram", tokenEnv: "TOKEN", chatId: "@desk_alerts" },
    };
    const made = createChannels(settings, { TOKEN: SECRET }, context);
    await expect(made).rejects.toMatchObject({ code: "bad_config" });
    const message = await made.catch((error: Error) => error.message);
    expect(message).not.toContain(SECRET);
    expect(String(message).split("\n")).toEqual([
      "channels.a: its url cannot be read from the variable SLACK_URL, which is not set",
      `channels.b: its url cannot be read from ${join(folder, "missing")} (ENOENT)`,
      `channels.c: its url cannot be read from ${empty}, which is empty`,
      expect.stringMatching(/^channels\.d\.url = \(not shown\) is not allowed; allowed: a URL such as /),
      expect.stringMatching(
        /^channels\.e\.token = \(not shown\) is not allowed; allowed: the token of a bot/,
      ),
    ]);
  });

  it("that read a secret's file again, for it may be another one by now, or being replaced", async () => {
    const server = await scriptedServer();
    const file = join(testFolder(), "url");
    writeFileSync(file, `${server.url}/first\n`);
    const channels = await createChannels({ ops: { type: "slack", urlFile: file } }, {}, context);
    const { channel } = channels.find((each) => each.channel.name === "ops") ?? expect.fail("no channel");
    const { signal } = new AbortController();
    const send = () => sendInTime(channel, messageOf([nodeLatency]), { signal, sendMs: 9_000 });
    await send();
    writeFileSync(file, `${server.url}/second\n`);
    await send();
    expect(server.requests.map(({ path }) => path)).toEqual(["/first", "/second"]);
    writeFileSync(file, "");
    expect(await send()).toEqual({
      outcome: "failed",
      reason: `its url cannot be read from ${file}, which is empty`,
    });
  });
});
