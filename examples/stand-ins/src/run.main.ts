/** Runs a service against stand-ins: `run.main.ts service.js [flags of node ...]`. Its Redis and PostgreSQL are real ones. */
import { spawn } from "node:child_process";
import { Keypair } from "@solana/web3.js";
import { startStandIns } from "./lib/stand-ins.ts";

const [file = "", ...flags] = process.argv.slice(2);
await using standIns = await startStandIns();
const service = spawn(process.execPath, [...flags, file], {
  stdio: "inherit",
  env: {
    REDIS_URL: "redis://127.0.0.1:6379",
    DATABASE_URL: "postgres://postgres@127.0.0.1:5432/postgres",
    SLIPSTREAM_JUPITER_HOSTS: new URL(standIns.jupiterUrl).host,
    SLIPSTREAM_JITO_HOSTS: new URL(standIns.jitoUrl).host,
    ...process.env,
    SOLANA_RPC_URL: standIns.nodeUrl,
    JUPITER_URL: standIns.jupiterUrl,
    JITO_URL: standIns.jitoUrl,
    JUPITER_API_KEY: "none",
    JITO_AUTH: "none",
    WALLET: JSON.stringify([...Keypair.generate().secretKey]),
  },
});
process.exitCode = await new Promise<number>((resolve) => {
  service.on("exit", (code) => resolve(code ?? 1));
});
