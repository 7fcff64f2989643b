import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createSecureContext, TLSSocket } from "node:tls";
import { requireProgram } from "./real-process.ts";

/** A server in front of another one, which speaks TLS with a certificate of its own. */
export interface TlsProxy {
  readonly port: number;
  /** File with the certificate, for whoever is to trust it. */
  readonly ca: string;
  close(): Promise<void>;
}

/**
 * Starts one on loopback.
 *
 * @param to port of the other server
 * @param asPostgres whether TLS begins after PostgreSQL's request for it, and not with the connection
 */
export async function startTlsProxy(to: number, asPostgres = false): Promise<TlsProxy> {
  requireProgram("openssl", "openssl");
  const folder = mkdtempSync(join(tmpdir(), "slipstream-tls-"));
  const [key, ca] = [join(folder, "key.pem"), join(folder, "certificate.pem")];
  const subject = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1"];
  const made = ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-keyout", key, "-out", ca];
  execFileSync("openssl", [...made, ...subject], { stdio: "ignore" });
  const secureContext = createSecureContext({ key: readFileSync(key), cert: readFileSync(ca) });
  const open = new Set<Socket>();

  const pass = (socket: Socket): void => {
    const secure = new TLSSocket(socket, { isServer: true, secureContext });
    const plain = connect(to, "127.0.0.1");
    for (const [one, other] of [
      [secure, plain],
      [plain, secure],
    ] as const)
      one.on("error", () => other.destroy()).pipe(other);
  };
  const server = createServer((socket) => {
    open.add(socket);
    socket.on("error", () => {}).once("close", () => open.delete(socket));
    if (!asPostgres) pass(socket);
    else
      socket.once("data", () => {
        socket.write("S");
        pass(socket);
      });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    port: (server.address() as AddressInfo).port,
    ca,
    close: async () => {
      for (const socket of open) socket.destroy();
      await new Promise<void>((resolve) => server.close(() => resolve()));
      rmSync(folder, { recursive: true });
    },
  };
}
