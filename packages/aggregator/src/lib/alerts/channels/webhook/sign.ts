import { createHash, createHmac } from "node:crypto";

/**
 * Headers of the Standard Webhooks (standardwebhooks.com, 1.0): an HMAC-SHA256 of id, time stamp and body by each key. A receiver takes a
 * message if one of the signatures is right.
 *
 * @param key of the notification, which no attempt changes
 * @param nowMs of this attempt, so that an old one cannot be played again
 * @param keys `whsec_` and base64; none: the message is not signed
 */
export function webhookHeaders(
  key: string,
  nowMs: number,
  body: string,
  keys: readonly string[],
): Readonly<Record<string, string>> {
  // The id must hold no full stop, which separates the parts that are signed.
  const id = `msg_${createHash("sha256").update(key).digest("base64url").slice(0, 32)}`;
  const timestamp = String(Math.floor(nowMs / 1_000));
  const signatures = keys.map((secret) => {
    const bytes = Buffer.from(secret.replace(/^whsec_/, ""), "base64");
    return `v1,${createHmac("sha256", bytes).update(`${id}.${timestamp}.${body}`).digest("base64")}`;
  });
  return {
    "webhook-id": id,
    "webhook-timestamp": timestamp,
    ...(signatures.length === 0 ? {} : { "webhook-signature": signatures.join(" ") }),
  };
}
