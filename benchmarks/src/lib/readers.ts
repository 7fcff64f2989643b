import { MetricReader } from "@opentelemetry/sdk-metrics";

/** A reader that collects when it is asked to and never by itself. Without a reader OpenTelemetry records nothing. */
export class ManualReader extends MetricReader {
  protected override onForceFlush(): Promise<void> {
    return Promise.resolve();
  }

  protected override onShutdown(): Promise<void> {
    return Promise.resolve();
  }
}
