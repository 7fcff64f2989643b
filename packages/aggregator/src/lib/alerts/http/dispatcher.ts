import type { LookupAddress, LookupOptions } from "node:dns";
import type { LookupFunction } from "node:net";
import { Agent, type Dispatcher, EnvHttpProxyAgent } from "undici";
import { addressFault, type PrivateAddresses } from "./destination.ts";
import { AddressRefused } from "./reason.ts";
import type { SenderLimits } from "./send.ts";

/** Proxies of the environment. */
export interface Proxies {
  readonly http: string | undefined;
  readonly https: string | undefined;
  readonly none: string;
}

/** Never asked through a proxy. */
const THIS_MACHINE = "localhost,127.0.0.1,[::1]";

/** The proxies that an environment names, in lower or upper case; undefined: none. */
export function proxiesOf(env: Readonly<Record<string, string | undefined>>): Proxies | undefined {
  const named = (name: string): string | undefined => env[name] || env[name.toUpperCase()] || undefined;
  const [http, https, none] = [named("http_proxy"), named("https_proxy"), named("no_proxy")];
  if (http === undefined && https === undefined) return undefined;
  return { http, https, none: none === undefined ? THIS_MACHINE : `${none},${THIS_MACHINE}` };
}

/** A lookup that fails if one of the addresses must not be connected to. */
export function checkedLookup(lookup: LookupFunction, allowed: PrivateAddresses): LookupFunction {
  return (hostname, options: LookupOptions, callback) => {
    lookup(hostname, options, (error, address, family) => {
      if (error !== null) return callback(error, address, family);
      const found: readonly LookupAddress[] = Array.isArray(address)
        ? address
        : [{ address, family: family ?? 0 }];
      const fault = addressFault(
        hostname,
        found.map((one) => one.address),
        allowed,
      );
      callback(fault === undefined ? null : new AddressRefused(fault), address, family);
    });
  };
}

/** Connections that are made by a lookup, directly or by a proxy. The proxy is the operator's own, so it may be anywhere. */
export function createDispatcher(
  lookup: LookupFunction,
  proxies: Proxies | undefined,
  limits: SenderLimits,
): Dispatcher {
  const connect = { lookup, timeout: limits.connectMs };
  if (proxies === undefined) return new Agent({ connect });
  return new EnvHttpProxyAgent({
    connect,
    // Empty: it would take those of the process otherwise.
    httpProxy: proxies.http ?? "",
    httpsProxy: proxies.https ?? "",
    noProxy: proxies.none,
    proxyTls: { timeout: limits.connectMs },
    requestTls: { timeout: limits.connectMs },
    // An http address needs no tunnel.
    proxyTunnel: false,
  });
}
