import { z } from "zod";
import { ask, isAnswer, plainUrl, statusText } from "../pipeline/ask.ts";

/** Where canaries are sent to, and what must be sent with them. */
export interface Target {
  /** Base of its OTLP/HTTP. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Whether it is the aggregator itself, and no Collector before it. */
  readonly isAggregator: boolean;
}

export interface Refused {
  readonly text: string;
  readonly remedy: string;
}

const partialSchema = z.object({
  partialSuccess: z.object({
    rejectedSpans: z.coerce.number().optional(),
    errorMessage: z.string().optional(),
  }),
});

/** Sends a body of OTLP/JSON. @returns why it was not taken; undefined if it was */
export async function sendOtlp(
  { url, headers, isAggregator }: Target,
  path: "/v1/traces" | "/v1/metrics",
  body: string,
): Promise<Refused | undefined> {
  const answer = await ask(url, path, {
    method: "POST",
    body,
    headers: { "content-type": "application/json", ...headers },
    timeoutMs: 10_000,
  });
  const address = plainUrl(url);
  if (!isAnswer(answer)) {
    const remedy = answer.isOtherProtocol
      ? "this is probably its gRPC port (4317): name the one for HTTP (4318)"
      : "start it, or correct --collector or --endpoint";
    return { text: `cannot be sent to ${address} (${answer.reason})`, remedy };
  }
  if (answer.status === 200) {
    const partial = partialSchema.safeParse(answer.json);
    if (!partial.success || !(partial.data.partialSuccess.rejectedSpans ?? 0)) return undefined;
    const { errorMessage = "it does not say why" } = partial.data.partialSuccess;
    return { text: `${address} refuses its spans: ${errorMessage}`, remedy: "look at its log" };
  }
  const text = `${address} does not take it: it ${statusText(answer)}`;
  if (answer.status === 401 || answer.status === 403) {
    const remedy = isAggregator
      ? "give the aggregator's token with --token or SLIPSTREAM_TOKEN"
      : "set OTEL_EXPORTER_OTLP_HEADERS=authorization=Bearer%20TOKEN";
    return { text, remedy };
  }
  if (answer.status === 429 || answer.status >= 500)
    return { text, remedy: "it is overloaded, or cannot write to its disk: look at its log" };
  return { text, remedy: "name the base URL of an OTLP/HTTP receiver with --collector" };
}
