import { expect, test } from "vitest";
import { isSecretAttribute, isSecretFlag, secretRanges, withoutSecrets } from "./secret-ranges.ts";
import { keyForms, keyInPathHosts, secretFragments, secretNames, secretQueryNames } from "./secret-table.ts";

const KEY = "0a1b2c3d4e5f60718293a4b5c6d7e8f9";

test.each([
  `https://mainnet.helius-rpc.com/?api-key=${KEY}`,
  `https://rpc.example/x?a=1&ApiKey=${KEY}&b=2`,
  `https://rpc.example/?key=${KEY}`,
  `https://s3.example/o?X-Amz-Signature=${KEY}&X-Amz-Date=1`,
  `https://rpc.example/?x=1&access_token=${KEY}#top`,
  `https://user:${KEY}@rpc.example/`,
  `https://${KEY}@rpc.example/`,
  `postgres://desk:${KEY}@db:5432/trades`,
  `https://solana-mainnet.g.alchemy.com/v2/${KEY}`,
  `https://x.solana-mainnet.quiknode.pro/${KEY}/`,
  `https://desk.rpcpool.com/8c4b1f2e-1111-4222-8333-${KEY.slice(0, 12)}`,
  `https:\\/\\/solana-mainnet.infura.io\\/v3\\/${KEY}`,
  `https://api.syndica.io/access-token/${KEY}/rpc`,
  `https://api.telegram.org/bot12345:${KEY}/sendMessage`,
  `next=https%3A%2F%2Frpc.example%2F%3Fapi-key%3D${KEY}%26x%3D1`,
  `Error: 401 from node, Authorization: Bearer ${KEY}`,
  `authorization: Digest username="x", response=${KEY}`.replaceAll('"', ""),
  `Cookie: session=1; sid=${KEY}`,
  `{"apiKey":"${KEY}","x":1}`,
  `{\\"password\\":\\"${KEY}\\"}`,
  `node bot.js --api-key ${KEY} --rate 5`,
  `node bot.js --token=${KEY}`,
  `HELIUS_API_KEY=${KEY} node bot.js`,
  `http::addr=127.0.0.1:9000;username=a;password=${KEY};`,
  `SELECT 1 FROM u WHERE password = '${KEY}'`,
  `CREATE USER a IDENTIFIED BY '${KEY}'`,
  `-----BEGIN PRIVATE KEY-----\n${KEY}\n-----END PRIVATE KEY-----`,
  `eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.${KEY}`,
  `at fetch (https://rpc.example/?token=${KEY}:10:5)`,
  `https://rpc.example/?api%2Dkey=${KEY}`,
  `next=https%253A%252F%252Frpc.example%252F%253Fapi-key%253D${KEY}`,
  `next=https%3A%2F%2Fdesk%3A${KEY}%40rpc.example%2F`,
  `next=https%3A%2F%2Fsolana-mainnet.g.alchemy.com%2Fv2%2F${KEY}`,
  `https://solana-mainnet.g.alchemy.com./v2/${KEY}`,
  `x.solana-mainnet.quiknode.pro/${KEY}`,
  `https://discordapp.com/api/webhooks/123456789012345678/${KEY}`,
  `https://mainnet.block-engine.jito.wtf/api/v1/bundles?uuid=${KEY}`,
  `postgres://desk:a/b#${KEY}@db:5432/trades`,
  `desk:${KEY}@rpc.example`,
  `connect to //desk:${KEY}@rpc.example failed`,
  `headers: {"x-api-key":["${KEY}"]}`,
  `[ 'X-Token', '${KEY}', 'Accept', '*' ]`,
  `Config { api_key: Some("${KEY}"), rate: 5 }`,
  `<password>${KEY}</password>`,
  `{"password":"a\\"${KEY}"}`,
  `user: desk\npassword: ${KEY.slice(0, 12)}\nrate: 5`,
  `Invalid API key: ${KEY}`,
  `Incorrect API key provided: ${KEY}`,
  `cannot parse private key ${KEY}`,
  `HELIUSAPIKEY=${KEY}`,
  `JITO_AUTH_KEYPAIR=${KEY}`,
  `node bot.js --key ${KEY} --rate 5`,
  `command_line: curl -u desk:${KEY} https://rpc.example`,
  `command_line: redis-cli -h cache -a ${KEY} ping`,
  `github_pat_${KEY}`,
  `ASIA${KEY}`,
  `AIzaSy${KEY}`,
  `bot 123456789:AAH${KEY} was logged out`,
  `key AKIA${KEY.slice(0, 16).toUpperCase()}`.replace(KEY.slice(0, 16).toUpperCase(), KEY),
])("%s", (text) => {
  const shown = withoutSecrets(text);
  expect(shown).not.toContain(KEY.slice(0, 12));
  expect(shown).toHaveLength(text.length);
  const lower = text.toLowerCase();
  expect(secretFragments.some((part) => lower.includes(part)) || /(?:\/\/|:)\S*@/.test(lower)).toBe(true);
});

const bytes = Array.from({ length: 64 }, (_, at) => (at * 37 + 11) % 256);

test.each([
  JSON.stringify(bytes),
  `bad key pair: [${bytes.join(", ")}]`,
  `Keypair { secretKey: Uint8Array(64) [\n  ${bytes.join(", ")}\n] }`,
  `{"secretKey":[${bytes.join(",")}]}`,
])("the 64 bytes of a key pair: %s", (text) => {
  expect(withoutSecrets(text)).not.toContain(String(bytes[20]));
});

