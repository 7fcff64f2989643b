import { quantity, SlipstreamError } from "@slipstream/conventions";
import { Command, Option } from "commander";
import { addConfigFlags, commandConfig } from "../../config/flags.ts";
import { examplesText } from "../examples.ts";
import { wholeNumber } from "../numbers.ts";

interface Options {
  readonly slot?: number;
  readonly json?: boolean;
}

export function ingestBlockCommand(): Command {
  const command = new Command("ingest-block")
    .summary("read the swaps of a recorded block")
    .description(
      "Reads a raw Solana getBlock answer (encoding json, maxSupportedTransactionVersion 1) and turns each swap " +
        "in it that can be decoded into a trade: through OTLP, to a running aggregator (--endpoint) or to one of its own. " +
        "What a block does not contain, such as latency, stays unknown. Reading a block again changes nothing.",
    )
    .argument("<file>", "file of the answer, with or without the JSON-RPC envelope; - for standard input")
    .addOption(
      new Option("--slot <number>", "the block's slot (default: the number in the file's name)").argParser(
        wholeNumber(0, Number.MAX_SAFE_INTEGER),
      ),
    )
    .option("--json", "print the totals as JSON")
    .addHelpText(
      "after",
      examplesText(
        ["slipstream ingest-block slot_285000037.json", "into .slipstream/, if no aggregator runs there"],
        ["slipstream ingest-block block.json --slot 285000037", "a block whose file name has no slot"],
        ["slipstream ingest-block block.json --endpoint http://127.0.0.1:9480", "into a running aggregator"],
        ["curl ... | slipstream ingest-block - --slot 285000037", "straight from a node"],
        ["slipstream ingest-block block.json --json | jq .priorityFeeLamports", "a single number"],
      ),
    );
  return addConfigFlags(command, "endpoint", "token", "dataDir").action(ingest);
}

async function ingest(file: string, options: Options): Promise<void> {
  const { config } = await commandConfig({ ...options });
  const [{ readBlockFile }, { openTarget }, { ingestBlock }, { blockTotals }, { ingestReport }] =
    await Promise.all([
      import("../../ingest/read-block-file.ts"),
      import("../../ingest/target.ts"),
      import("../../ingest/ingest-block.ts"),
      import("../../ingest/totals.ts"),
      import("../../ingest/ingest-report.ts"),
    ]);
  const block = await readBlockFile(file, options.slot);
  if (block.blockTime === null) {
    throw new SlipstreamError("failed", `${file}: blockTime: null; without it the trades have no time`);
  }
  const target = await openTarget(config);
  try {
    const sent = await ingestBlock(block, block.blockTime, target.client, showProgress());
    const totals = blockTotals(block);
    console.log(
      options.json
        ? JSON.stringify({ file, ...totals, sent: { to: target.name, ...sent } }, undefined, 2)
        : ingestReport(totals, sent, target.name),
    );
    if (sent.refused > 0)
      throw new SlipstreamError("failed", `${quantity(sent.refused, "trade")} refused: ${sent.reason}`);
  } finally {
    await target.close();
  }
}

/** A line that is overwritten, on a terminal only. */
function showProgress(): ((sent: number, all: number) => void) | undefined {
  if (!process.stderr.isTTY) return undefined;
  return (sent, all) =>
    process.stderr.write(sent < all ? `\rsending ${sent} of ${quantity(all, "trade")}` : "\r\x1b[K");
}
