import type { IncomingMessage } from "node:http";
import { isIPv4, isIPv6 } from "node:net";
import { SlipstreamError } from "@slipstream/conventions";
import { HttpError } from "./http-error.ts";

/** A host as a client names it. */
export interface Host {
  /** Lower case, without a trailing dot. IPv6 is shortened and in brackets. */
  readonly name: string;
  /** As it was sent; empty if it was not. */
  readonly port: string;
}

/** Reads `host[:port]`; undefined if it is malformed. An IPv6 zone is not allowed: it means nothing elsewhere. */
export function parseHost(text: string): Host | undefined {
  const [, bracketed, name, port = ""] =
    /^(?:\[([0-9a-f:.]+)\]|([a-z0-9_-]+(?:\.[a-z0-9_-]+)*)\.?)(?::(\d{0,5}))?$/i.exec(text) ?? [];
  if (name !== undefined) return { name: name.toLowerCase(), port };
  if (bracketed === undefined || !isIPv6(bracketed)) return undefined;
  return { name: new URL(`http://[${bracketed}]`).hostname, port };
}

/** Whether to listen on this host is to be reached from this machine only. */
export function isLoopback(host: string): boolean {
  return host === "localhost" || host === "::1" || (isIPv4(host) && host.startsWith("127."));
}

/**
 * The names of the option `allowedHosts`, as `parseHost` writes them.
 * @throws SlipstreamError `invalid_option` for what is no host, or has a port
 */
export function allowedNames(allowedHosts: readonly string[]): ReadonlySet<string> {
  return new Set(
    allowedHosts.map((text) => {
      const host = parseHost(isIPv6(text) ? `[${text}]` : text);
      if (host !== undefined && host.port === "" && !text.endsWith(":")) return host.name;
      throw new SlipstreamError(
        "invalid_option",
        `allowedHosts has ${JSON.stringify(text)}; allowed: host names and IP addresses, without a port`,
        { field: "allowedHosts" },
      );
    }),
  );
}

/**
 * The host that a request is for: the one in its target, if that is a whole URL, or else its Host header. Undefined
 * for HTTP/1.0 without one, if hosts are not checked.
 */
export type HostCheck = (request: IncomingMessage, authority: string | undefined) => Host | undefined;

/**
 * A page can give its own name the address 127.0.0.1 and then read from here as from its own server (DNS rebinding).
 * Its requests still carry its name as their host. So if `listensOn` is loopback, or hosts are allowed by name,
 * only requests for those, for loopback, for `listensOn`, and for the address that they came in at are answered.
 * @returns a check that throws HttpError 400 `bad_host`, 403 `host_not_allowed`
 */
export function createHostCheck(listensOn: string, allowed: ReadonlySet<string>): HostCheck {
  const checks = isLoopback(listensOn) || allowed.size > 0;
  return (request, authority) => {
    const [header, ...more] = hostHeaders(request.rawHeaders);
    if (more.length > 0) throw badHost("The request has more than one Host header.");
    if (header === undefined && (checks || request.httpVersion !== "1.0")) {
      throw badHost("The request has no Host header.");
    }
    let host: Host | undefined;
    for (const text of [header, authority]) {
      if (text === undefined) continue;
      host = parseHost(text);
      if (host === undefined) throw badHost(`The request's host is malformed: ${shown(text)}.`);
      if (checks && !allowed.has(host.name) && !isOurs(host.name, listensOn, request.socket.localAddress)) {
        throw notAllowed(host.name);
      }
    }
    return host;
  };
}

/** The Host header, each time that it was sent: `headers` has only the first. */
function hostHeaders(rawHeaders: readonly string[]): readonly string[] {
  return rawHeaders.filter((_, index) => {
    const name = index % 2 === 1 ? rawHeaders[index - 1] : undefined;
    return name?.length === 4 && name.toLowerCase() === "host";
  });
}

/** An address cannot be rebound: who is connected to it is there. */
function isOurs(name: string, listensOn: string, localAddress = ""): boolean {
  const address = name.replace(/^\[(.*)\]$/, "$1");
  // IPv4 on an IPv6 socket is ::ffff:a.b.c.d, and a link-local address has a zone.
  const own = localAddress.replace(/^::ffff:(?=.*\.)/, "").replace(/%.*/, "");
  return (
    isLoopback(address) ||
    address === own ||
    address === listensOn.toLowerCase() ||
    // IPv4's loopback as IPv6.
    /^::ffff:7f[0-9a-f]{2}:/.test(address)
  );
}

function badHost(message: string): HttpError {
  return new HttpError(400, "bad_host", message, { field: "Host" });
}

function notAllowed(name: string): HttpError {
  return new HttpError(
    403,
    "host_not_allowed",
    `Requests for the host ${shown(name)} are refused, so that no web page can pose as the aggregator. To allow the name, add it to allowedHosts (SLIPSTREAM_ALLOWED_HOSTS).`,
    { field: "Host" },
  );
}

function shown(text: string): string {
  return JSON.stringify(text.slice(0, 100));
}
