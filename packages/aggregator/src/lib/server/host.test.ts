import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { json } from "./answer.ts";
import { parseHost } from "./host.ts";
import { route } from "./route.ts";
import { type HttpServer, startServer } from "./server.ts";
import { ask } from "./testing/talk.ts";

const routes = [
  route({ method: "GET", path: "/x", about: "", public: true, handler: () => json({ x: 1 }) }),
  route({ method: "POST", path: "/x", about: "", public: true, handler: () => json({ x: 2 }) }),
];

async function start(host: string, allowedHosts: readonly string[] = []): Promise<HttpServer> {
  return startServer({ routes, context: undefined, host, port: 0, token: "t", allowedHosts });
}

let loopback: HttpServer;
beforeAll(async () => {
  loopback = await start("127.0.0.1", ["Desk.example.", "10.1.2.3", "fd00::1"]);
});
afterAll(() => loopback.close());

/** Asks with these header lines, and returns the status with the error's code. */
async function outcome(
  { port }: HttpServer,
  lines: string[],
  request = "GET /x HTTP/1.1",
): Promise<string | number> {
  const { status, body } = await ask(port, [request, ...lines].join("\r\n"));
  return status === 200 ? 200 : `${status} ${JSON.parse(body).error.code}`;
}

describe("on loopback, a request must be for loopback or for a name that is allowed", () => {
  test.each([
    "localhost",
    "LOCALHOST:9480",
    "localhost.",
    "127.0.0.1",
    "127.0.0.1:1",
    "127.8.9.10:80",
    "127.0.0.1:",
    "[::1]",
    "[::1]:9480",
    "[0:0:0:0:0:0:0:1]",
    "[::ffff:127.0.0.1]:80",
    "desk.example",
    "DESK.example.:443",
    "10.1.2.3:9480",
    "[FD00::1]",
  ])("%s is answered", async (host) => {
    expect(await outcome(loopback, [`Host: ${host}`])).toBe(200);
  });

  test.each([
    "evil.example",
    "evil.example:9480",
    "localhost.evil.example",
    "127.0.0.1.evil.example",
    "evil-localhost",
    "desk.example.evil",
    "sub.desk.example",
    "128.0.0.1",
    "0.0.0.0:9480",
    "127.1",
    "2130706433",
    "0x7f000001",
    "0177.0.0.1",
    "[::]",
    "[::2]",
    "[::ffff:128.0.0.1]",
    "xn--lcalhost-l9f",
  ])("%s is refused", async (host) => {
    expect(await outcome(loopback, [`Host: ${host}`])).toBe("403 host_not_allowed");
  });

  test.each([
    "",
    "localhost localhost",
    "localhost,evil.example",
    "user@localhost",
    "localhost:9480:9480",
    "localhost:port",
    "localhost:999999",
    "localhost/x",
    "localhost..",
    ".localhost",
    "[::1%lo]",
    "[::1%25lo]",
    "[::1",
    "::1",
    "[localhost]",
    "l\u00f6calhost",
  ])("%j is malformed", async (host) => {
    expect(await outcome(loopback, [`Host: ${host}`])).toBe("400 bad_host");
  });

  test("the refusal says which option to set", async () => {
    const { body } = await ask(loopback.port, "GET /x HTTP/1.1\r\nHost: evil.example");
    expect(JSON.parse(body).error).toMatchObject({
      field: "Host",
      message: expect.stringMatching(/"evil\.example".*allowedHosts \(SLIPSTREAM_ALLOWED_HOSTS\)/),
    });
  });

  test("a missing host, or two of them, is refused in every version of HTTP", async () => {
    expect(await outcome(loopback, [])).toBe("400 bad_host");
    expect(await outcome(loopback, [], "GET /x HTTP/1.0")).toBe("400 bad_host");
    expect(await outcome(loopback, ["Host: localhost"], "GET /x HTTP/1.0")).toBe(200);
    expect(await outcome(loopback, ["Host: localhost", "hOsT: evil.example"])).toBe("400 bad_host");
    expect(await outcome(loopback, ["Host: localhost", "Host: localhost"])).toBe("400 bad_host");
  });

  test("a URL as target must be for us too; other headers do not count", async () => {
    const at = (target: string) => outcome(loopback, ["Host: localhost"], `GET ${target} HTTP/1.1`);
    expect(await at("http://127.0.0.1:1/x")).toBe(200);
    expect(await at("http://evil.example/x")).toBe("403 host_not_allowed");
    expect(await at("http://localhost@evil.example/x")).toBe("400 bad_host");
    expect(await outcome(loopback, ["Host: evil.example"], "GET http://localhost/x HTTP/1.1")).toBe(
      "403 host_not_allowed",
    );
    const forwarded = ["Host: evil.example", "X-Forwarded-Host: localhost", "Forwarded: host=localhost"];
    expect(await outcome(loopback, forwarded)).toBe("403 host_not_allowed");
  });

  test("unknown paths and other methods are refused alike", async () => {
    for (const request of ["GET /nope HTTP/1.1", "DELETE /x HTTP/1.1", "OPTIONS /x HTTP/1.1"]) {
      expect(await outcome(loopback, ["Host: evil.example"], request)).toBe("403 host_not_allowed");
    }
  });
});

