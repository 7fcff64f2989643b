import { createServer, type Server } from "node:http";
import { type AddressInfo, connect, type LookupFunction } from "node:net";
import { listening } from "@slipstream/testing/listening";
import { startTlsProxy } from "@slipstream/testing/tls-proxy";
import { expect, onTestFinished, test } from "vitest";
import { proxyFor } from "./proxy.ts";
import type { Sent } from "./send.ts";
import { createSender } from "./sender.ts";

test.each([
  ["https://a.example/", {}, undefined],
  ["https://a.example/", { HTTPS_PROXY: "http://p:3128" }, "http://p:3128/"],
  ["https://a.example/", { https_proxy: "http://low:1", HTTPS_PROXY: "http://p:3128" }, "http://low:1/"],
  ["https://a.example/", { HTTP_PROXY: "http://p:3128" }, undefined],
  ["http://a.example/", { HTTP_PROXY: "http://p:3128", HTTPS_PROXY: "http://q" }, "http://p:3128/"],
  ["https://a.example/", { HTTPS_PROXY: "" }, undefined],
])("%s with %j is asked through %s", (url, env, proxy) => {
  expect(proxyFor(new URL(url), env)?.href).toBe(proxy);
});

test.each([
  ["https://a.example/", "a.example"],
  ["https://b.a.example/", "a.example"],
  ["https://b.a.example/", ".a.example"],
  ["https://b.a.example/", "*.A.Example"],
  ["https://a.example/", "x, a.example:443"],
  ["https://a.example:8443/", "x a.example:8443"],
  ["https://a.example/", "*"],
  ["https://10.1.2.3/", "10.0.0.0/8"],
  ["https://10.1.2.3/", "10.1.2.3"],
  ["https://[fd00::1]/", "fd00::/8"],
  ["https://[fd00::1]/", "fd00::1"],
  ["https://[fd00::1]:8443/", "[fd00::1]:8443"],
  ["https://localhost:9093/", ""],
  ["https://127.0.0.1/", ""],
  ["https://[::1]/", ""],
])("%s is asked directly if NO_PROXY is %j", (url, noProxy) => {
  expect(proxyFor(new URL(url), { HTTPS_PROXY: "http://p:3128", NO_PROXY: noProxy })).toBeUndefined();
});

test.each([
  ["https://ba.example/", "a.example"],
  ["https://a.example:8443/", "a.example:443"],
  ["https://11.1.2.3/", "10.0.0.0/8, ,"],
  ["https://a.example.evil/", "a.example"],
])("%s is asked through the proxy although NO_PROXY is %j", (url, noProxy) => {
  expect(proxyFor(new URL(url), { HTTPS_PROXY: "http://p:3128", NO_PROXY: noProxy })?.host).toBe("p:3128");
});

/** What the proxy was asked, and how often it was connected to. */
interface Seen {
  readonly asked: string[];
  connections: number;
}

/** A proxy, which leads all tunnels to `port` (none: it closes them), or answers `status`. */
async function startProxy(port: number | undefined, status = 200): Promise<Seen & { readonly url: string }> {
  const seen: Seen & { url: string } = { asked: [], connections: 0, url: "" };
  const server: Server = createServer((request, response) => {
    seen.asked.push(`${request.method} ${request.url} ${request.headers.host}`);
    seen.asked.push(String(request.headers["proxy-authorization"]));
    response.end("by the proxy");
  });
  server.on("connection", () => {
    seen.connections += 1;
  });
  server.on("connect", (request, socket) => {
    socket.on("error", () => undefined);
    seen.asked.push(`CONNECT ${request.url} ${request.headers["proxy-authorization"]}`);
    if (status !== 200) socket.end(`HTTP/1.1 ${status} No\r\n\r\n`);
    else if (port === undefined) socket.destroy();
    else {
      socket.write("HTTP/1.1 200 Connected\r\n\r\n");
      const target = connect(port, "127.0.0.1").on("error", () => socket.destroy());
      socket.pipe(target).pipe(socket);
    }
  });
  seen.url = `http://name:p%40ss@127.0.0.1:${await listening(server)}`;
  return seen;
}

