import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isCutThrough, lowAvoidance, messageOf, messages, nodeLatency } from "../../testing/transitions.ts";
import { discordPayload, escapeDiscord, MOST_TOGETHER, textPayload } from "./payload.ts";

/** A text with a letter for each sign that a backslash makes plain. */
function withoutEscaped(text: string): string {
  return text.replaceAll(/\\[^0-9A-Za-z\s]/g, "x");
}

function isInert(text: string): boolean {
  const left = withoutEscaped(text);
  return !/[\\*_~`|<]|\]\(|@\w|^[>#+-]|^\d+\./m.test(left);
}

describe("a message for Discord", () => {
  it("has the form of the contracts", () => {
    expect(discordPayload(messageOf([nodeLatency]))).toEqual({
      content: "[CRITICAL] High Node Latency Detected",
      embeds: [
        {
          title: "High Node Latency Detected",
          description:
            "Solana node P99 latency is 245ms (threshold: 200ms)\nImpact: Circuit breaker may activate\nAction: Check node health or switch to backup",
          color: 0xd9_2d_20,
          timestamp: "2026-11-29T12:00:00.000Z",
          footer: { text: "node-latency" },
        },
      ],
      allowed_mentions: { parse: [] },
    });
  });

  it("says how many more there are, and has links", () => {
    const links = [{ name: "Page", url: "http://127.0.0.1:9480/" }];
    const linked = { ...lowAvoidance, text: { ...lowAvoidance.text, links } };
    const { content, embeds } = discordPayload(messageOf([nodeLatency, linked], { more: 98 }));
    expect(content).toBe(
      "[CRITICAL] High Node Latency Detected\n[WARNING] Low MEV Avoidance Rate\nAnd 98 more",
    );
    expect(embeds?.[1]?.description).toMatch(/\n\[Page\]\(<http:\/\/127\.0\.0\.1:9480\/>\)$/);
  });

  it.each([
    ["@everyone <@1> <#2>", "@\u200beveryone \\<@\u200b1> \\<#2>"],
    ["*b* _i_ ~s~ `c` ||x|| \\", "\\*b\\* \\_i\\_ \\~s\\~ \\`c\\` \\|\\|x\\|\\| \\\\"],
    ["[ok](https://a)", "[ok]\\(https://a)"],
    ["# title", "\\# title"],
    ["- item", "\\- item"],
    ["1. item", "1\\. item"],
    ["P99 245ms (threshold: 200ms)", "P99 245ms (threshold: 200ms)"],
  ])("shows %s as it is", (text, escaped) => {
    expect(escapeDiscord(text)).toBe(escaped);
  });

  it("is within every limit, whatever it holds, and there is always a text without embeds", () => {
    fc.assert(
      fc.property(messages(MOST_TOGETHER), (message) => {
        const { content, embeds = [], allowed_mentions } = discordPayload(message);
        const text = textPayload(message);
        expect(text.embeds).toBe(undefined);
        for (const plain of [content, text.content]) {
          expect(plain.length).toBeGreaterThan(0);
          expect(plain.length).toBeLessThanOrEqual(2_000);
          expect(isInert(plain)).toBe(true);
          expect(isCutThrough(plain)).toBe(false);
        }
        expect([allowed_mentions, text.allowed_mentions]).toEqual([{ parse: [] }, { parse: [] }]);
        expect(embeds.length).toBeLessThanOrEqual(10);
        let all = 0;
        for (const { title, description = "", footer } of embeds) {
          all += title.length + description.length + footer.text.length;
          expect(title.length).toBeLessThanOrEqual(256);
          expect(description.length).toBeLessThanOrEqual(4_096);
          expect(footer.text.length).toBeLessThanOrEqual(2_048);
          const links = /(?:^|\n)(?:\[(?:[^\]\\]|\\.)*\]\(<https?:\/\/[^<>\s]+>\)(?: · )?)+$/;
          expect(isInert(description.replace(links, ""))).toBe(true);
          expect(isInert(title)).toBe(true);
          expect(isCutThrough(title + description + footer.text)).toBe(false);
        }
        expect(all).toBeLessThanOrEqual(6_000);
      }),
      { numRuns: 50 },
    );
  });
});
