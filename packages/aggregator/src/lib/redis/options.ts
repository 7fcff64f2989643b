/**
 * A host, then the number of a database or nothing, in the path or as `db` in the query. For any other database, the client ends
 * the process.
 */
export const redisUrlPattern: RegExp =
  /^[a-z]+:\/\/[^/?#]+(?:\/\d{0,5})?(?:\?(?:db=\d{1,5}|(?!db=)[^&#]*)(?:&(?:db=\d{1,5}|(?!db=)[^&#]*))*)?$/i;

/** The Redis that the dashboards are written to. */
export const redisOptions = {
  title: "Redis",
  options: {
    redis: {
      type: "url",
      protocols: ["redis:", "rediss:"],
      pattern: redisUrlPattern as RegExp,
      example: "redis://127.0.0.1:6379",
      note: "the number of a database may follow: /1",
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
