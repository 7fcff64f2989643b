import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isCutThrough, lowAvoidance, messageOf, messages, nodeLatency } from "../../testing/transitions.ts";
import { MOST_TOGETHER, telegramText } from "./text.ts";

const ENTITIES: Readonly<Record<string, string>> = { amp: "&", lt: "<", gt: ">", quot: '"' };

/** The text that Telegram shows of HTML. It throws for what Telegram refuses, and for tags that were not meant. */
function shown(html: string): string {
  const open: string[] = [];
  const text = html.replaceAll(/<([^>]*)>/g, (_, tag: string) => {
    if (tag.startsWith("/")) {
      if (open.pop() !== tag.slice(1)) throw new Error(`</${tag}> without its beginning`);
    } else if (/^(?:b|code)$/.test(tag) || /^a href="https?:[^"<>]+"$/.test(tag))
      open.push(tag.split(" ")[0] ?? "");
    else throw new Error(`<${tag}>`);
    if (open.length > 1) throw new Error(`<${open.join("><")}>`);
    return "";
  });
  if (open.length > 0 || /[<>]/.test(text)) throw new Error("markup that is not closed");
  return text.replaceAll(/&(\w*);?/g, (entity, name: string) => {
    const sign = ENTITIES[name];
    if (sign === undefined || !entity.endsWith(";")) throw new Error(entity);
    return sign;
  });
}

describe("a message for Telegram", () => {
  it("has the form of the contracts", () => {
    const { html, plain } = telegramText(messageOf([nodeLatency]));
    const text = `Solana node P99 latency is 245ms (threshold: 200ms)
Impact: Circuit breaker may activate
Action: Check node health or switch to backup`;
    expect(html).toBe(`<b>[CRITICAL] High Node Latency Detected</b>\n${text}\n<code>node-latency</code>`);
    expect(plain).toBe(`[CRITICAL] High Node Latency Detected\n${text}\nnode-latency`);
  });

  it("says how many more there are, and has links", () => {
    const links = [{ name: "Page", url: 'http://127.0.0.1:9480/?a="1"&b' }];
    const linked = { ...lowAvoidance, text: { ...lowAvoidance.text, links } };
    const { html } = telegramText(messageOf([nodeLatency, linked], { more: 98 }));
    expect(html).toContain('\n<a href="http://127.0.0.1:9480/?a=%221%22&amp;b">Page</a>\n');
    expect(html.endsWith("\n\nAnd 98 more")).toBe(true);
  });

  it("shows what a pair is called and mentions nobody", () => {
    const title = "@durov <b>&amp;";
    const { html } = telegramText(messageOf([{ ...nodeLatency, text: { ...nodeLatency.text, title } }]));
    expect(html.split("\n")[0]).toBe("<b>[CRITICAL] @\u200bdurov &lt;b&gt;&amp;amp;</b>");
  });

  it("is within the limit, whatever it holds, and there is always a text without markup", () => {
    fc.assert(
      fc.property(messages(MOST_TOGETHER), (message) => {
        const { html, plain } = telegramText(message);
        const text = shown(html);
        expect(text).toBe(plain);
        expect(text.length).toBeLessThanOrEqual(4_096);
        expect(text.trim().length).toBeGreaterThan(10);
        expect(text).not.toMatch(/@\w/);
        expect(isCutThrough(html)).toBe(false);
      }),
      { numRuns: 50 },
    );
  });
});
