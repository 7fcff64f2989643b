import { expect, test } from "vitest";
import { tlsFault } from "./tls-fault.ts";

test.each([
  ["DEPTH_ZERO_SELF_SIGNED_CERT", "its certificate is not trusted; if a CA of your own signed it, do this"],
  ["CERT_HAS_EXPIRED", "its certificate has expired"],
  ["ERR_TLS_CERT_ALTNAME_INVALID", "its certificate is for another host name"],
  ["EPROTO", "it answered something other than TLS; does the address name the right protocol and port?"],
  ["ECONNREFUSED", undefined],
  [undefined, undefined],
])("TLS that fails with %s says what to do", (code, fault) => {
  expect(tlsFault(code, "do this")).toBe(fault);
});
