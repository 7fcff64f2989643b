import { outcomeOf } from "../../http/outcome.ts";
import type { Sent } from "../../http/send.ts";
import type { Channel, Outcome } from "../channel.ts";
import type { ChannelContext } from "../channel-context.ts";
import type { ChannelValues } from "../channel-fields.ts";
import { pagerdutyEvents } from "./event.ts";
import type { pagerdutyFields } from "./options.ts";

/** PagerDuty, by its Events API v2. */
export function createPagerduty(
  name: string,
  { routingKey, source, url }: ChannelValues<typeof pagerdutyFields>,
  { send }: Pick<ChannelContext, "send">,
): Channel {
  return {
    name,
    type: "pagerduty",
    mostTogether: 1,
    async send(message, signal) {
      const routing_key = await routingKey();
      for (const { to, body } of pagerdutyEvents(message, source)) {
        const sent = await send(
          {
            url: to === "enqueue" ? url : url.replace(/enqueue\/?$/, to),
            method: "POST",
            headers: { "content-type": "application/json" },
            body: JSON.stringify({ routing_key, ...body }),
            secrets: [routing_key],
          },
          signal,
        );
        const outcome = pagerdutyOutcome(sent, routing_key);
        if (outcome.outcome !== "delivered") return outcome;
      }
      return { outcome: "delivered" };
    },
  };
}

/** It answers 400 to a key that it does not know, as to an event that it cannot read. */
function pagerdutyOutcome(sent: Sent, key: string): Outcome {
  const outcome = outcomeOf(sent, [key]);
  const isWrongKey = sent.kind === "answer" && sent.status === 400 && /routing_key/i.test(sent.body);
  return isWrongKey && outcome.outcome === "refused" ? { ...outcome, outcome: "parked" } : outcome;
}
