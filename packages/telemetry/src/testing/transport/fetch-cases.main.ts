import { runCases } from "./cases.ts";
import { failing } from "./fetch-failing.ts";
import { reading } from "./fetch-reading.ts";
import { sending } from "./fetch-sending.ts";

await runCases({ ...reading, ...sending, ...failing });
