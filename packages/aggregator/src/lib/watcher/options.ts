/** Where the blocks around the desk's trades come from. Without either, no trade has a verdict. */
export const watcherOptions = {
  title: "MEV verdicts",
  options: {
    rpcUrl: {
      type: "url",
      protocols: ["http:", "https:"],
      example: "https://node.example/",
      secret: true,
      unset: "none; without blocks there are no verdicts",
      env: "SLIPSTREAM_RPC_URL",
      flag: "--rpc <url>",
      help: "Solana node to read the blocks around the desk's trades from, for MEV verdicts",
      details:
        "The node must answer `getBlock`. The URL may hold a key, or a name and password, which are sent as HTTP Basic. They appear in no log and in no message.",
    },
    blocksDir: {
      type: "text",
      allowed: "the path of a folder",
      env: "SLIPSTREAM_BLOCKS_DIR",
      flag: "--blocks <folder>",
      excludes: "rpcUrl",
      help: "folder of recorded blocks to read instead of a node",
      details: "Answers of `getBlock`, one in each file, named `SLOT.json`.",
    },
    blocksPerSecond: {
      type: "number",
      above: 0,
      max: 1_000,
      default: 8,
      env: "SLIPSTREAM_BLOCKS_PER_SECOND",
      help: "most blocks that the node is asked for in a second",
      details: "Solana makes two or three blocks a second.",
    },
  },
} as const;
