const V4 = /\d{1,3}(?:\.\d{1,3}){3}(?:\/\d{1,2})?/.source;
const V6 = /(?!.*:::)(?!.*::.*::)[0-9A-Fa-f]*:[0-9A-Fa-f:.]*(?:\/\d{1,3})?/.source;

/** For receivers of one's own. */
export const privateAddressesField = {
  type: "list",
  pattern: new RegExp(`^(?:${V4}|${V6})$`) as RegExp,
  allowed: "addresses and networks, such as 10.1.2.3 or 10.0.0.0/8",
  help: "private addresses that a public name may lead to",
} as const;
