import { expect, test } from "vitest";
import { withoutUrlSecrets } from "./redact.ts";

test.each([
  ["GET https://rpc.example/v1?api-key=abc failed", "GET https://rpc.example/v1 failed"],
  ["postgres://user:pass@db:5432/desk: refused", "postgres://db:5432/desk: refused"],
  ["(https://a.b/c?d=1#e) and http://x/y", "(https://a.b/c and http://x/y"],
  ["wss://host:8900/?token=x", "wss://host:8900/"],
  ["no address: a?b=c@d", "no address: a?b=c@d"],
  ["https://user@host", "https://host"],
])("%s", (text, expected) => {
  expect(withoutUrlSecrets(text)).toBe(expected);
});
