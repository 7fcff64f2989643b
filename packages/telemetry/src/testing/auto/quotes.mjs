import { once } from "node:events";
import { createServer } from "node:http";

// A service that has just asked for a quote, as it has to end.
const mints = ["EPjFWdd5AufqSSqeM2qN1xzybapC8G4wEGGkZwyTDt1v", "So11111111111111111111111111111111111111112"];
const [inputMint, outputMint] = mints;
const quote = {
  inputMint,
  outputMint,
  inAmount: "1000",
  outAmount: "2000",
  swapMode: "ExactIn",
  routePlan: [],
};
const jupiter = createServer((_, response) => response.end(JSON.stringify(quote))).listen(0, "127.0.0.1");
await once(jupiter, "listening");
const query = `inputMint=${inputMint}&outputMint=${outputMint}&amount=1000`;
const answer = await fetch(`http://127.0.0.1:${jupiter.address().port}/swap/v1/quote?${query}`);
await answer.json();
const [ending] = process.argv.slice(2);
if (ending === "process.exit") process.exit(7);
console.log("ready");
