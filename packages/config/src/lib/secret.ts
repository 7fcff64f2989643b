import type { Option } from "./component.ts";
import { firstHostOnly, furtherHostsOf, type ObjectKind } from "./kind.ts";

const HIDDEN = "***";

/** A value as it may be printed: secrets are hidden, also inside URLs and configuration strings. */
export function withoutSecrets(option: Option, value: unknown): unknown {
  // What is in force was checked, so it is of the type that the option prints.
  if (option.type === "object") return (option as ObjectKind).printed(value);
  if (typeof value !== "string") return option.secret === true ? HIDDEN : value;
  if (option.type === "url") return withoutUrlSecrets(value, option.secret !== undefined);
  if (option.secret === undefined) return value;
  return option.secret === true ? HIDDEN : value.replaceAll(option.secret, HIDDEN);
}

/** Hides name and password in a text that holds a URL, also if the URL cannot be parsed. */
export function withoutLogin(text: string): string {
  return text.replaceAll(/(?<=\/\/)[^/@\s]*(?=@)/g, HIDDEN);
}

/** A node's key may be in the path or in the query; a database's path is its name. */
function withoutUrlSecrets(text: string, secret: boolean): string {
  const url = new URL(firstHostOnly(text));
  const web = /^https?:$/.test(url.protocol);
  if (url.password !== "") url.password = HIDDEN;
  else if (url.username !== "") url.username = HIDDEN;
  if (secret && web && url.pathname !== "/") url.pathname = `/${HIDDEN}`;
  if (secret && url.search !== "") url.search = `?${HIDDEN}`;
  if (secret && url.hash !== "") url.hash = "";
  // "http://host:1" is given back as it was written, without the slash that URL adds.
  const shown =
    url.pathname === "/" && url.search === "" && !text.endsWith("/") ? url.href.replace(/\/$/, "") : url.href;
  const end = shown.indexOf(url.host, shown.indexOf("@") + 1) + url.host.length;
  return `${shown.slice(0, end)}${furtherHostsOf(text)}${shown.slice(end)}`;
}
