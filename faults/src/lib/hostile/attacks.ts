import type { Attack } from "./attack.ts";
import { churn } from "./attacks/churn.ts";
import { emptyObjects } from "./attacks/empty-objects.ts";
import { idle } from "./attacks/idle.ts";
import { largeBatches } from "./attacks/large-batches.ts";
import { scrapers } from "./attacks/scrapers.ts";
import { singleBytes } from "./attacks/single-bytes.ts";
import { slowBodies } from "./attacks/slow-bodies.ts";
import { slowHeaders } from "./attacks/slow-headers.ts";
import { unendedBodies } from "./attacks/unended-bodies.ts";
import { unreadAnswers } from "./attacks/unread-answers.ts";
import { unreadPipeline } from "./attacks/unread-pipeline.ts";
import { unreadPipelines } from "./attacks/unread-pipelines.ts";
import { wrongPlace } from "./attacks/wrong-place.ts";

export const attacks: readonly Attack[] = [
  unreadPipeline,
  unreadPipelines,
  unreadAnswers,
  idle,
  slowHeaders,
  slowBodies,
  unendedBodies,
  singleBytes,
  emptyObjects,
  largeBatches,
  scrapers,
  wrongPlace,
  churn,
];
