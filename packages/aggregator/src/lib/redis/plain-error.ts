/** What an error of Redis means here, in words that say what to do. Others keep their own, without the place in the script. */
export function plainRedisError(error: unknown): Error {
  const text = error instanceof Error ? error.message : String(error);
  const plain = text
    .replace(/ script: \w+, on @?[\w:]+\.?$/, "")
    .replace(/^ERR Error running script[^:]*: (?:@?\w+:\d+: )*/, "");
  const advice = advices.find(([pattern]) => pattern.test(text))?.[1];
  const message = advice === undefined ? plain : `${plain} ${advice}`;
  return message === text && error instanceof Error ? error : new Error(message, { cause: error });
}

const advices: readonly (readonly [RegExp, string])[] = [
  [/READONLY/, "(This is a replica: give the address of the primary.)"],
  [
    /MOVED|CROSSSLOT|non local key/i,
    "(This is a Cluster: set redisPrefix to one with a hash tag, such as {slipstream}:, and give the node that has its slot.)",
  ],
  [
    /NOPERM/,
    "(Its user needs the commands EVAL, EVALSHA, TIME, and those that read and write the keys; see docs/stores.md.)",
  ],
];
