import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import { SlipstreamError } from "@slipstream/conventions";

/**
 * @param onAcceptError gets the error of each connection that cannot be accepted. The server goes on.
 * @throws SlipstreamError `port_in_use`, `cannot_listen`
 */
export function listen(
  server: Server,
  host: string,
  port: number,
  onAcceptError: (error: Error) => void,
): Promise<AddressInfo> {
  return new Promise((resolve, reject) => {
    const refuse = (error: NodeJS.ErrnoException): void => reject(cannotListen(error, host, port));
    server.once("error", refuse);
    server.listen({ host, port, exclusive: true }, () => {
      server.off("error", refuse);
      server.on("error", onAcceptError);
      resolve(server.address() as AddressInfo);
    });
  });
}

function cannotListen(error: NodeJS.ErrnoException, host: string, port: number): SlipstreamError {
  if (error.code === "EADDRINUSE") {
    return new SlipstreamError(
      "port_in_use",
      `Port ${port} on ${host} is in use. Choose another with --port N (SLIPSTREAM_PORT), or 0 for any free one.`,
      { field: "port", cause: error },
    );
  }
  return new SlipstreamError("cannot_listen", `Cannot listen on ${host}, port ${port}: ${error.message}.`, {
    field: error.code === "EACCES" ? "port" : "host",
    cause: error,
  });
}
