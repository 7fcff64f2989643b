import { request as requestHttps } from "node:https";
import { isIP, type LookupFunction } from "node:net";
import { percentDecoded } from "@slipstream/conventions";
import { buildConnector } from "undici";
import { http } from "../../node-http.ts";
import { isNetwork, listOf } from "./address.ts";
import { NotAsked, ProxyRefused, TooSlow } from "./reason.ts";
import type { SenderLimits } from "./send.ts";

/**
 * The proxy that a URL is to be asked through: `HTTPS_PROXY` or `HTTP_PROXY`, in upper or lower case, unless `NO_PROXY` names
 * the host: `*`, names (with what is below them), addresses, networks (10.0.0.0/8), each with or without a port. This machine is asked directly.
 *
 * @throws NotAsked if the variable is no URL of a proxy
 */
export function proxyFor(url: URL, env: Readonly<Record<string, string | undefined>>): URL | undefined {
  const variable = url.protocol === "https:" ? "https_proxy" : "http_proxy";
  const value = variableOf(env, variable);
  if (value === undefined || isExempt(url, variableOf(env, "no_proxy") ?? "")) return undefined;
  const proxy = URL.canParse(value) ? new URL(value) : undefined;
  if (proxy === undefined || !/^https?:$/.test(proxy.protocol))
    throw new NotAsked(`${variable.toUpperCase()} is no URL of an HTTP proxy, such as http://proxy:3128`);
  return proxy;
}

/** What a proxy that wants a login is given. */
export function proxyHeaders({ username, password }: URL): Readonly<Record<string, string>> {
  return username === "" && password === ""
    ? {}
    : { "proxy-authorization": basic(percentDecoded(username), percentDecoded(password)) };
}

export function basic(name: string, password: string): string {
  return `Basic ${loginText(name, password)}`;
}

/** A login as a header has it, which everybody can read. */
export function loginText(name: string, password: string): string {
  return Buffer.from(`${name}:${password}`).toString("base64");
}

/**
 * Connects by a tunnel through a proxy (CONNECT). undici's own `ProxyAgent` connects again without end, hundreds of times a second, to a
 * proxy that closes the connection.
 *
 * @param lookup for the proxy's name
 */
export function tunnelThrough(
  proxy: URL,
  lookup: LookupFunction,
  { connectMs }: SenderLimits,
): buildConnector.connector {
  const secure = buildConnector({ timeout: connectMs });
  return (options, callback) => {
    const target = options.port === "" ? `${options.host}:443` : (options.host ?? "");
    const request = (proxy.protocol === "https:" ? requestHttps : http.request)({
      host: bareHost(proxy),
      port: proxy.port,
      method: "CONNECT",
      path: target,
      headers: { ...proxyHeaders(proxy), host: target },
      agent: false,
      lookup,
    });
    const timer = setTimeout(() => request.destroy(new TooSlow("no connection to")), connectMs);
    request.once("error", (error) => {
      clearTimeout(timer);
      callback(error, null);
    });
    request.once("connect", ({ statusCode }, socket, head) => {
      clearTimeout(timer);
      if (statusCode === 200) {
        if (head.length > 0) socket.unshift(head);
        return secure({ ...options, httpSocket: socket as never }, callback);
      }
      socket.destroy();
      callback(new ProxyRefused(`it answered ${statusCode}`), null);
    });
    request.end();
  };
}

function variableOf(env: Readonly<Record<string, string | undefined>>, name: string): string | undefined {
  return env[name] || env[name.toUpperCase()] || undefined;
}

function isExempt(url: URL, noProxy: string): boolean {
  const host = bareHost(url);
  if (host === "localhost" || host.endsWith(".localhost") || host === "::1" || host.startsWith("127."))
    return true;
  const port = url.port === "" ? (url.protocol === "https:" ? "443" : "80") : url.port;
  return noProxy
    .toLowerCase()
    .split(/[\s,]+/)
    .some((entry) => {
      if (entry === "*") return true;
      const [, name = entry, only = port] = /^(.+?):(\d+)$/.exec(isIP(entry) === 6 ? "" : entry) ?? [];
      const bare = name.replace(/^\*?\./, "").replace(/^\[|\]$/g, "");
      if (bare === "" || only !== port) return false;
      if (isNetwork(bare) && isIP(host) !== 0)
        return listOf([bare]).check(host, isIP(host) === 4 ? "ipv4" : "ipv6");
      return host === bare || host.endsWith(`.${bare}`);
    });
}

/** Without brackets. */
export function bareHost({ hostname }: URL): string {
  return hostname.replace(/^\[|\]$/g, "");
}
