import { explainTrade } from "../explain/explain-trade.ts";
import { openEmbeddedReader } from "../history/embedded-reader.ts";
import { type HistoryReader, historyOfDesk } from "../history/query.ts";
import { serveThread } from "../threads/serve-thread.ts";
import type { ReportThread } from "./mev-reports.ts";
import { answerMev } from "./question.ts";

/** Answers from the history of a data directory, which the aggregator writes meanwhile. */
void serveThread<ReportThread>((dataDir) => {
  const read = async <T>(make: (reader: HistoryReader) => Promise<T>): Promise<T> => {
    const reader = openEmbeddedReader(dataDir);
    try {
      return await make(reader);
    } finally {
      await reader.close();
    }
  };
  return {
    opened: undefined,
    questions: {
      answer: (question) => read((reader) => answerMev(reader, question)),
      explain: (trade, desk) =>
        read((all) => explainTrade({ history: historyOfDesk(all, desk), log: dataDir }, trade)),
    },
  };
});
