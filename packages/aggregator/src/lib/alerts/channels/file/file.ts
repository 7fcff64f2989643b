import { plainMessage } from "../../text/message-layout.ts";
import { notificationJson } from "../../text/notification-json.ts";
import type { Channel, Message } from "../channel.ts";
import type { ChannelValues } from "../channel-fields.ts";
import type { fileFields } from "./options.ts";
import { appendLines } from "./rolling-file.ts";

/** Every notification is written, however many come together. */
const MOST_TOGETHER = 10_000;

/** Appends notifications to a file that another one follows by size and each day. */
export function createFile(name: string, settings: ChannelValues<typeof fileFields>): Channel {
  const { path, format } = settings;
  return {
    name,
    type: "file",
    mostTogether: MOST_TOGETHER,
    async send(message) {
      try {
        await appendLines(settings, format === "json" ? jsonLines(message) : texts(message));
        return { outcome: "delivered" };
      } catch (error) {
        const code = error instanceof Error && "code" in error ? String(error.code) : String(error);
        return { outcome: "failed", reason: `${path} cannot be written: ${reasons[code] ?? code}` };
      }
    },
  };
}

const reasons: Readonly<Record<string, string>> = {
  ENOSPC: "the disk is full",
  EDQUOT: "the quota is used up",
  EACCES: "permission denied",
  EROFS: "the file system is read-only",
  EISDIR: "it is a folder",
  ENOTDIR: "its folder is a file",
};

function jsonLines({ notifications, isTest, lateMs }: Message): string {
  return notifications
    .map((transition) => {
      const late = lateMs === undefined ? {} : { deliveredLateSeconds: lateMs / 1_000 };
      return `${JSON.stringify({ ...notificationJson(transition, isTest), ...late })}\n`;
    })
    .join("");
}

/** As on a terminal, each with its time: in a file nothing else says when it was. */
function texts(message: Message): string {
  const { notifications } = message;
  return notifications
    .map((transition, i) => {
      const isLast = i === notifications.length - 1;
      const alone = { ...message, ...(!isLast && { more: 0, collapsed: 0 }), notifications: [transition] };
      const time = `${new Date(transition.atMs).toISOString().slice(0, 19).replace("T", " ")} UTC`;
      return `${time}\n${plainMessage(alone)}\n\n`;
    })
    .join("");
}
