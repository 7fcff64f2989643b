import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

export interface Received {
  requests: number;
  bytes: number;
}

export interface Receiver {
  readonly url: string;
  readonly received: Readonly<Received>;
  close(): Promise<void>;
}

/** Takes any OTLP/HTTP request on a free port of 127.0.0.1, reads it to its end and answers that all is well. */
export async function startReceiver(): Promise<Receiver> {
  const received: Received = { requests: 0, bytes: 0 };
  const server = createServer((request, response) => {
    request.on("data", (chunk: Buffer) => {
      received.bytes += chunk.length;
    });
    request.on("end", () => {
      received.requests += 1;
      // An empty body is an empty ExportTraceServiceResponse: full success.
      response.writeHead(200, { "content-type": "application/x-protobuf", "content-length": 0 }).end();
    });
  });
  // As a Collector: a connection that is idle between two exports stays.
  server.keepAliveTimeout = 60_000;
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    received,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
