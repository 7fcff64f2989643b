import { start } from "./lib/auto/register/start.ts";

// `node --import @slipstream/telemetry/auto service.js`: observes an unchanged service.
start();
