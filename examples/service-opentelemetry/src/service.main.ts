/**
 * A trading service with stock OpenTelemetry and nothing of Slipstream. The names of spans and attributes are in
 * docs/attributes.md. It sends to the address in OTEL_EXPORTER_OTLP_ENDPOINT.
 */
import { type Order, runDesk, startVenue } from "slipstream-example-venue";

let bought = 0;
await using venue = await startVenue();

// #region readme
import { metrics, type Span, SpanKind, SpanStatusCode, trace } from "@opentelemetry/api";
import { OTLPMetricExporter } from "@opentelemetry/exporter-metrics-otlp-http";
import { OTLPTraceExporter } from "@opentelemetry/exporter-trace-otlp-http";
import { resourceFromAttributes } from "@opentelemetry/resources";
import { MeterProvider, PeriodicExportingMetricReader } from "@opentelemetry/sdk-metrics";
import { BatchSpanProcessor, NodeTracerProvider } from "@opentelemetry/sdk-trace-node";

const resource = resourceFromAttributes({ "service.name": "arbitrage-desk" });
const spans = new BatchSpanProcessor(new OTLPTraceExporter());
const tracerProvider = new NodeTracerProvider({ resource, spanProcessors: [spans] });
tracerProvider.register();
const reader = new PeriodicExportingMetricReader({ exporter: new OTLPMetricExporter() });
const meterProvider = new MeterProvider({ resource, readers: [reader] });
metrics.setGlobalMeterProvider(meterProvider);

const tracer = trace.getTracer("arbitrage-desk");
const positions = metrics.getMeter("arbitrage-desk").createGauge("slipstream_open_positions");

/** Runs `work` in a span, which has failed if `work` throws. */
function traced<T>(name: string, kind: SpanKind, work: (span: Span) => Promise<T>): Promise<T> {
  return tracer.startActiveSpan(name, { kind }, async (span) => {
    try {
      return await work(span);
    } catch (error) {
      span.setStatus({ code: SpanStatusCode.ERROR });
      throw error;
    } finally {
      span.end();
    }
  });
}

function execute({ id, pair, sizeUsd }: Order): Promise<void> {
  return traced("trade.execute", SpanKind.INTERNAL, async (trade) => {
    trade.setAttributes({
      "trade.id": id,
      "trade.pair": pair,
      "trade.side": "buy",
      "trade.size_usd": sizeUsd,
    });
    const quote = await traced("jupiter.quote", SpanKind.CLIENT, () => venue.quote(sizeUsd));
    const signature = await traced("sendTransaction", SpanKind.CLIENT, (span) => {
      span.setAttributes({ "rpc.system": "jsonrpc", "rpc.method": "sendTransaction" });
      return venue.send(quote);
    });
    trade.setAttributes({ "solana.signature": signature, "trade.status": "success" });
    bought += 1;
    positions.record(bought);
  });
}
// #endregion

await runDesk(execute);
await Promise.all([tracerProvider.shutdown(), meterProvider.shutdown()]);
