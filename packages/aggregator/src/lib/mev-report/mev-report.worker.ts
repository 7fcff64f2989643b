import { openEmbeddedReader } from "../history/embedded-reader.ts";
import { serveThread } from "../threads/serve-thread.ts";
import type { ReportThread } from "./mev-reports.ts";
import { answerMev } from "./question.ts";

/** Answers from the history of a data directory, which the aggregator writes meanwhile. */
void serveThread<ReportThread>((dataDir) => ({
  opened: undefined,
  questions: {
    async answer(question) {
      const reader = openEmbeddedReader(dataDir);
      try {
        return await answerMev(reader, question);
      } finally {
        await reader.close();
      }
    },
  },
}));
