/** PagerDuty, by its Events API v2. */
export const pagerdutyFields = {
  routingKey: {
    type: "text",
    pattern: /^[A-Za-z0-9]{32}$/ as RegExp,
    allowed: "the integration key of a service's Events API v2 integration, 32 letters and digits",
    secret: true,
    required: true,
    help: "the integration key",
  },
  source: {
    type: "text",
    pattern: /^[^\p{Cc}]{1,100}$/u as RegExp,
    allowed: "a name of at most 100 characters",
    default: "slipstream",
    help: "what PagerDuty shows as the source. Aggregators that share a key need different ones",
  },
  url: {
    type: "url",
    protocols: ["https:", "http:"],
    example: "https://events.eu.pagerduty.com/v2/enqueue",
    default: "https://events.pagerduty.com/v2/enqueue",
    help: "where the Events API is; accounts in the EU have another one",
  },
} as const;
