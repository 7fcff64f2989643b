"""Sends spans and gauges with the stock OpenTelemetry SDK of Python, as a JSON plan on standard input says."""

import json
import sys

from opentelemetry.exporter.otlp.proto.http import Compression
from opentelemetry.exporter.otlp.proto.http.metric_exporter import OTLPMetricExporter
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.metrics import Observation
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import PeriodicExportingMetricReader
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.trace import SpanKind, set_span_in_context

plan = json.load(sys.stdin)
resource = Resource.create({"service.name": plan["service"], "service.instance.id": "python-1"})
compression = Compression.Gzip if plan["gzip"] else Compression.NoCompression


def send_spans():
    exporter = OTLPSpanExporter(endpoint=plan["endpoint"] + "/v1/traces", compression=compression)
    provider = TracerProvider(resource=resource)
    provider.add_span_processor(BatchSpanProcessor(exporter, max_queue_size=1_000_000))
    tracer = provider.get_tracer("plan")

    def send(span, context):
        started = tracer.start_span(
            span["name"],
            context=context,
            kind=SpanKind.CLIENT if span["kind"] == "client" else SpanKind.INTERNAL,
            attributes=span["attributes"],
            start_time=int(span["startNs"]),
        )
        for child in span["children"]:
            send(child, set_span_in_context(started))
        started.end(end_time=int(span["endNs"]))

    for span in plan["spans"]:
        send(span, None)
    assert provider.force_flush(30_000)
    provider.shutdown()


def send_gauges():
    exporter = OTLPMetricExporter(endpoint=plan["endpoint"] + "/v1/metrics", compression=compression)
    reader = PeriodicExportingMetricReader(exporter, export_interval_millis=3_600_000)
    provider = MeterProvider(resource=resource, metric_readers=[reader])
    meter = provider.get_meter("plan")
    by_name = {}
    for gauge in plan["gauges"]:
        by_name.setdefault(gauge["name"], []).append(Observation(gauge["value"], gauge["attributes"]))
    for name, observations in by_name.items():
        meter.create_observable_gauge(name, callbacks=[lambda _, found=observations: found])
    assert provider.force_flush(30_000)
    provider.shutdown()


send_spans()
if plan["gauges"]:
    send_gauges()
