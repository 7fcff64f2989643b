import { privateAddressesField } from "../private-addresses-field.ts";

/** Standard Webhooks: 24 to 64 bytes. */
const KEY: RegExp = /^whsec_(?:[A-Za-z0-9+/]{4}){8,21}(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;
const KEY_ALLOWED: string =
  'whsec_ and 24 to 64 random bytes in base64, as `echo "whsec_$(openssl rand -base64 32)"` makes them';

/** JSON to an address of one's own. */
export const webhookFields = {
  url: {
    type: "url",
    protocols: ["https:", "http:"],
    example: "https://hooks.desk.example/slipstream",
    secret: true,
    required: true,
    help: "where notifications are posted to",
  },
  key: {
    type: "text",
    pattern: KEY as RegExp,
    allowed: KEY_ALLOWED as string,
    secret: true,
    help: "the key that notifications are signed with, as the Standard Webhooks are",
  },
  previousKey: {
    type: "text",
    pattern: KEY as RegExp,
    allowed: KEY_ALLOWED as string,
    secret: true,
    help: "the key before it, which signs too while receivers change over",
  },
  authorization: {
    type: "text",
    pattern: /^[\x20-\x7e]{1,4000}$/ as RegExp,
    allowed: "the value of the header Authorization, such as Bearer TOKEN",
    secret: true,
    help: "the value of the header Authorization",
  },
  privateAddresses: privateAddressesField as typeof privateAddressesField,
} as const;

/** A previous key signs beside the new one. */
export function webhookProblem(isGiven: (field: string) => boolean): string | undefined {
  return isGiven("previousKey") && !isGiven("key") ? "has a previousKey and no key" : undefined;
}
