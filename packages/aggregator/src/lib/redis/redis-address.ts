import { percentDecoded, SlipstreamError } from "@slipstream/conventions";
import { redisUrlPattern } from "./options.ts";

export interface RedisHost {
  readonly host: string;
  readonly port: number;
}

interface Login {
  readonly tls: boolean;
  readonly username?: string;
  readonly password?: string;
}

/** Where Redis is. */
export type RedisAddress =
  | { readonly kind: "server"; readonly hosts: readonly RedisHost[] }
  | (Login & { readonly kind: "cluster"; readonly hosts: readonly RedisHost[] })
  | (Login & {
      readonly kind: "sentinel";
      /** The Sentinels. */
      readonly hosts: readonly RedisHost[];
      /** What they call the primary and its replicas. */
      readonly master: string;
      readonly database: number;
      readonly sentinelUsername?: string;
      readonly sentinelPassword?: string;
    });

const parts = /^(rediss?)(?:\+(sentinel|cluster))?:\/\/(?:(.*)@)?([^/?#@]+)([^?#]*)(?:\?(.*))?$/i;
const hashTag = /^[^{]*\{[^}]+\}/;

/**
 * Reads the URL of Redis: `redis://HOST:PORT/DATABASE`, `redis+sentinel://HOST:PORT,HOST:PORT/MASTER/DATABASE` or
 * `redis+cluster://HOST:PORT,HOST:PORT`; with `rediss` for TLS.
 *
 * @throws SlipstreamError `redis_url`. Its message shows the URL without the password.
 */
export function redisAddress(url: string): RedisAddress {
  const [, scheme, kindText, login, hostText, path, query] = parts.exec(url) ?? [];
  if (!redisUrlPattern.test(url) || scheme === undefined || hostText === undefined) throw notRedis(url);
  const kind = kindText?.toLowerCase();
  const parameters = new URLSearchParams(query);
  const hosts = hostText.split(",").map((text) => hostOf(text, kind === "sentinel" ? 26_379 : 6_379));
  const [first = "", second] = (path ?? "").split("/").slice(1);
  if (kind === undefined) return { kind: "server", hosts };
  const tls = scheme.toLowerCase() === "rediss";
  const shared = { tls, hosts, ...loginOf(login) };
  if (kind === "cluster") return { kind: "cluster", ...shared };
  const [sentinelUsername, sentinelPassword] = ["sentinelUsername", "sentinelPassword"].map((name) =>
    parameters.get(name),
  );
  return {
    kind: "sentinel",
    ...shared,
    master: percentDecoded(first),
    database: Number(parameters.get("db") ?? second ?? 0),
    ...(sentinelUsername ? { sentinelUsername } : {}),
    ...(sentinelPassword ? { sentinelPassword } : {}),
  };
}

/**
 * Checks that a URL and a prefix can be used together: a Cluster runs a script only on keys of one slot.
 *
 * @throws SlipstreamError `redis_url`
 */
export function assertRedisTarget(url: string, prefix: string | undefined): void {
  if (redisAddress(url).kind !== "cluster" || hashTag.test(prefix ?? "")) return;
  throw new SlipstreamError(
    "redis_url",
    `A Redis Cluster needs all keys of Slipstream in one slot. Set redisPrefix (--redis-prefix) to one with a hash tag, such as {slipstream}:, and not ${JSON.stringify(prefix ?? "")}.`,
    { field: "redisPrefix" },
  );
}

/** A URL as it may be logged: the password, and a query that could hold one, replaced by `***`. */
export function redactUrl(url: string): string {
  return url.replace(/(\/\/[^:@]*:).*@/, "$1***@").replace(/([?&](?:sentinel)?password=)[^&#]*/gi, "$1***");
}

function hostOf(text: string, defaultPort: number): RedisHost {
  const [, bracketed, name, port] = /^(?:\[(.+)\]|([^:]+))(?::(\d+))?$/.exec(text) ?? [];
  return { host: bracketed ?? name ?? text, port: Number(port ?? defaultPort) };
}

function loginOf(login: string | undefined): { username?: string; password?: string } {
  if (login === undefined || login === "") return {};
  const colon = login.indexOf(":");
  const [username, password] =
    colon < 0 ? [login, ""] : [login.slice(0, colon), login.slice(colon + 1)].map(percentDecoded);
  return { ...(username ? { username } : {}), ...(password ? { password } : {}) };
}

function notRedis(url: string): SlipstreamError {
  return new SlipstreamError(
    "redis_url",
    `"${redactUrl(url)}" is not a Redis URL. Write one like redis://127.0.0.1:6379, rediss://user:password@host:6379/0, redis+sentinel://host:26379,host:26379/mymaster or redis+cluster://host:6379,host:6379.`,
    { field: "redis" },
  );
}
