/**
 * What is a secret in telemetry, by name and by form: one table for what services send (`@slipstream/telemetry`) and for what the
 * aggregator keeps. Names are compared in small letters without `-`, `_` and `.`, so "x-api-key" and "apiKey" are one.
 */

/** Names whose value is a secret wherever they stand: `name=value` and `name: value` in any text, and attributes called so. */
export const secretNames: readonly string[] = [
  "accesskey",
  "accesstoken",
  "apikey",
  "apikeys",
  "apisecret",
  "apitoken",
  "authkey",
  "authorization",
  "authtoken",
  "bearertoken",
  "clientsecret",
  "cookie",
  "credential",
  "credentials",
  "encryptionkey",
  "heliuskey",
  "hmackey",
  "idtoken",
  "jwt",
  "keypair",
  "masterauth",
  "mnemonic",
  "passphrase",
  "passwd",
  "password",
  "passwords",
  "privatekey",
  "privatekeys",
  "privkey",
  "pwd",
  "recoveryphrase",
  "refreshtoken",
  "requirepass",
  "rpckey",
  "secret",
  "secretkey",
  "secrets",
  "seed",
  "seedphrase",
  "securitytoken",
  "sessiontoken",
  "setcookie",
  "signingkey",
  "token",
];

/** Names whose value is a secret in the query of a URL. Elsewhere they are usual words: a transaction has a signature. */
export const secretQueryNames: readonly string[] = [
  "auth",
  "authentication",
  "dkey",
  "key",
  "pass",
  "session",
  "sessionid",
  "sig",
  "sign",
  "signature",
  "uuid",
];

/** Attributes whose value is a secret if their name ends so. In texts they are usual words. */
export const secretAttributeNames: readonly string[] = ["auth", "pass"];

/** Where stock instrumentations record headers and metadata; the header's name follows. */
export const headerPrefixes: readonly string[] = [
  "http.request.header.",
  "http.response.header.",
  "rpc.grpc.request.metadata.",
  "rpc.grpc.response.metadata.",
  "rpc.request.metadata.",
  "rpc.response.metadata.",
  "rpc.connect_rpc.request.metadata.",
  "rpc.connect_rpc.response.metadata.",
];

/** Providers of nodes and services that take a key as a part of the path: the end of their host names. */
export const keyInPathHosts: readonly string[] = [
  "alchemy.com",
  "alchemyapi.io",
  "allthatnode.com",
  "ankr.com",
  "blastapi.io",
  "blockdaemon.com",
  "chainstack.com",
  "drpc.org",
  "extrnode.com",
  "getblock.io",
  "helius-rpc.com",
  "helius.xyz",
  "infura.io",
  "moralis.io",
  "nownodes.io",
  "nodereal.io",
  "p2pify.com",
  "quicknode.com",
  "quiknode.pro",
  "rpcpool.com",
  "syndica.io",
  "tatum.io",
  "triton.one",
  "api.telegram.org",
  "discord.com",
  "discordapp.com",
  "hooks.slack.com",
];

/** Attributes that hold what a database was asked. */
export const statementAttributes: readonly string[] = ["db.statement", "db.query.text"];

/** Attributes that hold the path of a URL without its host, and those that hold the query without the rest. */
export const pathAttributes: readonly string[] = ["url.path", "http.target"];
export const queryAttributes: readonly string[] = ["url.query", "http.target"];

/** Beginnings of keys that say by their form what they are. */
export const keyForms: readonly string[] = [
  "AIza",
  "AKIA",
  "ASIA",
  "gho_",
  "ghp_",
  "ghs_",
  "github_pat_",
  "glpat-",
  "npm_",
  "sk-ant-",
  "sk-proj-",
  "sk_live_",
  "xapp-",
  "xoxb-",
  "xoxp-",
];

/**
 * Four letters of everything above, and of what else begins a secret in a text: a text that has none of them, no `@` after
 * `//` or `:`, and no list of 64 numbers, has no secret that this table knows. In small letters.
 */
export const secretFragments: readonly string[] = [
  // Names.
  ...[
    "oken",
    "pass",
    "ecre",
    "apik",
    "pi-k",
    "pi_k",
    "pi.k",
    "utho",
    "auth",
    "ooki",
    "rede",
    "vate",
    "sske",
    "ss-k",
    "ss_k",
    "ss.k",
    "jwt=",
    "jwt:",
    "jwt%",
  ],
  ...['jwt"', 'pwd"', "nemo", "seed", "pwd=", "pwd:", "pwd%", "pwd ", ".pwd", ".jwt"],
  ...["keyp", "ivke", "iv_k", "iv-k", "seed", "ntia", "onke", "on_k", "on-k", "acke", "ac_k", "ac-k"],
  ...[
    "gkey",
    "ng_k",
    "ng-k",
    "uske",
    "us_k",
    "us-k",
    "rpck",
    "pc_k",
    "pc-k",
    "us.k",
    "pc.k",
    "ryph",
    "ry_p",
    "ry-p",
  ],
  ...["priv"],
  // As the name of an attribute in protobuf: the tag of the value comes next.
  ...["jwt\u0012", "pwd\u0012"],
  // Names in a query, also one that is percent-encoded.
  ...["key=", "key%", "sig=", "sig%", "ure=", "ure%", "sion", "keyi", "uid=", "uid%", "ign=", "ign%"],
  // A URL that is percent-encoded, once and twice.
  ...["f%2f", "52f%"],
  // Schemes of the authorization header, keys by their form, and a JSON web token.
  ...["eare", "asic", "akia", "ghp_", "glpa", "_liv", "xoxb", "xoxp", ".eyj", "begi", "tifi"],
  ...["aiza", "asia", "gho_", "ghs_", "b_pa", "npm_", "sk-a", "sk-p", "xapp"],
  // Tokens of Telegram's bots.
  ...[":aaa", ":aab", ":aac", ":aad", ":aae", ":aaf", ":aag", ":aah"],
  // Commands of Redis; base64 in JSON; command lines; "API key".
  ...["tuse", "tesv", "es_v", "nd_l", "nd_a", "pi k"],
  // Attributes whose value is looked at whatever it is.
  ...["ader", "tada", ".pat", ".que", ".tar"],
  // Hosts.
  ...[
    "chem",
    "atno",
    "node",
    "ankr",
    "tapi",
    "ckda",
    "ains",
    "drpc",
    "xtrn",
    "tblo",
    "heli",
    "nfur",
    "oral",
    "real",
    "ify.",
  ],
  ...["ickn", "uikn", "cpoo", "yndi", "atum", "iton", "eleg", "scor", "slac"],
];
