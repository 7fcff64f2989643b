import type { CurrentStatistics } from "@slipstream/engine";
import { z } from "zod";
import {
  type AlertAnswer,
  type AlertsAnswer,
  alertSchema,
  alertsSchema,
  type SilenceAnswer,
  silenceSchema,
  silencesSchema,
} from "./alerts-schema.ts";
import { ClientError, reasonOf } from "./client-error.ts";
import { currentSchema } from "./current-schema.ts";
import { type DesksAnswer, desksSchema } from "./desks-schema.ts";
import { parseJson } from "./parse-json.ts";
import { type ReadinessAnswer, readinessSchema } from "./readiness-schema.ts";

export interface ClientOptions {
  /** As http://127.0.0.1:9480. */
  readonly endpoint: string;
  readonly token?: string | undefined;
  /** The desk whose statistics to ask for. Default: the aggregator's own. */
  readonly desk?: string | undefined;
  /** Longest wait for an answer, ms. Default 5,000. */
  readonly timeoutMs?: number;
}

/** A silence to be made. */
export interface NewSilence {
  /** As `sink=redis, service=~"desk-.*"`. */
  readonly matchers: string;
  /** As `2h`; this or `until`. */
  readonly duration?: string;
  /** ISO 8601. */
  readonly until?: string;
  readonly by: string;
  readonly comment: string;
}

export interface ClientAnswer {
  readonly status: number;
  readonly text: string;
  /** Seconds of Retry-After, where the answer has it. */
  readonly retryAfterSeconds: number | undefined;
  /** The answer's Date header, Unix ms. */
  readonly dateMs: number | undefined;
}

/** Talks to a running aggregator. */
export class AggregatorClient {
  readonly endpoint: string;
  readonly #headers: Readonly<Record<string, string>>;
  readonly #timeoutMs: number;
  readonly #query: string;

  constructor({ endpoint, token, desk, timeoutMs = 5_000 }: ClientOptions) {
    this.endpoint = endpoint.replace(/\/+$/, "");
    this.#headers = token === undefined ? {} : { authorization: `Bearer ${token}` };
    this.#timeoutMs = timeoutMs;
    this.#query = desk === undefined ? "" : `?${new URLSearchParams({ desk })}`;
  }

  /** `GET /api/current`. @throws ClientError */
  async current(): Promise<CurrentStatistics> {
    const answer = await this.get(`/api/current${this.#query}`);
    this.#expectOk(answer);
    return this.#parsed(currentSchema, answer);
  }

  /** `GET /api/desks`; undefined if it is an older aggregator, which tells no desks apart. @throws ClientError */
  async desks(): Promise<DesksAnswer | undefined> {
    const answer = await this.get("/api/desks");
    if (answer.status === 404) return undefined;
    this.#expectOk(answer);
    return this.#parsed(desksSchema, answer);
  }

  /** `GET /readyz`, whether ready or not. @throws ClientError */
  async readiness(): Promise<ReadinessAnswer> {
    const answer = await this.get("/readyz");
    if (answer.status !== 503) this.#expectOk(answer);
    return this.#parsed(readinessSchema, answer);
  }

  /** `GET /api/alerts`; undefined if it is an older aggregator, which has no alerts. @throws ClientError */
  async alerts(): Promise<AlertsAnswer | undefined> {
    const answer = await this.get(`/api/alerts${this.#query}`);
    if (answer.status === 404 && errorOf(answer.text).code === "not_found") return undefined;
    this.#expectOk(answer);
    return this.#parsed(alertsSchema, answer);
  }

  /** `POST /api/alerts/:id/acknowledge`, or `close`. @returns the alert. @throws ClientError */
  async changeAlert(
    change: "acknowledge" | "close",
    id: string,
    body: { readonly episode: number; readonly by: string; readonly comment: string },
  ): Promise<AlertAnswer> {
    const path = `/api/alerts/${encodeURIComponent(id)}/${change}${this.#query}`;
    const answer = await this.#post(path, JSON.stringify(body));
    this.#expectOk(answer);
    return this.#parsed(alertSchema, answer);
  }

