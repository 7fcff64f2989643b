import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, it, onTestFinished } from "vitest";
import { ask } from "./ask.ts";

it.each([
  ["desk:p%40ss", "desk:p@ss"],
  ["desk:100%", "desk:100%"],
])("sends the login %s in a URL as HTTP Basic", async (login, sent) => {
  const server = createServer(({ headers }, response) => response.end(headers.authorization));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void server.close());
  const { port } = server.address() as AddressInfo;
  expect(await ask(`http://${login}@127.0.0.1:${port}`, "/")).toMatchObject({
    status: 200,
    text: `Basic ${Buffer.from(sent).toString("base64")}`,
  });
});
