import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";

/** A server of one's own, on a free port of 127.0.0.1. */
export interface Server {
  readonly url: string;
  close(): Promise<void>;
}

/** Answers each request with what `answer` makes of its body. */
export async function serve(answer: (path: string, body: string) => string): Promise<Server> {
  const server = createServer((request, response) => {
    void text(request).then((body) => response.writeHead(200).end(answer(request.url ?? "", body)));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
