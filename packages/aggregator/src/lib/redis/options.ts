/** The Redis that the dashboards are written to. */
export const redisOptions = {
  title: "Redis",
  options: {
    redis: {
      type: "url",
      protocols: ["redis:", "rediss:"],
      example: "redis://127.0.0.1:6379",
      secret: true,
      unset: "none; the embedded store has the dashboards",
      env: "REDIS_URL",
      flag: "--redis <url>",
      help: "Redis that the dashboards are written to",
    },
  },
} as const;
