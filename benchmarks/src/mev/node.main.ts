import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

// A node in a process of its own: what it costs to send a block must not count as the watcher's.

const blocks: Buffer[] = [];
let asked = 0;

const server = createServer((request, response) => {
  request.resume().on("end", () => {
    const block = blocks[asked++ % blocks.length];
    response.setHeader("content-length", block?.length ?? 0);
    response.end(block);
  });
});

process.once("message", (texts: readonly string[]) => {
  for (const text of texts) blocks.push(Buffer.from(`{"jsonrpc":"2.0","result":${text},"id":1}`));
  server.listen(0, "127.0.0.1", () => process.send?.((server.address() as AddressInfo).port));
});
process.once("disconnect", () => {
  server.closeAllConnections();
  server.close();
});
process.send?.("ready");
