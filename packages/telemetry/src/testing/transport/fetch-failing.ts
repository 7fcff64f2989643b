import { setTimeout as sleep } from "node:timers/promises";
import { type Cases, closed, url } from "./cases.ts";
import { told } from "./told.ts";

// As a library does when it is loaded.
const captured = globalThis.fetch;

/** How fetch ends when it does not end well. */
export const failing: Cases = {
  // Aborts.
  "abort before": async function calledAbortBefore() {
    return told(() => fetch(`${url}/json`, { signal: AbortSignal.abort() }));
  },
  "abort before the headers": async function calledAbort() {
    const abort = new AbortController();
    setTimeout(() => abort.abort(), 20);
    return told(() => fetch(`${url}/hang`, { signal: abort.signal }));
  },
  "abort with a reason": async () => {
    const abort = new AbortController();
    const reason = new RangeError("lost the race");
    setTimeout(() => abort.abort(reason), 20);
    const outcome = await fetch(`${url}/hang`, { signal: abort.signal }).catch((error) => error);
    return outcome === reason;
  },
  "abort in the body": async () => {
    const abort = new AbortController();
    const response = await fetch(`${url}/hang-in-body`, { signal: abort.signal });
    setTimeout(() => abort.abort(), 20);
    return told(() => response.json());
  },
  "abort in the stream": async () => {
    const abort = new AbortController();
    const response = await fetch(`${url}/hang-in-body`, { signal: abort.signal });
    const reader = response.body?.getReader();
    await reader?.read();
    setTimeout(() => abort.abort(), 20);
    return told(() => reader?.read());
  },
  "abort after": async () => {
    const abort = new AbortController();
    const response = await fetch(`${url}/json`, { signal: abort.signal });
    const value = await response.json();
    abort.abort();
    await sleep(5);
    return value;
  },
  "AbortSignal.timeout": async function calledTimeout() {
    return told(() => fetch(`${url}/hang`, { signal: AbortSignal.timeout(20) }));
  },
  "AbortSignal.timeout in the body": async () => {
    const response = await fetch(`${url}/hang-in-body`, { signal: AbortSignal.timeout(100) });
    return told(() => response.text());
  },
  "AbortSignal.any": async () => {
    const signal = AbortSignal.any([new AbortController().signal, AbortSignal.timeout(20)]);
    return told(() => fetch(`${url}/hang`, { signal }));
  },
  "the signal of a Request": async () => {
    const abort = new AbortController();
    setTimeout(() => abort.abort(), 20);
    return told(() => fetch(new Request(`${url}/hang`, { signal: abort.signal })));
  },
  "the loser of a hedge": async () => {
    const abort = new AbortController();
    const calls = ["/json", "/hang"].map((path) =>
      fetch(`${url}${path}`, { signal: abort.signal }).then((r) => r.text()),
    );
    const winner = await Promise.race(calls);
    abort.abort();
    const [, loser] = await Promise.allSettled(calls);
    return [winner, loser?.status];
  },

  // Errors.
  "nobody listens": async function calledNobody() {
    return told(() => fetch(closed));
  },
  "reset before the headers": async function calledReset() {
    return told(() => fetch(`${url}/reset`));
  },
  "closed before the headers": async () => told(() => fetch(`${url}/close`)),
  "reset in the body": async function calledResetBody() {
    const response = await fetch(`${url}/reset-in-body`);
    return told(() => response.text());
  },
  "reset in the stream": async () => {
    const response = await fetch(`${url}/reset-in-body`);
    return told(async () => {
      for await (const _ of response.body as unknown as AsyncIterable<Uint8Array>);
    });
  },
  "no HTTP": async () => told(() => fetch(`${url}/garbage`)),
  "no URL": async function calledNoUrl() {
    return told(() => fetch("no url"));
  },
  "no arguments": async function calledNothing() {
    return told(() => (fetch as () => unknown)());
  },
  "another protocol": async () => told(() => fetch("ftp://127.0.0.1/")),
  "a wrong method": async () => told(() => fetch(`${url}/json`, { method: "A B" })),
  "a wrong header": async () => told(() => fetch(`${url}/json`, { headers: { "a b": "c" } })),
  "a getter that throws": async () =>
    told(() =>
      fetch(`${url}/json`, {
        get method(): string {
          throw new Error("no method");
        },
      }),
    ),
  "GET with a body": async () => told(() => fetch(`${url}/json`, { body: "x" })),
  "a data URL": async () => (await fetch("data:text/plain,hello")).text(),
  "the stack of a failure": async function calledInner() {
    async function calledOuter(): Promise<unknown> {
      return await fetch(closed);
    }
    return told(() => calledOuter());
  },
  "unhandled rejections": async () => {
    const unhandled: unknown[] = [];
    const listener = (error: unknown) => unhandled.push(error instanceof Error ? error.message : error);
    process.on("unhandledRejection", listener);
    void fetch(closed);
    fetch(closed).catch(() => {});
    void fetch(`${url}/not-json`).then((response) => void response.json());
    await sleep(200);
    process.off("unhandledRejection", listener);
    return unhandled;
  },
  "fetch that was captured, and lent": async () => {
    const { fetch: lent } = { fetch: captured };
    return [
      await (await captured(`${url}/json`)).json(),
      await (await lent.call(undefined, `${url}/text`)).text(),
    ];
  },
};
