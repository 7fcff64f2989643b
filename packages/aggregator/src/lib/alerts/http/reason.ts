import { tlsFault } from "../../tls-fault.ts";
import type { SenderLimits } from "./send.ts";

/** The host leads to an address that it must not lead to. */
export class AddressRefused extends Error {
  override readonly name = "AddressRefused";
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
  if (error instanceof AddressRefused) return `${host} is not asked: ${error.message}`;
  const code = codeOf(error);
  if (code === "UND_ERR_CONNECT_TIMEOUT") return `no connection to ${host} within ${limits.connectMs} ms`;
  if (code === "UND_ERR_HEADERS_TIMEOUT") return `no answer from ${host} within ${limits.answerMs} ms`;
  if (code === "UND_ERR_SOCKET" || code === "ECONNRESET")
    return tlsFault(error, TRUST) ?? `${host} closed the connection without an answer`;
  if (code === "UND_ERR_HEADERS_OVERFLOW" || code.startsWith("HPE_"))
    return `${host} did not answer with HTTP that can be read (${code})`;
  const proxy = error instanceof Error ? /Proxy response \((\d+)\)/.exec(error.message)?.[1] : undefined;
  if (proxy !== undefined) return `the proxy does not lead to ${host}: it answered ${proxy}`;
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
  return "code" in error ? String(error.code) : error.name;
}
