import { tlsFault } from "../../tls-fault.ts";
import type { SenderLimits } from "./send.ts";

/** The request was not made, and will not be until somebody changes something. The message says why, and holds no secret. */
export class NotAsked extends Error {
  override readonly name = "NotAsked";
}

/** The proxy does not lead to the host. */
export class ProxyRefused extends Error {
  override readonly name = "ProxyRefused";
}

/** The message says what did not come in time. */
export class TooSlow extends Error {
  override readonly name = "TooSlow";
}

const HIDDEN = "***";

/** A text in which secrets are overwritten, also as they are written in a URL and in JSON. */
export function withoutSecrets(text: string, secrets: readonly string[]): string {
  const forms = secrets.flatMap((secret) => [
    secret,
    encodeURIComponent(secret),
    encodeURI(secret),
    JSON.stringify(secret).slice(1, -1),
  ]);
  // The longest first, so that nothing of it is left behind because a part of it is a secret, too.
  return [...new Set(forms)]
    .filter((form) => form !== "")
    .toSorted((a, b) => b.length - a.length)
    .reduce((shown, form) => shown.replaceAll(form, HIDDEN), text);
}

/** Why there is no answer. It holds nothing of the URL but its host. */
export function reasonOf(error: unknown, host: string, limits: SenderLimits): string {
  if (error instanceof NotAsked) return `${host} is not asked: ${error.message}`;
  if (error instanceof ProxyRefused) return `the proxy does not lead to ${host}: ${error.message}`;
  if (error instanceof TooSlow) return `${error.message} ${host} in time`;
  const code = codeOf(error);
  if (code === "UND_ERR_CONNECT_TIMEOUT") return `no connection to ${host} within ${limits.connectMs} ms`;
  if (code === "UND_ERR_HEADERS_TIMEOUT") return `no answer from ${host} within ${limits.answerMs} ms`;
  if (code === "UND_ERR_SOCKET" || code === "ECONNRESET")
    return tlsFault(error, TRUST) ?? `${host} closed the connection without an answer`;
  if (code === "UND_ERR_HEADERS_OVERFLOW" || /^HPE_|^HTTPParserError$/.test(code))
    return `${host} did not answer with HTTP that can be read (${code})`;
  return `cannot reach ${host}: ${tlsFault(error, TRUST) ?? known.get(code) ?? "it failed"} (${code})`;
}

const TRUST = "name its file in NODE_EXTRA_CA_CERTS";

const known: ReadonlyMap<string, string> = new Map([
  ["ECONNREFUSED", "nothing listens there"],
  ["ENOTFOUND", "its name is not known"],
  ["EAI_AGAIN", "its name cannot be looked up now"],
  ["EHOSTUNREACH", "there is no way to it"],
  ["ENETUNREACH", "there is no way to it"],
  ["ETIMEDOUT", "the connection timed out"],
]);

function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return "unknown";
  return "code" in error && error.code !== undefined ? String(error.code) : error.name;
}
