import { outcomeOf } from "../../http/outcome.ts";
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

/** A 429 says in its body how long to wait, to the millisecond. */
function discordOutcome(sent: Sent, secrets: readonly string[]): Outcome {
  const outcome = outcomeOf(sent, secrets);
  if (sent.kind === "failure") return outcome;
  if (
    outcome.outcome === "delivered" &&
    sent.status !== 204 &&
    jsonOf(sent.body) === undefined &&
    sent.isWhole
  )
    return { outcome: "failed", reason: `it answered ${sent.status} with something else than Discord does` };
  const seconds = sent.status === 429 ? jsonOf(sent.body)?.retry_after : undefined;
  if (outcome.outcome !== "failed" || typeof seconds !== "number" || !(seconds >= 0)) return outcome;
  return { ...outcome, afterMs: Math.max(Math.ceil(seconds * 1_000), outcome.afterMs ?? 0) };
}
