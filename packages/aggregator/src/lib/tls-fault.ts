const faults: ReadonlyMap<string, string> = new Map([
  ["ERR_TLS_CERT_ALTNAME_INVALID", "its certificate is for another host name"],
  ["CERT_HAS_EXPIRED", "its certificate has expired"],
  ["CERT_NOT_YET_VALID", "its certificate is not valid yet; is this machine's clock right?"],
]);

const untrusted: ReadonlySet<string> = new Set([
  ...["DEPTH_ZERO_SELF_SIGNED_CERT", "SELF_SIGNED_CERT_IN_CHAIN", "UNABLE_TO_VERIFY_LEAF_SIGNATURE"],
  ...["UNABLE_TO_GET_ISSUER_CERT", "UNABLE_TO_GET_ISSUER_CERT_LOCALLY", "CERT_UNTRUSTED"],
]);

/** What Node says if the server closes the connection instead of answering. Its code is that of any reset. */
const CLOSED = /before secure TLS connection was established/;

/**
 * Why TLS failed, in words that say what to do.
 *
 * @param error of the connection
 * @param trust where to name a CA of one's own, such as "name its file in NODE_EXTRA_CA_CERTS"
 * @returns undefined if TLS is not why
 */
export function tlsFault(error: unknown, trust: string): string | undefined {
  if (!(error instanceof Error)) return undefined;
  const code = "code" in error ? String(error.code) : "";
  if (untrusted.has(code)) return `its certificate is not trusted; if a CA of your own signed it, ${trust}`;
  if (code === "EPROTO" || code.startsWith("ERR_SSL_") || CLOSED.test(error.message))
    return "it did not answer with TLS; does the address name the right protocol and port?";
  return faults.get(code);
}
