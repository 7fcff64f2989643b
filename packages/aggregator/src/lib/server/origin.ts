import type { IncomingMessage } from "node:http";
import { type Host, parseHost } from "./host.ts";
import { HttpError } from "./http-error.ts";

/** Methods that change nothing here. */
const safeMethods: readonly string[] = ["GET", "HEAD", "OPTIONS"];

/** What browsers say in Sec-Fetch-Site of requests that no other page made. */
const ownSites: readonly string[] = ["same-origin", "none"];

const defaultPorts: Readonly<Record<string, string>> = { http: "80", https: "443" };

/**
 * Refuses a request that another page made and that would change something: a browser sends it whether or not the page
 * may read the answer. Programs send neither Origin nor Sec-Fetch-Site and pass.
 * @param host What the request is for.
 * @param allowed Names that are ours too: a proxy in front may have changed the host or the port.
 * @throws HttpError 403 `origin_not_allowed`
 */
export function checkOrigin(
  { method = "", headers }: IncomingMessage,
  host: Host | undefined,
  allowed: ReadonlySet<string>,
): void {
  if (safeMethods.includes(method)) return;
  const site = headers["sec-fetch-site"];
  const { origin } = headers;
  if (origin === undefined && (site === undefined || ownSites.includes(String(site)))) return;
  if (origin !== undefined && isOwn(origin, host, allowed)) return;
  throw new HttpError(
    403,
    "origin_not_allowed",
    `A ${method} request must not come from another site's page: its Origin is ${JSON.stringify((origin ?? "not given").slice(0, 100))}. If the page is the aggregator's own, behind a proxy, add its host to allowedHosts (SLIPSTREAM_ALLOWED_HOSTS).`,
    { field: "Origin" },
  );
}

function isOwn(origin: string, host: Host | undefined, allowed: ReadonlySet<string>): boolean {
  // "null" stands for pages without an origin, of which there are many: never ours.
  const [, scheme = "", authority = ""] = /^(https?):\/\/([^/?#@]+)$/i.exec(origin) ?? [];
  const from = parseHost(authority);
  if (from === undefined) return false;
  if (allowed.has(from.name)) return true;
  const port = defaultPorts[scheme.toLowerCase()] ?? "";
  return from.name === host?.name && (from.port || port) === (host.port || port);
}
