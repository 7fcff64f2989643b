import type { ClientRequest } from "node:http";

/** The URL of a request, as far as it knows it. */
export function urlOf(request: ClientRequest): string {
  const { protocol, host, path } = request;
  // To a proxy, the path is the URL.
  if (/^https?:\/\//i.test(path)) return path;
  return `${protocol}//${authorityOf(request, host)}${path}`;
}

/** The port stands in the Host header alone, which may name another host. */
function authorityOf(request: ClientRequest, host: string): string {
  const shown = host.includes(":") && !host.startsWith("[") ? `[${host}]` : host;
  const header = request.getHeader("host");
  return typeof header === "string" && header.startsWith(`${shown}:`) ? header : shown;
}
