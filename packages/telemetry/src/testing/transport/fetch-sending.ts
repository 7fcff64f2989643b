import { Readable } from "node:stream";
import { type Cases, url } from "./cases.ts";
import { told } from "./told.ts";

type BodyInit = NonNullable<RequestInit["body"]>;

const json = { "content-type": "application/json" };
const post = (body: BodyInit): RequestInit => ({ method: "POST", headers: json, body });
const streamed = (body: BodyInit): RequestInit => ({ ...post(body), duplex: "half" }) as RequestInit;

async function connection(): Promise<number> {
  const answer = await (await fetch(`${url}/connection`)).json();
  return (answer as { reused: number }).reused;
}

async function* parts(): AsyncGenerator<Uint8Array> {
  for (const word of ["one", "two", "three"]) yield new TextEncoder().encode(word);
}

/** What a service sends with fetch, and how it gets there. */
export const sending: Cases = {
  // Sending.
  "a text": async () => (await fetch(`${url}/echo`, post('{"a":"ü"}'))).text(),
  bytes_sent: async () => (await fetch(`${url}/echo`, post(Buffer.from("bytes")))).text(),
  "a buffer": async () => (await fetch(`${url}/echo`, post(new Uint8Array([65, 66]).buffer))).text(),
  "a blob": async () => (await fetch(`${url}/echo`, post(new Blob(["blob"])))).text(),
  parameters: async () =>
    (await fetch(`${url}/echo`, { method: "POST", body: new URLSearchParams({ a: "1" }) })).text(),
  "a form": async () => {
    const form = new FormData();
    form.set("a", "1");
    return (await (await fetch(`${url}/echo`, { method: "POST", body: form })).formData()).get("a");
  },
  "a stream": async () =>
    (
      await fetch(`${url}/echo`, streamed(Readable.toWeb(Readable.from(parts())) as unknown as BodyInit))
    ).text(),
  "an async iterable": async () =>
    (await fetch(`${url}/echo`, streamed(parts() as unknown as BodyInit))).text(),
  "a stream that fails": async function calledStream() {
    const failing = new ReadableStream({
      pull: (controller) => controller.error(new Error("source failed")),
    });
    return told(() => fetch(`${url}/echo`, streamed(failing)));
  },
  "a stream without duplex": async () => told(() => fetch(`${url}/echo`, post(new ReadableStream()))),
  "5 MB both ways": async () =>
    (await (await fetch(`${url}/echo`, post("x".repeat(5 * 2 ** 20)))).text()).length,
  "a Request": async () => {
    const request = new Request(`${url}/echo`, post("of a request"));
    const response = await fetch(request);
    return [await response.text(), request.bodyUsed, await told(() => fetch(request))];
  },
  "a Request with options": async () =>
    (await fetch(new Request(`${url}/echo`, post("old")), { method: "PUT", body: "new" })).text(),
  "a Request without a body": async () =>
    (await fetch(new Request(`${url}/headers`, { headers: { a: "b" } }))).json(),
  "headers of a record": async () => (await fetch(`${url}/headers`, { headers: { "X-One": "1" } })).json(),
  "headers of pairs": async () =>
    (
      await fetch(`${url}/headers`, {
        headers: [
          ["x-one", "1"],
          ["X-One", "2"],
        ],
      })
    ).json(),
  "headers of Headers": async () =>
    (await fetch(`${url}/headers`, { headers: new Headers({ "x-one": "1" }) })).json(),
  "options are not changed": async () => {
    const headers = Object.freeze({ "x-one": "1" });
    const init = Object.freeze({ headers });
    await (await fetch(`${url}/headers`, init)).text();
    return [init, Object.keys(headers)];
  },
  "options of a class": async () => {
    class Options {
      get method(): string {
        return "PUT";
      }
      headers = { "x-class": "1" };
    }
    return (await fetch(`${url}/headers`, new Options())).json();
  },
  "a method in small letters": async () => (await fetch(`${url}/headers`, { method: "post" })).json(),
  "an object that is a URL when asked": async () => {
    let asked = 0;
    const input = { toString: () => `${url}/json?${++asked}` };
    return [(await fetch(input as never)).url.endsWith("/json?1"), asked];
  },

  // Codings, redirects, connections.
  gzip: async () => (await fetch(`${url}/gzip`)).json(),
  br: async () => (await fetch(`${url}/br`)).text(),
  deflate: async () => (await fetch(`${url}/deflate`)).json(),
  "bad gzip": async () => told(async () => (await fetch(`${url}/bad-gzip`)).text()),
  redirect: async () => {
    const response = await fetch(`${url}/redirect`);
    return [response.status, response.redirected, response.url.endsWith("/json"), await response.json()];
  },
  "redirect with a body": async () => (await fetch(`${url}/redirect-body`, post("again"))).text(),
  "redirect by hand": async () => {
    const response = await fetch(`${url}/redirect`, { redirect: "manual" });
    return [response.status, response.type, response.headers.get("location")];
  },
  "redirect refused": async function calledRedirect() {
    return told(() => fetch(`${url}/redirect`, { redirect: "error" }));
  },
  "redirect loop": async () => told(() => fetch(`${url}/redirect-loop`)),
  "keep-alive": async () => {
    const used = new Set<number>();
    for (let i = 0; i < 20; i += 1) used.add(await connection());
    return used.size <= 2;
  },
  "50 at once": async () => {
    const answers = await Promise.all(
      Array.from({ length: 50 }, () => fetch(`${url}/json`).then((r) => r.json())),
    );
    return answers.length;
  },
  "status 503": async () => {
    const response = await fetch(`${url}/error`);
    return [response.status, response.ok, await response.json()];
  },
};
