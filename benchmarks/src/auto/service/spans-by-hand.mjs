import { setUp } from "@slipstream/telemetry";

// Loaded before a service that makes its spans itself, by OpenTelemetry's API.
setUp({ serviceName: "bot" });
