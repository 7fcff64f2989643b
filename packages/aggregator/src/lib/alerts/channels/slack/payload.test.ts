import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isCutThrough, lowAvoidance, messageOf, messages, nodeLatency } from "../../testing/transitions.ts";
import { MOST_TOGETHER, type SlackBlock, slackPayload, textPayload } from "./payload.ts";

/** What Slack documents: characters of a header and of other texts, blocks of a message, elements of a context. */
const LIMITS = { header: 150, text: 3_000, blocks: 50, elements: 10 };

function textsOf(blocks: readonly SlackBlock[]): readonly { readonly type: string; readonly text: string }[] {
  return blocks.flatMap(({ text, elements = [] }) => [...(text === undefined ? [] : [text]), ...elements]);
}

/** Nothing in it begins markup, and no name is mentioned. */
function isInert(text: string): boolean {
  return !/[<>]|&(?!(?:amp|lt|gt);)|@\w/.test(text);
}

describe("a message for Slack", () => {
  it("has the form of the contracts, in a header and a section", () => {
    const { blocks, text } = slackPayload(messageOf([nodeLatency]));
    expect(blocks).toEqual([
      { type: "header", text: { type: "plain_text", text: "[CRITICAL] High Node Latency Detected" } },
      {
        type: "section",
        text: {
          type: "plain_text",
          text: "Solana node P99 latency is 245ms (threshold: 200ms)\nImpact: Circuit breaker may activate\nAction: Check node health or switch to backup",
        },
      },
      { type: "context", elements: [{ type: "plain_text", text: "node-latency" }] },
    ]);
    expect(text).toContain("[CRITICAL] High Node Latency Detected\nSolana node P99");
  });

  it("says how many more there are, and has links", () => {
    const links = [{ name: "Page <1>", url: "http://127.0.0.1:9480/?a=1&b=2" }];
    const linked = { ...lowAvoidance, text: { ...lowAvoidance.text, links } };
    const { blocks = [] } = slackPayload(messageOf([nodeLatency, linked], { more: 998 }));
    const texts = textsOf(blocks).map(({ text }) => text);
    expect(texts).toContain("And 998 more");
    expect(texts).toContain("<http://127.0.0.1:9480/?a=1&amp;b=2|Page &lt;1&gt;>");
  });

  it("shows what a pair is called and pings nobody", () => {
    const title = "<!channel> @everyone & <@U1>";
    const { blocks = [], text } = slackPayload(
      messageOf([{ ...nodeLatency, text: { ...nodeLatency.text, title } }]),
    );
    expect(blocks[0]?.text?.text).toBe("[CRITICAL] &lt;!channel&gt; @\u200beveryone &amp; &lt;@\u200bU1&gt;");
    expect(isInert(text)).toBe(true);
  });

  it("is within every limit, whatever it holds, and there is always a text without blocks", () => {
    fc.assert(
      fc.property(messages(MOST_TOGETHER), (message) => {
        const { blocks = [], ...payload } = slackPayload(message);
        expect(payload).toEqual(textPayload(message));
        expect(payload.text.length).toBeGreaterThan(10);
        expect(payload.text.length).toBeLessThanOrEqual(4_000);
        expect(isInert(payload.text)).toBe(true);
        expect(blocks.length).toBeLessThanOrEqual(LIMITS.blocks);
        // Slack refuses some 11,000 characters in all.
        const all = textsOf(blocks).reduce((sum, { text }) => sum + text.length, 0);
        expect(all).toBeLessThanOrEqual(11_000);
        for (const block of blocks) {
          expect(block.elements?.length ?? 1).toBeLessThanOrEqual(LIMITS.elements);
          expect(block.elements?.length ?? 1).toBeGreaterThan(0);
          for (const { type, text } of textsOf([block])) {
            expect(text.length).toBeGreaterThan(0);
            expect(text.length).toBeLessThanOrEqual(block.type === "header" ? LIMITS.header : LIMITS.text);
            expect(isCutThrough(text)).toBe(false);
            if (type === "plain_text") expect(isInert(text)).toBe(true);
            else expect(text).toMatch(/^<https?:\/\/[^<>|\s]+\|[^<>|]*>$/);
          }
        }
      }),
      { numRuns: 50 },
    );
  });
});
