import { outcomeOf } from "../../http/outcome.ts";
import { retryAfterMs } from "../../http/retry-after.ts";
import type { Sent } from "../../http/send.ts";
import type { Outcome } from "../channel.ts";
import { jsonOf } from "../json-of.ts";

/** Errors that pass by themselves. */
const PASSING: ReadonlySet<string> = new Set([
  "ratelimited",
  "rate_limited",
  "message_limit_exceeded",
  "internal_error",
  "fatal_error",
  "rollup_error",
  "service_unavailable",
  "request_timeout",
  "team_added_to_org",
]);

/** Errors about the message, and not about the channel or the token. */
const MESSAGE: ReadonlySet<string> = new Set([
  "invalid_blocks",
  "invalid_blocks_format",
  "msg_blocks_too_long",
  "msg_too_long",
  "no_text",
  "invalid_payload",
  "invalid_arguments",
  "invalid_arg_name",
  "invalid_array_arg",
  "invalid_charset",
  "invalid_form_data",
  "invalid_json",
  "json_not_object",
  "missing_post_type",
  "invalid_post_type",
  "too_many_attachments",
]);

/** Errors that a message without blocks may not have. */
const BLOCKS: ReadonlySet<string> = new Set([
  "invalid_blocks",
  "invalid_blocks_format",
  "msg_blocks_too_long",
  "invalid_payload",
]);

export interface SlackOutcome {
  readonly outcome: Outcome;
  /** The message may be taken without blocks. */
  readonly areBlocksRefused: boolean;
}

/**
 * What an answer of a webhook ("ok", or a word and a status) or of the API (`{ok, error}` and always 200) means. Words that are not
 * known here are about the channel or the token: somebody must mend it.
 */
export function slackOutcome(sent: Sent, secrets: readonly string[]): SlackOutcome {
  const word = sent.kind === "answer" ? errorWord(sent.status, sent.body) : undefined;
  if (sent.kind === "failure" || word === undefined)
    return { outcome: outcomeOf(sent, secrets), areBlocksRefused: false };
  const reason = `Slack answered ${sent.status}: ${word}`;
  const areBlocksRefused = BLOCKS.has(word);
  if (word === NO_ANSWER)
    return {
      outcome: { outcome: "failed", reason: "it answered 200 with something else than Slack does" },
      areBlocksRefused,
    };
  if (MESSAGE.has(word)) return { outcome: { outcome: "refused", reason }, areBlocksRefused };
  const later = PASSING.has(word) || sent.status === 429 || sent.status >= 500;
  if (!later) return { outcome: { outcome: "parked", reason }, areBlocksRefused };
  const afterMs = retryAfterMs(sent.headers["retry-after"], Date.now());
  return {
    outcome: { outcome: "failed", reason, ...(afterMs !== undefined && { afterMs }) },
    areBlocksRefused,
  };
}

const NO_ANSWER = "no answer";

/** The word that names the error; undefined: there is none, or the status says all. */
function errorWord(status: number, body: string): string | undefined {
  const text = body.trim();
  const json = jsonOf(text);
  if (json !== undefined) {
    if (json.ok !== false) return undefined;
    return typeof json.error === "string" && WORD.test(json.error) ? json.error : "an error without a name";
  }
  if (status >= 200 && status < 300) return text === "" || text === "ok" ? undefined : NO_ANSWER;
  return status >= 400 && WORD.test(text) ? text : undefined;
}

const WORD = /^[a-z][a-z0-9_]{0,99}$/;
