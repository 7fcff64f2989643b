import { outcomeOf } from "../../http/outcome.ts";
import { afterSeconds, ownWords } from "../../http/own-words.ts";
import { secretParts } from "../../http/secret-parts.ts";
import type { Sent } from "../../http/send.ts";
import type { Channel, Outcome } from "../channel.ts";
import type { ChannelContext } from "../channel-context.ts";
import type { ChannelValues } from "../channel-fields.ts";
import { jsonOf } from "../json-of.ts";
import type { discordFields } from "./options.ts";
import { type DiscordPayload, discordPayload, MOST_TOGETHER, textPayload } from "./payload.ts";

/** A webhook of a Discord channel. */
export function createDiscord(
  name: string,
  { url }: ChannelValues<typeof discordFields>,
  { send }: Pick<ChannelContext, "send">,
): Channel {
  return {
    name,
    type: "discord",
    mostTogether: MOST_TOGETHER,
    async send(message, signal) {
      const secret = await url();
      const secrets = secretParts(secret);
      const address = new URL(secret);
      // The answer comes when the message is kept, and not before.
      address.searchParams.set("wait", "true");
      const post = async (payload: DiscordPayload): Promise<Sent> =>
        send(
          {
            url: address.href,
            method: "POST",
            headers: { "content-type": "application/json" },
            body: JSON.stringify(payload),
            secrets,
          },
          signal,
        );
      const sent = await post(discordPayload(message));
      const isRefused = sent.kind === "answer" && sent.status === 400;
      return discordOutcome(isRefused ? await post(textPayload(message)) : sent, secrets);
    },
  };
}

/** Forum channels need a thread, which the webhook's address names (docs.discord.com, JSON error codes). */
const ABOUT_THREADS = /^2200\d\d$/;

/** A 429 says in its body how long to wait, to the millisecond. */
function discordOutcome(sent: Sent, secrets: readonly string[]): Outcome {
  const outcome = outcomeOf(sent, secrets);
  if (sent.kind === "failure") return outcome;
  const json = jsonOf(sent.body);
  if (outcome.outcome === "delivered") {
    if (sent.status === 204 || json !== undefined || !sent.isWhole) return outcome;
    return { outcome: "failed", reason: `it answered ${sent.status} with something else than Discord does` };
  }
  const reason = reasonOf(sent.status, json, secrets) ?? outcome.reason;
  if (outcome.outcome === "refused" && ABOUT_THREADS.test(String(json?.code)))
    return { outcome: "parked", reason };
  return afterSeconds({ ...outcome, reason }, sent.status === 429 ? json?.retry_after : undefined);
}

function reasonOf(
  status: number,
  json: Readonly<Record<string, unknown>> | undefined,
  secrets: readonly string[],
): string | undefined {
  if (typeof json?.message !== "string") return undefined;
  const code = typeof json.code === "number" && json.code !== 0 ? ` (${json.code})` : "";
  return `Discord answered ${status}: ${ownWords(json.message, secrets)}${code}`;
}
