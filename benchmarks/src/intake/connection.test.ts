import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { Connection, HEADER_BYTES } from "./connection.ts";

async function connection(listener: RequestListener): Promise<Connection> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const opened = await Connection.open(new URL(`http://127.0.0.1:${port}`));
  onTestFinished(() => {
    opened.close();
    server.close();
  });
  return opened;
}

function request(body: string): Buffer {
  return Buffer.concat([Buffer.alloc(HEADER_BYTES), Buffer.from(body)]);
}

test("posts one body after the other, and sends again what was turned away", async () => {
  const taken: string[] = [];
  let asked = 0;
  const sender = await connection((incoming, answer) => {
    let body = "";
    incoming.on("data", (chunk) => {
      body += chunk;
    });
    incoming.on("end", () => {
      asked += 1;
      if (asked === 1) {
        answer.writeHead(429, { "retry-after": "0" }).end("busy");
        return;
      }
      taken.push(body);
      answer.writeHead(200, { "content-length": 0 }).end();
    });
  });
  await sender.post(request("first"), 5);
  await sender.post(request("second"), 6);
  expect(taken).toEqual(["first", "second"]);
  expect(sender.retries).toBe(1);
});

test("rejects with the answer where a body is refused, and where the connection ends", async () => {
  const refused = await connection((_, answer) => answer.writeHead(400).end("no OTLP"));
  await expect(refused.post(request("x"), 1)).rejects.toThrow(/400 Bad Request/);
  const ended = await connection((incoming) => incoming.socket.destroy());
  await expect(ended.post(request("x"), 1)).rejects.toThrow(/closed before the answer|ECONNRESET/);
});
