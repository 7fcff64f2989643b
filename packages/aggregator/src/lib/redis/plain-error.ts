/** What the client says of a command whose connection broke before it was sent, or before the answer came. */
const BROKEN = /^(?:Reached the max retries per request limit|Stream isn't writeable)/;

/**
 * What an error of Redis means here, in words that say what to do. Others keep their own, without the place in the script.
 *
 * @param fault why there is no connection, if that is known
 */
export function plainRedisError(error: unknown, fault?: () => string | undefined): Error {
  const text = error instanceof Error ? error.message : String(error);
  if (BROKEN.test(text)) {
    return new Error(fault?.() ?? "The connection broke before Redis answered.", { cause: error });
  }
  const plain = text
    .replace(/ script: \w+, on @?[\w:]+\.?$/, "")
    .replace(/^ERR Error running script[^:]*: (?:@?\w+:\d+: )*/, "")
    // What Redis advises is for authors of clients.
    .replace(/^NOAUTH HELLO must be called.*$/, "NOAUTH Authentication required.")
    // The client puts this before what a node of a Cluster answered.
    .replace(/^Too many Cluster redirections\. Last error: (?:\w*Error: )?/, "");
  const advice = advices.find(([pattern]) => pattern.test(text))?.[1];
  const message = advice === undefined || plain.endsWith(advice) ? plain : `${plain} ${advice}`;
  return message === text && error instanceof Error ? error : new Error(message, { cause: error });
}

const advices: readonly (readonly [RegExp, string])[] = [
  [/READONLY/, "(This is a replica: give the address of the primary, or that of the Sentinels.)"],
  [/LOADING/, "(It has just been started. Writing begins when it has loaded its data.)"],
  [/MASTERDOWN/, "(This is a replica that has lost its primary: give the address of the primary.)"],
  [/NOREPLICAS/, "(min-replicas-to-write asks for more replicas than it has.)"],
  [
    /MOVED|ASK \d|CROSSSLOT|non local key/i,
    "(This is a Cluster: write redis+cluster://HOST:PORT, and set redisPrefix to one with a hash tag, such as {slipstream}:.)",
  ],
  [/CLUSTERDOWN/, "(The Cluster lacks a node, or no node has some of its slots: see CLUSTER INFO.)"],
  [/TRYAGAIN/, "(The Cluster is moving the keys to another node. Writing continues when that is done.)"],
  [/cluster support disabled/, "(This Redis is not a Cluster: write redis:// in place of redis+cluster://.)"],
  [/SELECT is not allowed in cluster mode/, "(A Cluster has database 0 only: leave out its number.)"],
  [
    /DB index is out of range|invalid DB index/,
    '(It has no database of this number; its setting "databases" says how many it has. Nothing is written to another one.)',
  ],
  [/NOAUTH|WRONGPASS|invalid password/, "(Write the password in the URL: redis://:PASSWORD@HOST:PORT.)"],
  [
    /NOPERM/,
    "(Its user needs the commands EVAL, EVALSHA, TIME, and those that read and write the keys; see docs/stores.md.)",
  ],
  [/\bOOM\b/, "(Its memory is full: raise maxmemory, or choose a maxmemory-policy that makes room.)"],
  [
    /self.signed certificate|unable to (?:verify the first|get (?:local )?issuer) certificate/,
    "(Its certificate is not trusted. If a CA of your own signed it, name its file in NODE_EXTRA_CA_CERTS.)",
  ],
  [/wrong version number/, "(It does not speak TLS: write redis:// in place of rediss://.)"],
  [/MISCONF/, "(It cannot save to its disk and takes no writes until it can: see its log.)"],
];
