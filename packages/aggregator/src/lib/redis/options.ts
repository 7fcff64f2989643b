/** Name and password, if any. A password may hold anything but what ends this part of a URL. */
const LOGIN = "(?:[^/?#]*@)?";
/** A host with or without a port; IPv6 in brackets. */
const HOST = String.raw`(?:\[[\da-f:.]+\]|[^/?#,@:[\]]+)(?::\d{1,5})?`;
const HOSTS = `${HOST}(?:,${HOST})*`;
/** `db` in the query must be a number. For any other database, the client ends the process. */
const QUERY = String.raw`(?:\?(?:db=\d{1,5}|(?!db=)[^&#]*)(?:&(?:db=\d{1,5}|(?!db=)[^&#]*))*)?`;

/**
 * One of three forms: a host and the number of a database or nothing; Sentinels, the name of their master and the number of a
 * database or nothing; nodes of a Cluster.
 */
export const redisUrlPattern: RegExp = new RegExp(
  [
    String.raw`^rediss?://${LOGIN}${HOST}(?:/\d{0,5})?${QUERY}$`,
    String.raw`^rediss?\+sentinel://${LOGIN}${HOSTS}/[^/?#]+(?:/\d{0,5})?${QUERY}$`,
    String.raw`^rediss?\+cluster://${LOGIN}${HOSTS}/?$`,
  ].join("|"),
  "i",
);

/** The Redis that the dashboards are written to. */
export const redisOptions = {
  title: "Redis",
  options: {
    redis: {
      type: "url",
      protocols: [
        "redis:",
        "rediss:",
        "redis+sentinel:",
        "rediss+sentinel:",
        "redis+cluster:",
        "rediss+cluster:",
      ],
      severalHosts: true,
      pattern: redisUrlPattern as RegExp,
      example: "redis://127.0.0.1:6379",
      note: "the number of a database may follow: /1; for Sentinel redis+sentinel://HOST:26379,HOST:26379/NAME, for a Cluster redis+cluster://HOST:6379,HOST:6379",
      secret: true,
      unset: "none; the embedded store has the dashboards",
      env: "REDIS_URL",
      flag: "--redis <url>",
      help: "Redis that the dashboards are written to",
    },
    redisPrefix: {
      type: "text",
      pattern: /^[\x21-\x7e]{1,100}$/ as RegExp,
      allowed: "up to 100 printable ASCII characters without spaces, such as desk-a:",
      unset: "none; docs/attributes.md lists the keys",
      env: "SLIPSTREAM_REDIS_PREFIX",
      flag: "--redis-prefix <prefix>",
      help: "prefix of every key in Redis, for a Redis that another desk writes to as well",
    },
  },
} as const;
