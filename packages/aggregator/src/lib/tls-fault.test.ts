import { type AddressInfo, createServer } from "node:net";
import { connect } from "node:tls";
import { expect, onTestFinished, test } from "vitest";
import { tlsFault } from "./tls-fault.ts";

test.each([
  ["DEPTH_ZERO_SELF_SIGNED_CERT", "its certificate is not trusted; if a CA of your own signed it, do this"],
  ["CERT_HAS_EXPIRED", "its certificate has expired"],
  ["ERR_TLS_CERT_ALTNAME_INVALID", "its certificate is for another host name"],
  ["EPROTO", "it did not answer with TLS; does the address name the right protocol and port?"],
  ["ECONNREFUSED", undefined],
  ["ECONNRESET", undefined],
])("TLS that fails with %s says what to do", (code, fault) => {
  expect(tlsFault(Object.assign(new Error("why"), { code }), "do this")).toBe(fault);
});

test("a server that closes the connection instead of answering does not speak TLS", async () => {
  const server = createServer((socket) => void socket.destroy());
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void server.close());
  const { port } = server.address() as AddressInfo;
  const socket = connect({ host: "127.0.0.1", port });
  const error = await new Promise((resolve) => socket.on("error", resolve));
  // Once in a while the system notices first that it was reset.
  expect([tlsFault(error, ""), String(error)]).toContainEqual(
    expect.stringMatching(/did not answer with TLS|read ECONNRESET/),
  );
});
