// What `node --require @slipstream/telemetry/auto` loads: beside the ES module of the same name, in the published package.
const { isMainThread, parentPort } = require("node:worker_threads");

/** In `dist`, where this file is copied to. */
const program = "./auto.js";

// The thread in which Node runs loaders has no parent. There is nothing to observe, and it cannot load an ES module.
if (isMainThread || parentPort !== null) {
  try {
    require(program);
  } catch (error) {
    const isOld = error.code === "ERR_REQUIRE_ESM";
    const why = isOld
      ? `that needs Node 20.19, 22.12 or later, and this is ${process.version}`
      : error.message;
    console.error(`slipstream: This service is not observed: ${why}`);
  }
}
