import type { EngineRecord } from "../../engine/model.ts";
import type { Log } from "../../log/log.ts";
import { createMemoryLog } from "../../log/memory-log.ts";
import type { MetricPoint, Span } from "../../otlp/model.ts";
import { type HttpServer, startServer } from "../../server/server.ts";
import { createIntake, type Intake, type IntakeOptions } from "../intake.ts";
import { createJournal, type Journal } from "../journal.ts";

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
  close(): Promise<void>;
}

export async function startReceiver(
  options: Partial<IntakeOptions> & { log?: Log; requestMs?: number } = {},
): Promise<Receiver> {
  const log = options.log ?? createMemoryLog({ maxBytes: 1e9 });
  const committed: { record: EngineRecord; position: number }[] = [];
  const errors: unknown[] = [];
  const onError = (error: unknown): void => {
    errors.push(error);
  };
  const journal = createJournal({
    log,
    onCommitted: (record, position) => committed.push({ record, position }),
    onError,
  });
  const intake = createIntake({ journal, onError, ...options });
  const { requestMs = 30_000 } = options;
  const timeouts = { headersMs: Math.min(10_000, requestMs), requestMs };
  const server = await startServer({ routes: intake.routes, host: "127.0.0.1", port: 0, onError, timeouts });
  return {
    server,
    intake,
    journal,
    log,
    committed,
    errors,
    spans: () => committed.flatMap(({ record: { batch } }) => (batch.kind === "traces" ? batch.spans : [])),
    points: () =>
      committed.flatMap(({ record: { batch } }) => (batch.kind === "metrics" ? batch.points : [])),
    close: async () => {
      await server.close(1000);
      await log.close();
    },
  };
}
