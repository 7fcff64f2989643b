const faults: Readonly<Record<string, string>> = {
  ERR_TLS_CERT_ALTNAME_INVALID: "its certificate is for another host name",
  CERT_HAS_EXPIRED: "its certificate has expired",
  CERT_NOT_YET_VALID: "its certificate is not valid yet; is this machine's clock right?",
};

const untrusted: ReadonlySet<string> = new Set([
  ...["DEPTH_ZERO_SELF_SIGNED_CERT", "SELF_SIGNED_CERT_IN_CHAIN", "UNABLE_TO_VERIFY_LEAF_SIGNATURE"],
  ...["UNABLE_TO_GET_ISSUER_CERT", "UNABLE_TO_GET_ISSUER_CERT_LOCALLY", "CERT_UNTRUSTED"],
]);

/**
 * Why TLS failed, in words that say what to do.
 *
 * @param code of the connection's error
 * @param trust where to name a CA of one's own, such as "name its file in NODE_EXTRA_CA_CERTS"
 * @returns undefined if TLS is not why
 */
export function tlsFault(code: unknown, trust: string): string | undefined {
  if (typeof code !== "string") return undefined;
  if (untrusted.has(code)) return `its certificate is not trusted; if a CA of your own signed it, ${trust}`;
  if (code === "EPROTO" || code.startsWith("ERR_SSL_"))
    return "it answered something other than TLS; does the address name the right protocol and port?";
  return faults[code];
}
