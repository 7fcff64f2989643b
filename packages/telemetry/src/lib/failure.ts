import { type Attributes, type Span, SpanStatusCode } from "@opentelemetry/api";
import { semconv, withoutSecrets } from "@slipstream/conventions";
import { withoutUrlSecrets } from "./redact.ts";

const LONGEST_MESSAGE = 1_024;
const LONGEST_STACK = 8_192;
/** OpenTelemetry's value for errors without a name. */
const OTHER = "_OTHER";

/** Marks a span as failed by `error`, which may be anything. Never throws. */
export function recordFailure(span: Span, error: unknown): void {
  try {
    const { type, message, stack } = describe(error);
    span.setAttribute(semconv.errorType, type);
    span.setStatus({ code: SpanStatusCode.ERROR, message });
    const exception: Attributes = { [semconv.exceptionType]: type, [semconv.exceptionMessage]: message };
    if (stack !== undefined) exception[semconv.exceptionStacktrace] = stack;
    span.addEvent(semconv.exceptionEvent, exception);
  } catch {
    // The error's properties throw when read. The span then only says that it failed.
    span.setStatus({ code: SpanStatusCode.ERROR });
  }
}

interface Description {
  readonly type: string;
  readonly message: string;
  readonly stack: string | undefined;
}

function describe(error: unknown): Description {
  if (typeof error !== "object" || error === null) {
    return {
      type: typeof error === "string" ? OTHER : typeof error,
      message: clip(String(error), LONGEST_MESSAGE),
      stack: undefined,
    };
  }
  const {
    name,
    code,
    message,
    stack,
    constructor: made,
  } = error as Record<"name" | "code" | "message" | "stack" | "constructor", unknown>;
  // A code ("ECONNREFUSED") is more specific than "Error".
  const named = typeof name === "string" && name !== "" ? name : typeof made === "function" ? made.name : "";
  return {
    type: (typeof code === "string" && code !== "" ? code : named).slice(0, 100) || OTHER,
    message: clip(typeof message === "string" ? message : "", LONGEST_MESSAGE),
    stack: typeof stack === "string" ? clip(stack, LONGEST_STACK) : undefined,
  };
}

function clip(text: string, length: number): string {
  return withoutSecrets(withoutUrlSecrets(text.slice(0, length * 2))).slice(0, length);
}
