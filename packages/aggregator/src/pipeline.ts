export { UnkeptLog } from "./lib/log/unkept-log.ts";
export { Pipeline, type Stage } from "./lib/pipeline/pipeline.ts";
