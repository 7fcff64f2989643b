import { createServer } from "node:http";
import { join } from "node:path";
import { runProgram } from "@slipstream/testing/program";
import { type FloorStage, stages } from "./stages.ts";
import { work } from "./work.ts";

/** A receiver that does only a part of what the aggregator does: see `stages`. Arguments: the stage, and a folder for its file. */
async function main({ stage, directory }: { stage: FloorStage; directory: string }): Promise<void> {
  const take = work(stage, join(directory, "bodies"));
  const server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on("data", (part: Buffer) => parts.push(part));
    request.on("end", async () => {
      const body = Buffer.concat(parts);
      await take(body);
      // As the aggregator does: as garbage, bodies would have the heap searched twice as often.
      if (body.buffer.byteLength === body.length) structuredClone(body.buffer, { transfer: [body.buffer] });
      response.writeHead(200, { "content-type": "application/x-protobuf", "content-length": 0 }).end();
    });
  });
  server.listen(0, "127.0.0.1", () => {
    const address = server.address();
    const port = typeof address === "object" && address !== null ? address.port : 0;
    process.stdout.write(`Floor on http://127.0.0.1:${port}\n`);
  });
}

function parse(): { stage: FloorStage; directory: string } {
  const [, , stage = "", directory = "."] = process.argv;
  const known = stages.find((one) => one === stage);
  if (known === undefined) throw new TypeError(`"${stage}" is no stage; there are ${stages.join(", ")}`);
  return { stage: known, directory };
}

await runProgram("floor.main.ts STAGE DIRECTORY", parse, main);
