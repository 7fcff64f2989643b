import type { Host } from "@slipstream/conventions";

/** Where a request goes. Its query may hold a key: only single parameters are read from it. */
export interface Target extends Host {
  readonly path: string;
  readonly query: URLSearchParams;
}

/** undefined if it is no URL of HTTP or WebSocket. */
export function targetOf(url: URL | string): Target | undefined {
  let read: URL;
  try {
    read = typeof url === "string" ? new URL(url) : url;
  } catch {
    return undefined;
  }
  const path =
    read.pathname.length > 1 && read.pathname.endsWith("/") ? read.pathname.slice(0, -1) : read.pathname;
  return { host: read.hostname.toLowerCase(), port: read.port, path, query: read.searchParams };
}
