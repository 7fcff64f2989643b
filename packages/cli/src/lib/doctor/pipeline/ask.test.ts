import { createServer } from "node:http";
import { listening } from "@slipstream/testing/listening";
import { expect, it } from "vitest";
import { ask } from "./ask.ts";

it.each([
  ["desk:p%40ss", "desk:p@ss"],
  ["desk:100%", "desk:100%"],
])("sends the login %s in a URL as HTTP Basic", async (login, sent) => {
  const server = createServer(({ headers }, response) => response.end(headers.authorization));
  const port = await listening(server);
  expect(await ask(`http://${login}@127.0.0.1:${port}`, "/")).toMatchObject({
    status: 200,
    text: `Basic ${Buffer.from(sent).toString("base64")}`,
  });
});