  /** `GET /api/silences`. @throws ClientError */
  async silences(): Promise<readonly SilenceAnswer[]> {
    const answer = await this.get("/api/silences");
    this.#expectOk(answer);
    return this.#parsed(silencesSchema, answer).silences;
  }

  /** `POST /api/silences`. @throws ClientError */
  async silence(body: NewSilence): Promise<SilenceAnswer> {
    const answer = await this.#post("/api/silences", JSON.stringify(body));
    this.#expectOk(answer);
    return this.#parsed(silenceSchema, answer);
  }

  /** `DELETE /api/silences/:id`. @returns the silence that was ended. @throws ClientError */
  async expire(id: string): Promise<SilenceAnswer> {
    const path = `/api/silences/${encodeURIComponent(id)}`;
    const answer = await this.#request(path, { method: "DELETE", headers: this.#headers });
    this.#expectOk(answer);
    return this.#parsed(silenceSchema, answer);
  }

  #parsed<T>(schema: z.ZodType<T>, { text }: ClientAnswer): T {
    const parsed = schema.safeParse(parseJson(text));
    if (parsed.success) return parsed.data;
    throw new ClientError(
      "not_slipstream",
      `${this.endpoint} answers, but not as a Slipstream aggregator does. Is this the Collector's address, or another program's?`,
    );
  }

  /** Sends an OTLP traces request as JSON. @returns the answer, whatever its status. @throws ClientError without one. */
  sendTraces(body: string): Promise<ClientAnswer> {
    return this.#post("/v1/traces", body);
  }

  /** @throws ClientError where there is no answer. */
  get(path: string): Promise<ClientAnswer> {
    return this.#request(path, { headers: this.#headers });
  }

  /** @param body JSON */
  #post(path: string, body: string): Promise<ClientAnswer> {
    const headers = { ...this.#headers, "content-type": "application/json" };
    return this.#request(path, { method: "POST", body, headers });
  }

  async #request(path: string, init: RequestInit): Promise<ClientAnswer> {
    try {
      const response = await fetch(this.endpoint + path, {
        ...init,
        signal: AbortSignal.timeout(this.#timeoutMs),
        redirect: "error",
      });
      const retryAfter = Number(response.headers.get("retry-after") ?? Number.NaN);
      const dateMs = Date.parse(response.headers.get("date") ?? "");
      return {
        status: response.status,
        text: await response.text(),
        retryAfterSeconds: Number.isFinite(retryAfter) ? retryAfter : undefined,
        dateMs: Number.isFinite(dateMs) ? dateMs : undefined,
      };
    } catch (error) {
      const reason = reasonOf(error);
      throw new ClientError(
        "unreachable",
        `No aggregator answers at ${this.endpoint} (${reason}). Start one with: slipstream aggregate`,
        { short: `No aggregator answers (${reason})` },
      );
    }
  }

  #expectOk({ status, text }: ClientAnswer): void {
    if (status === 200 || status === 201) return;
    if (status === 401) throw unauthorized(this.endpoint);
    throw new ClientError("refused", `${this.endpoint} answered ${status}: ${messageOf(text)}`, { status });
  }
}

export function unauthorized(endpoint: string): ClientError {
  return new ClientError(
    "unauthorized",
    `${endpoint} wants a token: give the aggregator's with --token or SLIPSTREAM_TOKEN`,
    { status: 401 },
  );
}

/** The message of `{error: {message}}`, else the text as far as a line holds it. */
export function messageOf(text: string): string {
  return errorOf(text).message ?? text.replaceAll(/\s+/g, " ").slice(0, 200);
}

const errorSchema = z.object({ error: z.object({ code: z.string(), message: z.string() }) });

/** The error that an answer names; empty if it is none of ours. */
export function errorOf(text: string): { readonly code?: string; readonly message?: string } {
  const parsed = errorSchema.safeParse(parseJson(text));
  return parsed.success ? parsed.data.error : {};
}
