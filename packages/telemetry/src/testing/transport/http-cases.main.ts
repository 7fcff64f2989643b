import { once } from "node:events";
import http, { get, type IncomingMessage, type RequestOptions, request } from "node:http";
import { Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { pipeline } from "node:stream/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { createGunzip } from "node:zlib";
import axios from "axios";
import { type Cases, closed, runCases, url } from "./cases.ts";
import { nodeFetch } from "./node-fetch.ts";
import { told } from "./told.ts";

type Made = ReturnType<typeof request>;
const json = { "content-type": "application/json" };

/** The answer, or the error of the request. */
async function answerTo(made: Made): Promise<IncomingMessage> {
  const [answer] = await once(made, "response");
  return answer;
}
const read = async (made: Made): Promise<[number | undefined, string]> => {
  const answer = await answerTo(made);
  return [answer.statusCode, await text(answer)];
};
const post = (path: string, options: RequestOptions = {}): Made =>
  request(`${url}${path}`, { method: "POST", headers: json, ...options });

/** What a request emits until it is closed, and its answer. */
async function events(made: Made, then: (answer: IncomingMessage) => void = () => {}): Promise<unknown> {
  const seen: string[] = [];
  for (const event of ["error", "close", "timeout", "abort"] as const)
    made.on(event, (error?: NodeJS.ErrnoException) =>
      seen.push(`${event} ${error?.code ?? error?.name ?? ""}`),
    );
  made.on("response", (answer) => {
    for (const event of ["error", "close", "end", "aborted"] as const)
      answer.on(event, (error?: NodeJS.ErrnoException) => seen.push(`answer ${event} ${error?.code ?? ""}`));
    then(answer);
  });
  const closed = new Promise((resolve) => made.once("close", resolve));
  made.end();
  await closed;
  await sleep(20);
  return seen;
}

const cases: Cases = {
  "its shape": () => {
    const { ClientRequest } = http;
    const of = (name: string): unknown => {
      const method = (ClientRequest.prototype as unknown as Record<string, { name: string; length: number }>)[
        name
      ];
      return [method?.name, method?.length];
    };
    return [
      ["write", "end", "flushHeaders", "destroy", "emit", "abort", "setHeader"].map(of),
      Object.keys(http).length,
      ClientRequest.name,
      ClientRequest.length,
      request === http.request,
    ];
  },
  "get with a callback": () =>
    new Promise((resolve) => get(`${url}/json`, (answer) => resolve(text(answer)))),
  "get with a URL and options": async () =>
    read(get(new URL(`${url}/headers`), { headers: { "X-One": "1" } })),
  "get with options": async () => {
    const { hostname, port } = new URL(url);
    return read(get({ hostname, port, path: "/json", agent: false }));
  },
  "a new ClientRequest": async () => {
    const made = new http.ClientRequest(`${url}/json`);
    made.end();
    return read(made);
  },
  "its properties": async () => {
    const made = get(`${url}/json`);
    const { method, path, protocol, host, headersSent, writableEnded } = made;
    const answer = await answerTo(made);
    const shown = [answer.statusCode, answer.complete, Object.keys(answer), Object.keys(made)];
    await text(answer);
    return [method, path, protocol, host, headersSent, writableEnded, shown, answer.complete];
  },
  "headers as a list": async () =>
    read(get(`${url}/headers`, { headers: ["X-One", "1", "X-Two", "2"] as never })),

  // Sending.
  "a body in end": async () => {
    const made = post("/echo");
    made.end('{"a":"ü"}');
    return read(made);
  },
  "a body in write, with its length": async () => {
    const body = '{"written":"ü"}';
    const made = post("/echo", { headers: { ...json, "content-length": Buffer.byteLength(body) } });
    made.write(body);
    made.end();
    return read(made);
  },
  "a body in parts": async () => {
    const made = post("/echo");
    made.write("one");
    made.write(Buffer.from("two"));
    made.end("three");
    return read(made);
  },
  "callbacks and results of write and end": async () => {
    const made = post("/echo");
    const called: string[] = [];
    const results = [
      made.write("a", () => called.push("write")),
      made.end("b", () => called.push("end")) === made,
    ];
    return [results, await read(made), called];
  },
  "write in another encoding": async () => {
    const made = post("/echo");
    made.end("616263", "hex");
    return read(made);
  },
  "a body that is piped": async () => {
    const made = post("/echo");
    Readable.from(["one", "two"]).pipe(made);
    return read(made);
  },
  "5 MB both ways": async () => {
    const made = post("/echo");
    made.end(Buffer.alloc(5 * 2 ** 20));
    const [status, body] = await read(made);
    return [status, body.length];
  },
  "flushHeaders first": async () => {
    const made = post("/echo");
    made.flushHeaders();
    made.end("later");
    return read(made);
  },
  "a write after the end": async () => {
    const made = post("/echo");
    made.end("all");
    made.on("error", () => {});
    const outcome = await told(() => made.write("more"));
    return [outcome, await told(() => read(made))];
  },
  "a wrong part": async () => {
    const made = post("/echo").on("error", () => {});
    const outcome = await told(() => made.write(5 as never));
    made.destroy();
    return outcome;
  },

  // Reading.
  "data and end": async () => {
    const answer = await answerTo(get(`${url}/slow-parts`));
    let all = "";
    answer.setEncoding("utf8");
    answer.on("data", (part) => {
      all += part;
    });
    await once(answer, "end");
    return all;
  },
  readable: async () => {
    const answer = await answerTo(get(`${url}/slow-parts`));
    let all = "";
    answer.on("readable", () => {
      for (let part = answer.read(); part !== null; part = answer.read()) all += part;
    });
    await once(answer, "end");
    return all;
  },
  "async iteration": async () => {
    let all = "";
    for await (const part of await answerTo(get(`${url}/slow-parts`))) all += part;
    return all;
  },
  "async iteration, left early": async () => {
    const answer = await answerTo(get(`${url}/hang-in-body`));
    for await (const part of answer) return [String(part), answer.destroyed];
    return "nothing came";
  },
  "gzip, by the service": async () => {
    const answer = await answerTo(get(`${url}/gzip`));
    let all = "";
    await pipeline(answer, createGunzip(), async (parts) => {
      for await (const part of parts) all += part;
    });
    return all;
  },
  "no listener for the answer": async () => once(get(`${url}/json`), "close"),
  "an answer that nobody reads": async () => {
    const answer = await answerTo(get(`${url}/json`, { agent: false }));
    return [answer.statusCode, answer.readableFlowing];
  },
  HEAD: async () => {
    const made = request(`${url}/json`, { method: "HEAD" });
    made.end();
    return read(made);
  },
  "no body": async () => read(get(`${url}/empty`)),
  "50 MB": async () => {
    let bytes = 0;
    for await (const part of await answerTo(get(`${url}/big`))) bytes += part.length;
    return bytes;
  },
  "a slow reader holds back the server": async () => {
    const made = get(`${url}/backpressure`, { agent: false });
    const answer = await answerTo(made);
    answer.once("data", () => answer.pause());
    await sleep(300);
    const [, sent] = await read(get(`${url}/backpressure-sent`));
    made.on("error", () => {}).destroy();
    return JSON.parse(sent).bytes < 20 * 2 ** 20;
  },

  // Connections.
  "keep-alive": async () => {
    const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
    const used = new Set<string>();
    for (let i = 0; i < 20; i += 1) used.add((await read(get(`${url}/connection`, { agent })))[1]);
    agent.destroy();
    return used.size;
  },
  "50 at once over 2 sockets": async () => {
    const agent = new http.Agent({ keepAlive: true, maxSockets: 2 });
    const answers = await Promise.all(Array.from({ length: 50 }, () => read(get(`${url}/json`, { agent }))));
    agent.destroy();
    return answers.length;
  },
  upgrade: async () => {
    const made = get(`${url}/json`, { headers: { connection: "upgrade", upgrade: "websocket" } });
    return (await read(made))[0];
  },

  // How it ends when it does not end well.
  "nobody listens": async function calledNobody() {
    return told(() => read(get(closed)));
  },
  "reset before the headers": async () => events(get(`${url}/reset`)),
  "reset in the body": async () => {
    const seen = (await events(get(`${url}/reset-in-body`), (answer) => answer.resume())) as string[];
    // Whether the request fails too is a matter of microseconds.
    return seen.filter((event) => event !== "error ECONNRESET");
  },
  "no HTTP": async () => events(get(`${url}/garbage`)),
  "an error without a listener": async () => {
    const caught = once(process, "uncaughtException");
    get(closed);
    const [error] = await caught;
    return error.code;
  },
  "destroy before it is sent": async () => events(request(`${url}/hang`).destroy()),
  "destroy before the headers": async () => {
    const made = request(`${url}/hang`);
    setTimeout(() => made.destroy(), 30);
    return events(made);
  },
  "destroy with an error": async () => {
    const made = request(`${url}/hang`);
    setTimeout(() => made.destroy(new RangeError("too slow for us")), 30);
    return events(made);
  },
  "abort before the headers": async () => {
    const made = request(`${url}/hang`);
    setTimeout(() => made.abort(), 30);
    return events(made);
  },
  "a signal": async () => {
    const abort = new AbortController();
    setTimeout(() => abort.abort(), 30);
    return events(request(`${url}/hang`, { signal: abort.signal }));
  },
  "AbortSignal.timeout": async () => events(request(`${url}/hang`, { signal: AbortSignal.timeout(30) })),
  "a timeout": async () => {
    const made = request(`${url}/hang`, { timeout: 30 });
    made.on("timeout", () => made.destroy());
    return events(made);
  },
  "destroy in the body": async () => {
    const made = request(`${url}/hang-in-body`);
    return events(made, (answer) => answer.once("data", () => made.destroy()));
  },
  "destroy of the answer": async () =>
    events(request(`${url}/hang-in-body`), (answer) => answer.once("data", () => answer.destroy())),

  // Libraries that send by node:http.
  "axios get": async () => (await axios.get(`${url}/gzip`)).data,
  "axios post": async () => (await axios.post(`${url}/echo`, { a: "ü" })).data,
  "axios redirect": async () => (await axios.get(`${url}/redirect`)).data,
  "axios status": async () => told(() => axios.get(`${url}/error`)),
  "axios timeout": async () => told(() => axios.get(`${url}/hang`, { timeout: 30 })),
  "axios cancel": async () => {
    const abort = new AbortController();
    setTimeout(() => abort.abort(), 30);
    return told(() => axios.get(`${url}/hang`, { signal: abort.signal }));
  },
  "axios stream": async () => text((await axios.get(`${url}/slow-parts`, { responseType: "stream" })).data),
  // With which of two errors is a matter of microseconds.
  "axios reset": async () => "error" in (await told(() => axios.get(`${url}/reset-in-body`))),
  "axios in parallel": async () =>
    (await Promise.all(Array.from({ length: 20 }, () => axios.get(`${url}/json`)))).length,
  "node-fetch": async () => (await nodeFetch(`${url}/gzip`)).json(),
  "node-fetch post": async () => (await nodeFetch(`${url}/echo`, { method: "POST", body: "sent" })).text(),
  "node-fetch redirect": async () => (await nodeFetch(`${url}/redirect`)).json(),
  "node-fetch abort": async () => {
    const abort = new AbortController();
    setTimeout(() => abort.abort(), 30);
    return told(() => nodeFetch(`${url}/hang`, { signal: abort.signal }));
  },
  "node-fetch reset": async () => told(() => nodeFetch(`${url}/reset`)),
  "node-fetch clone": async () => {
    const response = await nodeFetch(`${url}/json`);
    const copy = response.clone();
    return Promise.all([response.json(), copy.text()]);
  },
};

await runCases(cases);