test("the words of a seed phrase", () => {
  const words = "abandon ability able about above absent absorb abstract absurd abuse access hunter";
  for (const text of [`seed phrase: ${words}`, `MNEMONIC=${words}`, `mnemonic: "${words}"`])
    expect(withoutSecrets(text)).not.toMatch(/abandon|hunter/);
});

test.each([
  "https://quote-api.jup.ag/v6/quote?inputMint=So11111111111111111111111111111111111111112&amount=1000",
  "https://lite-api.jup.ag/tokens/v1/EPjFWdd5AufqSSqeM2qN1xzybapC8G4wEGGkZwyTDt1v",
  "Transaction signature=5VERv8NMvzbJMEkV8xnrLkEaWRtSz9CosKDYjCJjBRnbJLgp8uirBgmQpjKhoR4tjF3ZpRzrFmBV6UjKdiSZkQUW",
  "Unknown token: BONK",
  "SELECT price FROM trades WHERE pair = 'SOL/USDC'",
  "passed: 5, author: someone with a long name",
  "user@example.com wrote to http://host/path",
  "basic authentication failed",
  "sendTransaction",
  "a=b; key=dashboard:success_rate",
  `prices [${Array.from({ length: 63 }, (_, at) => at).join(",")}]`,
  "https://lite-api.jup.ag/swap?amount=5%25&slippage=1%2C5",
  "discord.com is down; see https://status.discord.com/",
  "12:34:56 AMM pool 58oQChx4yWmvKdwLLZzBi4ChoCc2fqCUWBkwMihLYQo2 has token accounts",
  "invalid token mint EPjFWdd5AufqSSqeM2qN1xzybapC8G4wEGGkZwyTDt1v",
])("%s holds no secret", (text) => {
  expect(secretRanges(text)).toEqual([]);
});

test.each([
  ["url.path", `/v2/${KEY}`, true],
  ["http.target", `/${KEY}/`, true],
  ["url.query", `key=${KEY}`, true],
  ["url.path", "/bot123456789:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw/sendMessage", true],
  ["url.path", `/api/webhooks/123456789012345678/${KEY}`, true],
  ["url.path", "/services/T00000000/B00000000/XXXXXXXXXXXXXXXXXXXXXXXX", true],
  ["db.statement", "AUTH hunter2", true],
  ["db.statement", "HELLO 3 AUTH default hunter2", true],
  ["db.statement", "GET a\nauth hunter2", true],
  ["db.query.text", "CONFIG SET requirepass hunter2", true],
  ["db.query.text", "ACL SETUSER desk on >hunter2 ~*", true],
  ["db.query.text", "CREATE USER a IDENTIFIED WITH mysql_native_password BY 'hunter2'", true],
  ["db.query.text", "SET PASSWORD FOR 'a'@'h' = PASSWORD('it''s hunter2')", true],
  ["db.query.text", "INSERT INTO users (name, password) VALUES ('desk', 'hunter2')", true],
  ["db.query.text", "SELECT author FROM auth WHERE pair = 'SOL/USDC'", false],
  ["db.query.text", "INSERT INTO trades (token, pair) VALUES ('BONK', 'BONK/SOL')", false],
  ["url.path", "/v6/quote", false],
  ["url.path", "/api/v1/orders", false],
])("%s of %s", (attribute, value, hidden) => {
  const shown = withoutSecrets(value, attribute);
  expect(shown !== value).toBe(hidden);
  expect(shown).not.toContain("hunter2");
});

test.each([
  "http.request.header.authorization",
  "http.request.header.x-api-key",
  "http.request.header.x_api_key",
  "http.response.header.set-cookie",
  "http.request.header.x-session",
  "rpc.grpc.request.metadata.authorization",
  "db.password",
  "app.helius_api_key",
  "app.apiKey",
  "PRIVATE_KEY",
  "accessToken",
  "http.request.header.ok-access-sign",
  "http.request.header.x-hub-signature-256",
  "wallet.keypair",
  "wallet.priv_key",
  "solana.private_key",
  "jito.auth_keypair",
  "redis.auth",
  "db.pass",
  "helius.key",
  "app.secrets",
])("the value of %s is a secret", (name) => {
  expect(isSecretAttribute(name)).toBe(true);
  expect(secretFragments.some((part) => name.toLowerCase().includes(part))).toBe(true);
});

test.each([
  "solana.signature",
  "trade.token_in",
  "http.request.header.content-type",
  "gen_ai.usage.input_tokens",
  "messaging.kafka.message.key",
  "service.name",
  "url.full",
  "session.id",
])("the value of %s is none", (name) => {
  expect(isSecretAttribute(name)).toBe(false);
});

test("flags whose value follows", () => {
  expect(["--token", "-key", "--api-key"].map(isSecretFlag)).toEqual([true, true, true]);
  expect(["--rate", "token", "--port=1"].map(isSecretFlag)).toEqual([false, false, false]);
});

test("every name, host and form of the table has a fragment that the fast search looks for", () => {
  const has = (text: string): boolean => secretFragments.some((part) => text.toLowerCase().includes(part));
  const spellings = (name: string): string[] => [
    `?${name}=1`,
    `--${name}=1`,
    `"${name}":"1"`,
    `&${name}%3D1`,
  ];
  expect(secretNames.flatMap(spellings).filter((text) => !has(text))).toEqual([]);
  const inQuery = secretQueryNames.flatMap((name) => [`?${name}=1`, `&${name}%3D1`]);
  expect(inQuery.filter((text) => !has(text))).toEqual([]);
  expect([...keyInPathHosts, ...keyForms].filter((text) => !has(text))).toEqual([]);
  expect(secretFragments.filter((part) => part.length !== 4)).toEqual([]);
});
