import { expect, test } from "vitest";
import { plainRedisError } from "./plain-error.ts";

test.each([
  [
    "READONLY You can't write against a read only replica. script: 4eb0, on @user_script:12.",
    /^READONLY .* replica\. \(.*primary/,
  ],
  [
    "OOM command not allowed when used memory > 'maxmemory'. script: 8f80, on @user_script:1.",
    /^OOM .*'maxmemory'\. \(.*maxmemory-policy/,
  ],
  [
    "MISCONF Redis is configured to save RDB snapshots, but it's currently unable to persist on disk.",
    /^MISCONF .*its log/,
  ],
  ["LOADING Redis is loading the dataset in memory", /^LOADING .*when it has loaded/],
  ["CLUSTERDOWN Hash slot not served", /^CLUSTERDOWN .*CLUSTER INFO/],
  ["TRYAGAIN Multiple keys request during rehashing of slot", /^TRYAGAIN .*continues when/],
  ["MOVED 866 127.0.0.1:7001", /^MOVED .*redis\+cluster:\/\//],
  [
    "Too many Cluster redirections. Last error: ReplyError: CLUSTERDOWN The cluster is down",
    /^CLUSTERDOWN .*slots/,
  ],
  [
    "NOAUTH HELLO must be called with the client already authenticated, otherwise the HELLO <proto> AUTH <user> <pass> option",
    /^NOAUTH Authentication required\. \(.*redis:\/\/:PASSWORD/,
  ],
  ["WRONGPASS invalid username-password pair or user is disabled.", /^WRONGPASS .*redis:\/\/:PASSWORD/],
  ["self-signed certificate in certificate chain", /NODE_EXTRA_CA_CERTS\.\)$/],
  [
    "unable to verify the first certificate; if the root CA is installed locally, try ...",
    /NODE_EXTRA_CA_CERTS/,
  ],
  ["00A:error:0A00010B:SSL routines:tls_validate_record_header:wrong version number:", /write redis:\/\//],
  ["connect ECONNREFUSED 127.0.0.1:1", /^connect ECONNREFUSED 127\.0\.0\.1:1$/],
])("%s", (message, expected) => {
  const plain = plainRedisError(new Error(message));
  expect(plain.message).toMatch(expected);
  expect(plainRedisError(plain).message).toBe(plain.message);
});

test("a command whose connection broke is answered by why it did, if that is known", () => {
  const error = new Error("Reached the max retries per request limit (which is 0). Refer to ...");
  expect(plainRedisError(error, () => "Socket timeout").message).toBe("Socket timeout");
  expect(plainRedisError(error).message).toBe("The connection broke before Redis answered.");
});
