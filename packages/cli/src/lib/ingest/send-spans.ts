import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";
import {
  type AggregatorClient,
  type ClientAnswer,
  messageOf,
  unauthorized,
} from "../client/aggregator-client.ts";
import { ClientError } from "../client/client-error.ts";
import { parseJson } from "../client/parse-json.ts";
import { type OtlpSpan, tracesRequest } from "./otlp-json.ts";

/** Bytes of a request at most: an eighth of the aggregator's default limit. */
const REQUEST_BYTES = 512 * 1024;
const RETRIES = 5;

interface TracesAnswer {
  readonly partialSuccess?:
    | { readonly rejectedSpans?: string | number | undefined; readonly errorMessage?: string | undefined }
    | undefined;
}

const answerSchema: z.ZodType<TracesAnswer> = z.object({
  partialSuccess: z
    .object({
      rejectedSpans: z.union([z.string(), z.number()]).optional(),
      errorMessage: z.string().optional(),
    })
    .optional(),
});

export interface SendOptions {
  readonly client: AggregatorClient;
  readonly serviceName: string;
  /** Called with the number of spans sent so far. */
  readonly onProgress?: (sent: number) => void;
}

/**
 * Sends spans in requests below the aggregator's size limit.
 * @returns how many of them it refused, with its reason
 * @throws ClientError
 */
export async function sendSpans(
  spans: readonly OtlpSpan[],
  options: SendOptions,
): Promise<{ readonly refused: number; readonly reason: string | undefined }> {
  let refused = 0;
  let reason: string | undefined;
  let sent = 0;
  const waiting = batches(spans, REQUEST_BYTES);
  for (let batch = waiting.shift(); batch !== undefined; batch = waiting.shift()) {
    const answer = await send(tracesRequest(options.serviceName, batch), options.client);
    if (answer.status === 413 && batch.length > 1) {
      const half = Math.ceil(batch.length / 2);
      waiting.unshift(batch.slice(0, half), batch.slice(half));
      continue;
    }
    if (answer.status === 401) throw unauthorized(options.client.endpoint);
    if (answer.status !== 200) {
      const text = `${options.client.endpoint} answered ${answer.status}: ${messageOf(answer.text)}`;
      throw new ClientError("refused", text, { status: answer.status });
    }
    const partial = partialSuccess(answer.text);
    refused += partial.rejected;
    reason ??= partial.message;
    sent += batch.length;
    options.onProgress?.(sent);
  }
  return { refused, reason };
}

function batches(spans: readonly OtlpSpan[], mostBytes: number): OtlpSpan[][] {
  const all: OtlpSpan[][] = [];
  let bytes = Number.POSITIVE_INFINITY;
  for (const span of spans) {
    const size = JSON.stringify(span).length;
    if (bytes + size > mostBytes) {
      all.push([]);
      bytes = 0;
    }
    all.at(-1)?.push(span);
    bytes += size;
  }
  return all;
}

/** Waits and tries again where the aggregator says that it is busy. */
async function send(body: string, client: AggregatorClient): Promise<ClientAnswer> {
  for (let attempt = 0; ; attempt++) {
    const answer = await client.sendTraces(body);
    const busy = answer.status === 429 || answer.status === 503;
    if (!busy || attempt === RETRIES) return answer;
    await sleep(1000 * Math.min(answer.retryAfterSeconds ?? 2 ** attempt, 30));
  }
}

/** OTLP's `{partialSuccess: {rejectedSpans, errorMessage}}`; an int64 may come as a string. An empty answer: all taken. */
function partialSuccess(text: string): { rejected: number; message: string | undefined } {
  const parsed = answerSchema.safeParse(parseJson(text));
  const { rejectedSpans, errorMessage } = (parsed.success && parsed.data.partialSuccess) || {};
  return { rejected: Number(rejectedSpans ?? 0) || 0, message: errorMessage };
}
