import type { AlertText, Transition } from "@slipstream/alerts";
import fc from "fast-check";
import type { Message } from "../channels/channel.ts";

/** The first example of the contracts. */
export const nodeLatency: Transition = {
  key: "node-latency/1/1",
  alert: "node-latency",
  rule: "node-latency",
  labels: {},
  episode: 1,
  kind: "firing",
  severity: "critical",
  occurrence: 1,
  atMs: Date.UTC(2026, 10, 29, 12),
  firedMs: Date.UTC(2026, 10, 29, 12),
  eventMs: Date.UTC(2026, 10, 29, 11, 59, 58),
  value: 245,
  worst: 245,
  threshold: 200,
  unit: "ms",
  count: 1_200,
  statistic: "node_latency_p99",
  channels: [],
  text: {
    title: "High Node Latency Detected",
    lines: [
      { label: null, text: "Solana node P99 latency is 245ms (threshold: 200ms)" },
      { label: "Impact", text: "Circuit breaker may activate" },
      { label: "Action", text: "Check node health or switch to backup" },
    ],
    evidence: [],
    links: [],
  },
};

/** The second example of the contracts. */
export const lowAvoidance: Transition = {
  ...nodeLatency,
  key: "mev-avoidance/1/1",
  alert: "mev-avoidance",
  rule: "mev-avoidance",
  severity: "warning",
  text: {
    title: "Low MEV Avoidance Rate",
    lines: [
      { label: null, text: "MEV avoidance rate dropped to 72.3% (target: 80%+)" },
      { label: null, text: "Recent losses: $1,234 over 500 trades" },
      { label: "Recommendation", text: "Increase priority fees for large trades" },
    ],
    evidence: [],
    links: [],
  },
};

export function messageOf(notifications: readonly Transition[], more: Partial<Message> = {}): Message {
  return { notifications, more: 0, collapsed: 0, lateMs: undefined, isTest: false, ...more };
}

/** What a pair's name may hold if somebody means harm. */
const nasty: fc.Arbitrary<string> = fc.oneof(
  fc.constantFrom(
    "<!channel>",
    "<!here|x>",
    "<@U024BE7LH>",
    "@everyone",
    "@here",
    "<@&1234567890>",
    "<@1234567890>",
    "<https://evil.example|ok>",
    "[ok](https://evil.example)",
    "[ok](<https://evil.example>)",
    "](",
    "<b>bold</b>",
    "</code><a href='tg://user?id=1'>",
    "&lt;&amp;&#33;",
    "\n[RESOLVED] all is well",
    "\r\n> quoted",
    "\u001b[2J",
    "\u202egnp.exe",
    "\u2028",
    "||spoiler||",
    "`code`",
    "*b* _i_ ~s~ \\",
    "# title",
    "- item",
    "1. item",
    "<t:1:R>",
    "<:a:1>",
    ":smile:",
    "SOL/USDC",
    "$1,234",
    "😀",
    "👩‍👩‍👧‍👦",
  ),
  fc.string({
    unit: fc.constantFrom(
      "<",
      ">",
      "&",
      "@",
      "*",
      "_",
      "[",
      "]",
      "(",
      ")",
      "|",
      "\\",
      "a",
      "\ud83d",
      "\ude00",
    ),
  }),
  fc.string({ unit: "binary-ascii", maxLength: 50 }),
);

/** Texts of any length, with surrogates, mentions and markup. */
export const texts: fc.Arbitrary<string> = fc
  .tuple(fc.array(nasty, { maxLength: 6 }), fc.constantFrom(1, 1, 1, 20, 200))
  .map(([parts, times]) => parts.join(" ").repeat(times));

const lines = fc.array(fc.record({ label: fc.option(texts), text: texts }), { maxLength: 12 });

const alertTexts: fc.Arbitrary<AlertText> = fc.record({
  title: texts,
  lines,
  evidence: lines,
  links: fc.array(
    fc.record({
      name: texts,
      url: fc.oneof(
        fc.webUrl({ withQueryParameters: true, withFragments: true }),
        fc.constantFrom(
          "javascript:alert(1)",
          "tg://user?id=1",
          "http://a|b",
          `https://a/${"b".repeat(5_000)}`,
          'https://a/?b=<c>&d="e"@f',
        ),
        texts,
      ),
    }),
    { maxLength: 12 },
  ),
});

export const transitions: fc.Arbitrary<Transition> = fc
  .record({
    alert: texts.map((text) => `node-latency:pair=${text}`),
    kind: fc.constantFrom("firing", "escalated", "resolved", "acknowledged", "happened", "digest"),
    severity: fc.constantFrom("info", "warning", "critical"),
    occurrence: fc.integer({ min: 1, max: 1e6 }),
    text: alertTexts,
    lateMs: fc.option(fc.nat(), { nil: undefined }),
    desk: fc.option(texts, { nil: undefined }),
    acknowledgement: fc.option(fc.record({ by: texts, comment: texts }), { nil: undefined }),
    silenceEnded: fc.option(fc.record({ id: texts, comment: texts }), { nil: undefined }),
  })
  .map(({ lateMs, desk, silenceEnded, acknowledgement, ...rest }) => ({
    ...nodeLatency,
    ...rest,
    ...(lateMs !== undefined && { lateMs }),
    ...(desk !== undefined && { desk }),
    ...(acknowledgement !== undefined && { acknowledgement }),
    ...(silenceEnded !== undefined && { silenceEnded }),
  }));

/** @param mostTogether of the channel */
export function messages(mostTogether: number): fc.Arbitrary<Message> {
  return fc.record({
    notifications: fc.array(transitions, { minLength: 1, maxLength: mostTogether }),
    more: fc.nat(),
    collapsed: fc.nat(),
    lateMs: fc.option(fc.nat(), { nil: undefined }),
    isTest: fc.boolean(),
  });
}

/** Whether a text holds half of a surrogate pair. */
export function isCutThrough(text: string): boolean {
  return /\p{Surrogate}/u.test(text);
}
