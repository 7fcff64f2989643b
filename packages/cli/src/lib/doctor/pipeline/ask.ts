import { percentDecoded } from "@slipstream/conventions";
import { reasonOf } from "../../client/client-error.ts";
import { parseJson } from "../../client/parse-json.ts";

/** Most of an answer that is read. */
const MOST_BYTES = 8 * 1_024 * 1_024;
const TIMEOUT_MS = 3_000;

export interface Answer {
  readonly status: number;
  readonly text: string;
  /** undefined: it is no JSON. */
  readonly json: unknown;
  /** The answer's Date header, Unix ms. */
  readonly dateMs: number | undefined;
}

/** No answer. */
export interface NoAnswer {
  /** As ECONNREFUSED. */
  readonly reason: string;
  /** Something answers that does not speak HTTP/1.1, as a port of gRPC. */
  readonly isOtherProtocol: boolean;
}

export interface Question {
  readonly method?: "GET" | "POST";
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
}

/** Asks a server. A name and password in the URL become the header that they stand for. */
export async function ask(base: string, path: string, question: Question = {}): Promise<Answer | NoAnswer> {
  const { method = "GET", headers = {}, body, timeoutMs = TIMEOUT_MS, signal } = question;
  const url = new URL(base);
  const login = loginOf(url);
  const timeout = AbortSignal.timeout(timeoutMs);
  try {
    const response = await fetch(plainUrl(url) + path, {
      method,
      headers: { accept: "application/json", ...login, ...headers },
      ...(body !== undefined && { body }),
      redirect: "manual",
      signal: signal === undefined ? timeout : AbortSignal.any([timeout, signal]),
    });
    const text = await textOf(response);
    const dateMs = Date.parse(response.headers.get("date") ?? "");
    return {
      status: response.status,
      text,
      json: parseJson(text),
      dateMs: Number.isFinite(dateMs) ? dateMs : undefined,
    };
  } catch (error) {
    const reason = reasonOf(error);
    return {
      reason,
      isOtherProtocol: /^HPE_|UND_ERR_SOCKET|other side closed|HTTP\/1\.1 protocol/.test(reason),
    };
  }
}

export function isAnswer(given: Answer | NoAnswer): given is Answer {
  return "status" in given;
}

/** The address without a name and password, and without a slash at its end. */
export function plainUrl(given: string | URL): string {
  const url = new URL(given);
  url.username = "";
  url.password = "";
  return `${url.origin}${url.pathname}`.replace(/\/+$/, "");
}

/** What an answer says that is none of those expected. */
export function statusText({ status, text }: Answer): string {
  const said = text.replaceAll(/\s+/g, " ").trim().slice(0, 150);
  return said === "" || said.startsWith("<") ? `answers ${status}` : `answers ${status}: ${said}`;
}

function loginOf({ username, password }: URL): Record<string, string> {
  if (username === "" && password === "") return {};
  const login = `${percentDecoded(username)}:${percentDecoded(password)}`;
  return { authorization: `Basic ${Buffer.from(login).toString("base64")}` };
}

async function textOf(response: Response): Promise<string> {
  const parts: Uint8Array[] = [];
  let bytes = 0;
  for await (const part of response.body ?? []) {
    bytes += part.length;
    if (bytes > MOST_BYTES) break;
    parts.push(part);
  }
  return Buffer.concat(parts).toString();
}
