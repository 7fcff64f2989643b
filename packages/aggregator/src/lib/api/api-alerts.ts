import type { AlertCommand, Transition } from "@slipstream/alerts";
import { hasCode } from "@slipstream/conventions";
import { OWN_DESK } from "@slipstream/engine";
import type { Notifications } from "../alerts/notifications.ts";
import { alert } from "../log/records/alert.ts";
import { newRecord } from "../log/records/record-kind.ts";
import type { Journal } from "../pipeline/journal.ts";
import { HttpError } from "../server/http-error.ts";
import type { DeskAlerts } from "./alert-answers.ts";
import type { ApiDesks } from "./desk.ts";

/** What routes read of alerts, and how they change them. */
export interface ApiAlerts {
  /** Default: the own desk's. @throws HttpError 404 if there is no such desk */
  ofDesk(desk?: string): DeskAlerts;
  /** Resolves once the command is in the log and was carried out. @throws SlipstreamError if the log takes nothing at present */
  commit(command: AlertCommand, desk?: string): Promise<void>;
  /** What fired and resolved while a backlog was worked off last; undefined: none was. */
  digest(desk?: string): Transition | undefined;
}

export function apiAlerts({
  desks,
  commit,
  notifications,
  now,
}: {
  readonly desks: ApiDesks;
  readonly commit: Journal["commit"];
  readonly notifications: Pick<Notifications, "digest">;
  /** Unix ms. */
  readonly now: () => number;
}): ApiAlerts {
  return {
    ofDesk: (desk) => desks.engineOf(desk).alerts,
    commit: async (command, name) => {
      const desk = desks.keptAs(name);
      const record = newRecord(alert, now(), desk === OWN_DESK ? { command } : { command, desk });
      await commit(record).catch((error: unknown) => {
        if (!hasCode(error, "log_busy")) throw error;
        throw new HttpError(503, "busy", "Too much waits to be written; try again later.", {
          headers: { "retry-after": "1" },
        });
      });
    },
    digest: (desk) => notifications.digest(desks.keptAs(desk)),
  };
}
