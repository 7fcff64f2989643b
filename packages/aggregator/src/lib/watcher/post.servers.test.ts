import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { startTlsProxy } from "@slipstream/testing/tls-proxy";
import { expect, onTestFinished, test } from "vitest";
import { post } from "./post.ts";

test("a certificate that is not trusted, and a node without TLS, say what to do", async () => {
  const server = createServer((_request, response) => void response.end("{}"));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void server.close());
  const { port } = server.address() as AddressInfo;
  const proxy = await startTlsProxy(port);
  onTestFinished(() => proxy.close());
  const ask = (at: number): Promise<unknown> =>
    post(new URL(`https://127.0.0.1:${at}/?key=secret`), {}, "{}", 20_000, 99).catch(String);
  const [untrusted, plain] = await Promise.all([ask(proxy.port), ask(port)]);
  expect(untrusted).toMatch(/^PostError: the node cannot be reached \(\w+\): .* NODE_EXTRA_CA_CERTS$/);
  expect(plain).toMatch(/^PostError: the node cannot be reached \(\w+\): it did not answer with TLS;/);
});
