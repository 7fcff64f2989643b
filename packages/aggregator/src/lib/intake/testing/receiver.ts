import { attribute, semconv } from "@slipstream/conventions";
import type { EngineRecord } from "@slipstream/engine";
import type { MetricPoint, Span } from "@slipstream/otlp/decode";
import { expect } from "vitest";
import type { Log } from "../../log/log.ts";
import { createMemoryLog } from "../../log/memory-log.ts";
import { numberOf } from "../../log/position.ts";
import { createJournal, type Journal } from "../../pipeline/journal.ts";
import { collecting } from "../../pipeline/testing/collecting.ts";
import { type HttpServer, startServer } from "../../server/server.ts";
import { createIntake, type Intake, type IntakeOptions } from "../intake.ts";
import { mediaType } from "../media.ts";
import { pointsRoute, tracesRoute } from "../routes.ts";
import { tracesBody, tradeSpan } from "./bodies.ts";

/** A real intake on a free port, and what it gave to its engine. */
export interface Receiver {
  readonly server: HttpServer;
  readonly intake: Intake;
  readonly journal: Journal;
  readonly log: Log;
  readonly committed: { record: EngineRecord; position: number }[];
  readonly errors: unknown[];
  spans(): Span[];
  points(): MetricPoint[];
  /** Posts a body: bytes as protobuf, a text as JSON, unless the headers say otherwise. */
  send(body: Uint8Array | string, headers?: Record<string, string>, path?: string): Promise<Received>;
  /** After whatever came before: a good request is taken, and nothing is left in flight. */
  servesOn(headers?: Record<string, string>): Promise<void>;
  close(): Promise<void>;
}

export interface Received {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Buffer;
}

export async function startReceiver(
  options: Partial<IntakeOptions> & { log?: Log; requestMs?: number; token?: string } = {},
): Promise<Receiver> {
  const log = options.log ?? createMemoryLog({ maxBytes: 1e9 });
  const committed: { record: EngineRecord; position: number }[] = [];
  const errors: unknown[] = [];
  const onError = (error: unknown): void => {
    errors.push(error);
  };
  const journal = createJournal({
    log,
    pipeline: collecting((record, position) =>
      committed.push({ record: asRead(record), position: numberOf(position) }),
    ),
    onError,
  });
  const { requestMs = 30_000, token, ...intakeOptions } = options;
  const intake = createIntake({ journal, ...intakeOptions });
  const timeouts = { headersMs: Math.min(10_000, requestMs), requestMs };
  const server = await startServer({
    routes: [tracesRoute, pointsRoute],
    context: { intake },
    host: "127.0.0.1",
    port: 0,
    token,
    onError,
    timeouts,
  });
  const send: Receiver["send"] = async (body, headers = {}, path = "/v1/traces") => {
    const answer = await fetch(server.url + path, {
      method: "POST",
      headers: { "content-type": mediaType[typeof body === "string" ? "json" : "protobuf"], ...headers },
      body: body as Uint8Array<ArrayBuffer> | string,
    });
    return { status: answer.status, headers: answer.headers, body: Buffer.from(await answer.arrayBuffer()) };
  };
  const receiver: Receiver = {
    server,
    intake,
    journal,
    log,
    committed,
    errors,
    send,
    servesOn: async (headers) => {
      const before = receiver.spans().length;
      const { status } = await send(tracesBody(tradeSpan()), headers);
      expect({
        status,
        taken: receiver.spans().length - before,
        inFlight: intake.bytesInFlight(),
        errors,
      }).toEqual({ status: 200, taken: 1, inFlight: 0, errors: [] });
    },
    spans: () => committed.flatMap(({ record: { batch } }) => (batch.kind === "traces" ? batch.spans : [])),
    points: () =>
      committed.flatMap(({ record: { batch } }) => (batch.kind === "metrics" ? batch.points : [])),
    close: async () => {
      await server.close(1000);
      await log.close();
    },
  };
  return receiver;
}

/** A record whose spans are read: as they are, they read the body that they came in, as long as it is there. */
function asRead({ receivedMs, batch }: EngineRecord): EngineRecord {
  if (batch.kind !== "traces") return { receivedMs, batch };
  const spans = batch.spans.map((span) => {
    const { attributes } = span;
    const names = keptAttributes.filter((name) => attributes[name] !== undefined);
    return { ...span, attributes: Object.fromEntries(names.map((name) => [name, attributes[name]])) };
  });
  return { receivedMs, batch: { ...batch, spans } };
}

const keptAttributes: readonly string[] = [...Object.values(attribute), ...Object.values(semconv)];
