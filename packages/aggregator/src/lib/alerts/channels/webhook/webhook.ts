import { outcomeOf } from "../../http/outcome.ts";
import { secretParts } from "../../http/secret-parts.ts";
import { notificationJson } from "../../text/notification-json.ts";
import type { Channel, Message } from "../channel.ts";
import type { ChannelContext } from "../channel-context.ts";
import type { ChannelValues } from "../channel-fields.ts";
import type { webhookFields } from "./options.ts";
import { webhookHeaders } from "./sign.ts";

/** Posts each notification as JSON, signed if there is a key. */
export function createWebhook(
  name: string,
  { url, key, previousKey, authorization, privateAddresses = [] }: ChannelValues<typeof webhookFields>,
  { send }: Pick<ChannelContext, "send">,
): Channel {
  return {
    name,
    type: "webhook",
    mostTogether: 1,
    async send(message, signal) {
      const address = await url();
      const keys = await Promise.all([key, previousKey].map((read) => read?.()));
      const login = await authorization?.();
      const given = [...keys, login].filter((secret) => secret !== undefined);
      const secrets = [...secretParts(address), ...given];
      const [notification] = message.notifications;
      const body = webhookBody(message);
      const sent = await send(
        {
          url: address,
          method: "POST",
          headers: {
            "content-type": "application/json",
            "user-agent": "Slipstream",
            ...(login === undefined ? {} : { authorization: login }),
            "idempotency-key": notification?.key ?? "",
            ...webhookHeaders(
              notification?.key ?? "",
              Date.now(),
              body,
              keys.filter((each) => each !== undefined),
            ),
          },
          body,
          secrets,
          privateAddresses,
        },
        signal,
      );
      return outcomeOf(sent, secrets);
    },
  };
}

/** The event as the Standard Webhooks recommend it. */
function webhookBody({ notifications: [notification], collapsed, lateMs, isTest }: Message): string {
  if (notification === undefined) return "{}";
  return JSON.stringify({
    type: `alert.${notification.kind}`,
    timestamp: new Date(notification.atMs).toISOString(),
    data: {
      ...notificationJson(notification, isTest),
      ...(lateMs === undefined ? {} : { lateSeconds: lateMs / 1_000 }),
      ...(collapsed === 0 ? {} : { collapsed }),
    },
  });
}
