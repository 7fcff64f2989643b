import { openLog } from "../open-log.ts";
import { numberOf } from "../position.ts";
import { request } from "./append-request.ts";

// Appends to a log until it is killed, and prints the position of each record that was acknowledged.
const [directory = "", segmentBytes = "1000000", bytes = "20000"] = process.argv.slice(2);
const log = await openLog({ directory, segmentBytes: Number(segmentBytes), groupMs: 1 });
let number = numberOf(log.position);

async function appendOneAfterAnother(): Promise<void> {
  for (;;) {
    const mine = ++number;
    const position = await log.append(request(mine, Number(bytes)));
    process.stdout.write(`${position} ${mine}\n`);
  }
}
for (let connection = 0; connection < 8; connection++) void appendOneAfterAnother();
