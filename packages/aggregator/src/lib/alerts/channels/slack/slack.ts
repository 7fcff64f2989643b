import { secretParts } from "../../http/secret-parts.ts";
import type { Channel } from "../channel.ts";
import type { ChannelContext } from "../channel-context.ts";
import type { ChannelValues } from "../channel-fields.ts";
import { slackOutcome } from "./answer.ts";
import type { slackFields } from "./options.ts";
import { MOST_TOGETHER, type SlackPayload, slackPayload, textPayload } from "./payload.ts";

/** Slack, by an incoming webhook or by `chat.postMessage`. */
export function createSlack(
  name: string,
  { url, token, channel, apiUrl, privateAddresses = [] }: ChannelValues<typeof slackFields>,
  { send }: Pick<ChannelContext, "send">,
): Channel {
  async function post(payload: SlackPayload, signal: AbortSignal): Promise<ReturnType<typeof slackOutcome>> {
    const headers = { "content-type": "application/json; charset=utf-8" };
    if (url !== undefined) {
      const address = await url();
      const secrets = secretParts(address);
      const request = {
        url: address,
        method: "POST",
        headers,
        body: JSON.stringify(payload),
        secrets,
        privateAddresses,
      } as const;
      return slackOutcome(await send(request, signal), secrets);
    }
    const secret = (await token?.()) ?? "";
    const request = {
      url: `${apiUrl.replace(/\/$/, "")}/chat.postMessage`,
      method: "POST",
      headers: { ...headers, authorization: `Bearer ${secret}` },
      body: JSON.stringify({ channel, ...payload }),
      secrets: [secret],
      privateAddresses,
    } as const;
    return slackOutcome(await send(request, signal), [secret]);
  }

  return {
    name,
    type: "slack",
    mostTogether: MOST_TOGETHER,
    async send(message, signal) {
      const { outcome, areBlocksRefused } = await post(slackPayload(message), signal);
      return areBlocksRefused ? (await post(textPayload(message), signal)).outcome : outcome;
    },
  };
}
