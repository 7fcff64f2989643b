import { context, SpanKind, trace } from "@opentelemetry/api";
import { AsyncLocalStorageContextManager } from "@opentelemetry/context-async-hooks";
import { NodeTracerProvider, SimpleSpanProcessor } from "@opentelemetry/sdk-trace-node";
import { Redis } from "ioredis";

// The service's own telemetry, which prints its spans.
const exporter = {
  export: (spans, done) => {
    for (const { name } of spans) console.log(JSON.stringify({ own: name, ...spans[0].spanContext() }));
    done({ code: 0 });
  },
  shutdown: async () => {},
};
context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
new NodeTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] }).register();
const redis = new Redis(process.env.REDIS);
await trace.getTracer("service").startActiveSpan("own work", async (span) => {
  await redis.set("key", 1);
  span.end();
});
// As an instrumentation of the service's own makes a span of a command.
const command = { kind: SpanKind.CLIENT, attributes: { "db.system": "redis" } };
await trace.getTracer("service").startActiveSpan("SET", command, async (span) => {
  await redis.set("key", 2);
  span.end();
});
redis.disconnect();