describe("off loopback", () => {
  test("any host will do, for there is a token", async () => {
    const server = await start("0.0.0.0");
    onTestFinished(() => server.close());
    expect(await outcome(server, ["Host: desk.example"])).toBe(200);
    expect(await outcome(server, [], "GET /x HTTP/1.0")).toBe(200);
    expect(await outcome(server, [])).toBe("400 bad_host");
  });

  test("if names are allowed, no others are, but for the address and loopback", async () => {
    const server = await start("0.0.0.0", ["desk.example"]);
    onTestFinished(() => server.close());
    expect(await outcome(server, ["Host: desk.example"])).toBe(200);
    expect(await outcome(server, ["Host: localhost:9480"])).toBe(200);
    expect(await outcome(server, [`Host: 0.0.0.0:${server.port}`])).toBe(200);
    expect(await outcome(server, ["Host: evil.example"])).toBe("403 host_not_allowed");
    expect(await outcome(server, [], "GET /x HTTP/1.0")).toBe("400 bad_host");
  });
});

test.each(["desk.example:80", "desk.example:", "*.example", "http://desk.example", "", "a b", "[::1]:80"])(
  "%j in allowedHosts is refused at start",
  async (name) => {
    await expect(start("127.0.0.1", [name])).rejects.toMatchObject({
      code: "invalid_option",
      field: "allowedHosts",
      message: expect.stringContaining("without a port"),
    });
  },
);

test("a name is read in one way, however it is written", () => {
  const label = fc.stringMatching(/^[a-z0-9_-]{1,12}$/);
  fc.assert(
    fc.property(
      fc.array(label, { minLength: 1, maxLength: 4 }),
      fc.nat(65_535),
      fc.boolean(),
      (labels, port, dot) => {
        const name = labels.join(".");
        expect(parseHost(`${name.toUpperCase()}${dot ? "." : ""}:${port}`)).toEqual({
          name,
          port: String(port),
        });
      },
    ),
  );
  fc.assert(
    fc.property(fc.ipV6(), (address) => {
      const host = parseHost(`[${address}]`);
      expect(host?.name).toBe(new URL(`http://[${address}]`).hostname);
    }),
  );
  fc.assert(
    fc.property(fc.string(), (text) => {
      const host = parseHost(text);
      if (host !== undefined) expect(parseHost(host.name)).toEqual({ name: host.name, port: "" });
    }),
  );
});

describe("a request that changes something must not come from another site's page", () => {
  const post = (...lines: string[]) =>
    outcome(
      loopback,
      [`Host: localhost:${loopback.port}`, "content-length: 0", ...lines],
      "POST /x HTTP/1.1",
    );
  const own = () => `http://localhost:${loopback.port}`;

  test("programs pass: they send no Origin", async () => {
    expect(await post()).toBe(200);
    expect(await post("Sec-Fetch-Site: none")).toBe(200);
  });

  test("our own page passes", async () => {
    expect(await post(`Origin: ${own()}`)).toBe(200);
    expect(await post(`Origin: ${own().toUpperCase()}`)).toBe(200);
    expect(await post(`Origin: ${own()}`, "Sec-Fetch-Site: same-origin")).toBe(200);
    expect(await post("Sec-Fetch-Site: same-origin")).toBe(200);
  });

  test("behind a proxy whose name is allowed, at whatever port", async () => {
    expect(await post("Origin: https://desk.example")).toBe(200);
    expect(await post("Origin: https://desk.example:8443", "Sec-Fetch-Site: same-origin")).toBe(200);
  });

  test("a port that goes without saying is the same as one that is said", async () => {
    const head = ["POST /x HTTP/1.1", "content-length: 0"];
    const at = (host: string, origin: string) =>
      outcome(loopback, [...head.slice(1), `Host: ${host}`, `Origin: ${origin}`], head[0]);
    expect(await at("localhost", "http://localhost")).toBe(200);
    expect(await at("localhost:80", "http://localhost")).toBe(200);
    expect(await at("localhost", "https://localhost:443")).toBe(200);
    expect(await at("localhost", "http://localhost:443")).toBe("403 origin_not_allowed");
    expect(await at("localhost:443", "http://localhost")).toBe("403 origin_not_allowed");
  });

  test.each([
    ["Origin: null"],
    ["Origin: "],
    ["Origin: http://evil.example"],
    ["Origin: http://localhost"],
    ["Origin: http://127.0.0.1"],
    ["Origin: http://localhost:3000"],
    ["Origin: http://localhost.evil.example"],
    ["Origin: http://evil.example#@localhost"],
    ["Origin: http://localhost@evil.example"],
    ["Origin: file://"],
    ["Origin: chrome-extension://localhost"],
    ["Origin: *"],
    ["Sec-Fetch-Site: cross-site"],
    ["Sec-Fetch-Site: same-site"],
    ["Sec-Fetch-Site: nonsense"],
    ["Sec-Fetch-Site: same-origin", "Origin: http://evil.example"],
    ["Origin: https://desk.example", "Origin: http://evil.example"],
  ])("%s is refused", async (...lines) => {
    expect(await post(...lines)).toBe("403 origin_not_allowed");
  });

  test("to read is allowed: the page cannot see the answer", async () => {
    expect(await outcome(loopback, ["Host: localhost", "Origin: http://evil.example"])).toBe(200);
    const { text } = await ask(
      loopback.port,
      "GET /x HTTP/1.1\r\nHost: localhost\r\nOrigin: http://evil.example",
    );
    expect(text.toLowerCase()).not.toContain("access-control-");
    expect(text.toLowerCase()).toContain("x-content-type-options: nosniff");
  });
});
