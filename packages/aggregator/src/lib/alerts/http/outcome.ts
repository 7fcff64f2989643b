import type { Outcome } from "../channels/channel.ts";
import { withoutSecrets } from "./reason.ts";
import { retryAfterMs } from "./retry-after.ts";
import type { Answer, Sent } from "./send.ts";

/** Most of a receiver's own words in a reason, UTF-16 units. */
const MOST_QUOTED = 200;

const LOGIN_PAGE = /log-?in|sign-?in|\bsso\b|saml|oauth|openid|\bauth\b/i;

/**
 * What an answer means if the receiver gives HTTP's statuses their usual meaning: 2xx took it; 408, 425, 429, 5xx and redirects
 * may take it later; 401, 403, 404, 405, 407, 410 and a redirect to a login page take nothing until somebody mends it; other
 * 4xx never take this message.
 *
 * @param secrets that the receiver might repeat
 * @param nowMs for a `Retry-After` that is a date
 */
export function outcomeOf(sent: Sent, secrets: readonly string[], nowMs: number = Date.now()): Outcome {
  if (sent.kind === "failure")
    return { outcome: sent.isPermanent ? "parked" : "failed", reason: sent.reason };
  const { status, headers } = sent;
  if (status >= 200 && status < 300) return { outcome: "delivered" };
  if (status < 400) return redirected(sent);
  const reason = `it answered ${status}${quoted(sent, secrets)}`;
  if (PARKING.has(status)) return { outcome: "parked", reason };
  if (status < 500 && !LATER.has(status)) return { outcome: "refused", reason };
  const afterMs = retryAfterMs(headers["retry-after"], nowMs);
  return { outcome: "failed", reason, ...(afterMs === undefined ? {} : { afterMs }) };
}

const PARKING: ReadonlySet<number> = new Set([401, 403, 404, 405, 407, 410]);
const LATER: ReadonlySet<number> = new Set([408, 425, 429]);

/** The path of where it leads is not shown: it may hold a secret. */
function redirected({ status, headers }: Answer): Outcome {
  const location = headers.location ?? "";
  if (LOGIN_PAGE.test(location))
    return { outcome: "parked", reason: `it answered ${status}: it asks for a login; is the address right?` };
  const origin = URL.canParse(location) ? ` to ${new URL(location).host}` : "";
  return { outcome: "failed", reason: `it answered ${status}: a redirect${origin}, which is not followed` };
}

/** The receiver's own words, on one line. */
export function quoted({ body }: Pick<Answer, "body">, secrets: readonly string[]): string {
  const line = withoutSecrets(body, secrets)
    .replaceAll(/[\s\p{Cc}]+/gu, " ")
    .trim();
  if (line === "" || line.startsWith("<")) return "";
  return `: ${line.length <= MOST_QUOTED ? line : `${line.slice(0, MOST_QUOTED).replace(/[\uD800-\uDBFF]$/, "")}...`}`;
}