/** Nothing can be looked up here. */
const nothing: LookupFunction = (_name, _options, callback) =>
  callback(Object.assign(new Error("not here"), { code: "ENOTFOUND" }), "", 4);

function send(url: string, proxy: string, lookup: LookupFunction = nothing): Promise<Sent> {
  const sender = createSender({ env: { HTTPS_PROXY: proxy, HTTP_PROXY: proxy }, lookup });
  onTestFinished(() => sender.close());
  return sender.send(
    { url, method: "POST", headers: {}, body: "{}", secrets: [] },
    new AbortController().signal,
  );
}

const LOGIN = `Basic ${Buffer.from("name:p@ss").toString("base64")}`;

test("https goes through a tunnel, in which the receiver's certificate is checked", async () => {
  const target = createServer((_request, response) => response.end());
  await new Promise<void>((resolve) => target.listen(0, "127.0.0.1", resolve));
  const tls = await startTlsProxy((target.address() as AddressInfo).port);
  const proxy = await startProxy(tls.port);
  const sent = await send("https://hooks.desk.example/path", proxy.url);
  expect(proxy.asked).toEqual([`CONNECT hooks.desk.example:443 ${LOGIN}`]);
  expect(sent).toMatchObject({
    kind: "failure",
    reason: expect.stringContaining("certificate is not trusted") as string,
  });
  await tls.close();
  target.close();
});

test("http is asked of the proxy itself", async () => {
  const proxy = await startProxy(undefined);
  const sent = await send("http://hooks.desk.example:8080/path?a=b", proxy.url);
  expect(sent).toMatchObject({ status: 200, body: "by the proxy" });
  expect(proxy.asked).toEqual([
    "POST http://hooks.desk.example:8080/path?a=b hooks.desk.example:8080",
    LOGIN,
  ]);
});

test("a proxy that closes, refuses or is not there is a failure, and is not connected to again and again", async () => {
  const closes = await startProxy(undefined);
  expect(await send("https://hooks.desk.example/", closes.url)).toMatchObject({
    reason: "hooks.desk.example closed the connection without an answer",
  });
  expect(closes.connections).toBe(1);
  const refuses = await startProxy(undefined, 407);
  expect(await send("https://hooks.desk.example/", refuses.url)).toMatchObject({
    reason: "the proxy does not lead to hooks.desk.example: it answered 407",
  });
  expect(refuses.connections).toBe(1);
  const gone = await send("https://hooks.desk.example/", "http://127.0.0.1:9");
  expect(gone).toMatchObject({ reason: expect.stringContaining("ECONNREFUSED") as string });
});

test("a proxy is not asked for what must not be asked", async () => {
  const proxy = await startProxy(undefined);
  const metadata: LookupFunction = (_name, _options, callback) =>
    callback(null, [{ address: "169.254.169.254", family: 4 }]);
  for (const scheme of ["http", "https"]) {
    for (const host of ["169.254.169.254", "metadata.google.internal", "[::ffff:a9fe:a9fe]"])
      expect(await send(`${scheme}://${host}/`, proxy.url)).toMatchObject({ isPermanent: true });
    expect(await send(`${scheme}://hooks.desk.example/`, proxy.url, metadata)).toMatchObject({
      isPermanent: true,
    });
  }
  expect(await send("https://hooks.desk.example/", "http://169.254.169.254/")).toEqual({
    kind: "failure",
    reason:
      "hooks.desk.example is not asked: because of the proxy, 169.254.169.254: it leads to the metadata service of a cloud",
    isPermanent: true,
  });
  expect(proxy.connections).toBe(0);
});

test("a variable that names no proxy is reported, without its login", async () => {
  for (const wrong of ["proxy.desk.example", "socks5://name:p@ss@proxy", "://"]) {
    expect(await send("https://hooks.desk.example/", wrong)).toEqual({
      kind: "failure",
      reason:
        "hooks.desk.example is not asked: HTTPS_PROXY is no URL of an HTTP proxy, such as http://proxy:3128",
      isPermanent: true,
    });
  }
});
