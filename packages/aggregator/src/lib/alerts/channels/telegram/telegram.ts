import { outcomeOf } from "../../http/outcome.ts";
import { afterSeconds, ownWords } from "../../http/own-words.ts";
import type { Sent } from "../../http/send.ts";
import type { Channel, Outcome } from "../channel.ts";
import type { ChannelContext } from "../channel-context.ts";
import type { ChannelValues } from "../channel-fields.ts";
import { isObject, jsonOf } from "../json-of.ts";
import type { telegramFields } from "./options.ts";
import { MOST_TOGETHER, telegramText } from "./text.ts";

/** Errors about the message: any other 400 is about the chat. */
const MESSAGE = /can't parse entities|message is too long|message text is empty|message must be non-empty/i;

/** A bot in a Telegram chat. If the group moves, the new id of its chat holds from then on. */
export function createTelegram(
  name: string,
  { token, chatId, threadId, apiUrl, privateAddresses = [] }: ChannelValues<typeof telegramFields>,
  { send, memory, logger }: Pick<ChannelContext, "send" | "memory" | "logger">,
): Channel {
  /** The new id belongs to the one that is configured: another one configured later is not overruled. */
  const movedKey = `telegram:${name}:${chatId}`;

  return {
    name,
    type: "telegram",
    mostTogether: MOST_TOGETHER,
    async send(message, signal) {
      const secret = await token();
      const { html, plain } = telegramText(message);
      const post = (text: object): Promise<Sent> => {
        const moved = memory.get(movedKey);
        const body = {
          chat_id: moved ?? chatId,
          // A topic of the old group is not one of the new.
          ...(threadId !== undefined && moved === undefined && { message_thread_id: threadId }),
          ...text,
          link_preview_options: { is_disabled: true },
        };
        return send(
          {
            url: `${apiUrl.replace(/\/$/, "")}/bot${secret}/sendMessage`,
            method: "POST",
            headers: { "content-type": "application/json" },
            body: JSON.stringify(body),
            secrets: secretsOf(secret),
            privateAddresses,
          },
          signal,
        );
      };
      let sent = await post({ text: html, parse_mode: "HTML" });
      const movedTo = movedChat(sent);
      if (movedTo !== undefined && movedTo !== memory.get(movedKey)) {
        logger.warn({ channel: name, chatId, movedTo }, "The Telegram group has moved; its new id is kept");
        await memory.set(movedKey, movedTo);
        sent = await post({ text: html, parse_mode: "HTML" });
      }
      if (/can't parse entities/i.test(errorOf(sent)?.description ?? "")) sent = await post({ text: plain });
      return telegramOutcome(sent, secret);
    },
  };
}

function secretsOf(token: string): readonly string[] {
  const [, key = ""] = token.split(":");
  return [token, ...(key.length < 8 ? [] : [key])];
}

interface TelegramError {
  readonly description: string;
  readonly parameters: Readonly<Record<string, unknown>>;
}

function errorOf(sent: Sent): TelegramError | undefined {
  const json = sent.kind === "answer" ? jsonOf(sent.body) : undefined;
  if (json?.ok !== false) return undefined;
  const { description, parameters } = json;
  return {
    description: typeof description === "string" ? description : "",
    parameters: isObject(parameters) ? parameters : {},
  };
}

/** The id of a supergroup has more than 32 bits, and at most 52. */
function movedChat(sent: Sent): string | undefined {
  const id = errorOf(sent)?.parameters.migrate_to_chat_id;
  if (typeof id === "string") return /^-?\d{1,20}$/.test(id) ? id : undefined;
  return Number.isSafeInteger(id) ? String(id) : undefined;
}

function telegramOutcome(sent: Sent, token: string): Outcome {
  const secrets = secretsOf(token);
  const outcome = outcomeOf(sent, secrets);
  if (sent.kind === "failure") return outcome;
  if (outcome.outcome === "delivered") {
    if (jsonOf(sent.body)?.ok === true || !sent.isWhole) return outcome;
    return { outcome: "failed", reason: `it answered ${sent.status} with something else than Telegram does` };
  }
  const error = errorOf(sent);
  if (error === undefined) return outcome;
  const reason = `Telegram answered ${sent.status}: ${ownWords(error.description, secrets)}`;
  if (outcome.outcome === "refused" && !MESSAGE.test(error.description)) return { outcome: "parked", reason };
  return afterSeconds({ ...outcome, reason }, error.parameters.retry_after);
}
