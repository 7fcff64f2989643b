import { Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { setTimeout as sleep } from "node:timers/promises";
import { type Cases, url } from "./cases.ts";
import { told } from "./told.ts";

/** Whether so many bytes of buffers stay, however often garbage is collected. */
async function holds(bytes: number): Promise<boolean> {
  for (let tries = 0; tries < 200; tries += 1) {
    globalThis.gc?.();
    if (process.memoryUsage().arrayBuffers < bytes) return false;
    await sleep(10);
  }
  return true;
}

/** What a service does with the answers of fetch. */
export const reading: Cases = {
  // What fetch is.
  "its shape": () => {
    const { value: _, ...property } = Object.getOwnPropertyDescriptor(globalThis, "fetch") ?? {};
    return [fetch.name, fetch.length, typeof fetch, property, Object.keys(globalThis).includes("fetch")];
  },
  "returns a promise": () => {
    const answer = fetch(`${url}/json`);
    return [answer instanceof Promise, answer.constructor === Promise, answer.then((r) => r.text())].slice(
      0,
      2,
    );
  },
  "a Response": async () => {
    const response = await fetch(`${url}/json`);
    const { status, ok, statusText, redirected, type, bodyUsed, constructor: made } = response;
    return [
      response instanceof Response,
      made === Response,
      Object.prototype.toString.call(response),
      Object.keys(response),
      Reflect.ownKeys(response).filter((key) => typeof key === "string"),
      { status, ok, statusText, redirected, type, bodyUsed },
      [...response.headers.keys()].sort(),
      await response.json(),
      response.bodyUsed,
    ];
  },
  "the methods of Response": () =>
    ["json", "text", "arrayBuffer", "blob", "formData", "bytes", "clone", "body", "url"].map((name) => {
      const property = Object.getOwnPropertyDescriptor(Response.prototype, name);
      const { value, get, ...rest } = property ?? {};
      return [name, rest, value?.name, value?.length, get?.name, get?.length, typeof property?.set];
    }),

  // Reading.
  json: async () => (await fetch(`${url}/json`)).json(),
  text: async () => (await fetch(new URL(`${url}/json`))).text(),
  arrayBuffer: async () => Buffer.from(await (await fetch(`${url}/json`)).arrayBuffer()).toString(),
  bytes: async () => {
    const response = await fetch(`${url}/json`);
    return "bytes" in response ? Buffer.from(await response.bytes()).toString() : "no bytes";
  },
  blob: async () => (await (await fetch(`${url}/json`)).blob()).type,
  formData: async () => [...(await (await fetch(`${url}/form`)).formData()).entries()],
  "not JSON": async function calledNotJson() {
    const response = await fetch(`${url}/not-json`);
    return told(() => response.json());
  },
  "body read twice": async () => {
    const response = await fetch(`${url}/json`);
    return [await response.json(), await told(() => response.text()), response.bodyUsed];
  },
  "body read twice at once": async () => {
    const response = await fetch(`${url}/json`);
    return Promise.all([told(() => response.json()), told(() => response.json())]);
  },
  "methods without a Response": async () => {
    const { json: detached } = await fetch(`${url}/json`);
    const lent = Response.prototype.text.call(await fetch(`${url}/json`));
    return [
      await told(() => detached()),
      await lent,
      await told(() => Response.prototype.json.call({} as Response)),
    ];
  },
  clone: async () => {
    const response = await fetch(`${url}/json`);
    const copy = response.clone();
    return [await copy.json(), response.bodyUsed, await response.text(), await told(() => response.clone())];
  },
  "clone of a clone, in parts": async () => {
    const response = await fetch(`${url}/slow-parts`);
    const [one, two] = [response.clone(), response.clone().clone()];
    return Promise.all([response.text(), one.text(), two.text()]);
  },
  "a body that nobody reads": async () => (await fetch(`${url}/json`)).status,
  "no body": async () => {
    const response = await fetch(`${url}/empty`);
    return [response.status, response.body, await response.text()];
  },
  "not modified": async () => (await fetch(`${url}/not-modified`)).body,
  HEAD: async () => {
    const response = await fetch(`${url}/json`, { method: "HEAD" });
    return [response.status, await response.text()];
  },
  "an own Response": async () => {
    const response = new Response('{"a":1}');
    return [await response.clone().json(), await text(Readable.fromWeb(response.body as never))];
  },

  // Streams.
  reader: async () => {
    const response = await fetch(`${url}/slow-parts`);
    const reader = response.body?.getReader();
    const decoder = new TextDecoder();
    let all = "";
    for (let next = await reader?.read(); next !== undefined && !next.done; next = await reader?.read())
      all += decoder.decode(next.value);
    return [
      all,
      response.bodyUsed,
      response.body?.locked,
      reader?.constructor.name,
      await told(() => response.text()),
    ];
  },
  "reader, let go": async () => {
    const { body } = await fetch(`${url}/hang-in-body`);
    const reader = body?.getReader();
    await reader?.read();
    reader?.releaseLock();
    const rest = body?.getReader();
    await rest?.cancel("enough");
    return [body?.locked, await rest?.read()];
  },
  "async iteration": async () => {
    let all = "";
    for await (const part of (await fetch(`${url}/slow-parts`)).body as unknown as AsyncIterable<Uint8Array>)
      all += Buffer.from(part).toString();
    return all;
  },
  "async iteration, left early": async () => {
    const { body } = await fetch(`${url}/slow-parts`);
    for await (const part of body as unknown as AsyncIterable<Uint8Array>)
      return [Buffer.from(part).toString().startsWith("part 4;"), body?.locked];
    return "nothing came";
  },
  pipeThrough: async () => {
    const { body } = await fetch(`${url}/slow-parts`);
    return text(body?.pipeThrough(new TextDecoderStream()) as never);
  },
  pipeTo: async () => {
    let all = "";
    const { body } = await fetch(`${url}/slow-parts`);
    await body?.pipeTo(
      new WritableStream({
        write(part: Uint8Array) {
          all += Buffer.from(part).toString();
        },
      }),
    );
    return all;
  },
  tee: async () => {
    const [one, two] = (await fetch(`${url}/slow-parts`)).body?.tee() ?? [];
    return Promise.all([text(one as never), text(two as never)]);
  },
  "Readable.fromWeb": async () => text(Readable.fromWeb((await fetch(`${url}/json`)).body as never)),
  "cancel the body": async () => {
    const response = await fetch(`${url}/big`);
    await response.body?.cancel();
    return [response.bodyUsed, await told(() => response.text())];
  },
  "the same body each time": async () => {
    const response = await fetch(`${url}/json`);
    const { body } = response;
    return [response.body === body, body instanceof ReadableStream, await response.text()];
  },
  "a response of the body": async () => {
    const { body } = await fetch(`${url}/json`);
    return new Response(body).json();
  },
  "50 MB": async () => {
    let bytes = 0;
    let held: boolean | undefined;
    const response = await fetch(`${url}/big`);
    for await (const part of response.body as unknown as AsyncIterable<Uint8Array>) {
      bytes += part.length;
      // Near the end, when all that anybody keeps is there.
      if (bytes > 48 * 2 ** 20) held ??= await holds(20 * 2 ** 20);
    }
    return [bytes, held];
  },
  "50 MB at once": async () => (await (await fetch(`${url}/big`)).arrayBuffer()).byteLength,
  "a slow reader holds back the server": async () => {
    const abort = new AbortController();
    const { body } = await fetch(`${url}/backpressure`, { signal: abort.signal });
    const reader = body?.getReader();
    await reader?.read();
    await sleep(300);
    const sent = await (await fetch(`${url}/backpressure-sent`)).json();
    abort.abort();
    return (sent as { bytes: number }).bytes < 20 * 2 ** 20;
  },
};
