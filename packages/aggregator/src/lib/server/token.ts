import { createHash, timingSafeEqual } from "node:crypto";
import type { IncomingHttpHeaders } from "node:http";
import { HttpError } from "./http-error.ts";

/** Throws HttpError 401 if a request does not carry the token. */
export type TokenCheck = (headers: IncomingHttpHeaders) => void;

/** Checks `Authorization: Bearer TOKEN` in constant time. Without a token to check, everyone may in. */
export function createTokenCheck(token: string | undefined): TokenCheck {
  if (!token) return () => {};
  const wanted = digest(token);
  return ({ authorization = "" }) => {
    const given = /^bearer +(.*)$/i.exec(authorization)?.[1] ?? "";
    // Digests have one length, so the time that the comparison takes says nothing about the token.
    if (timingSafeEqual(digest(given), wanted)) return;
    throw new HttpError(401, "unauthorized", "Send the aggregator's token: Authorization: Bearer TOKEN.", {
      headers: { "www-authenticate": 'Bearer realm="slipstream"' },
    });
  };
}

function digest(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}
