import type { WrittenObject } from "../../written-object.ts";
import { kind, MS, OF_FRAME } from "../fault-kind.ts";

/** What happens to a channel, or to the connection itself. */

export const staleChannel = kind<{ readonly ms: number }>({
  to: OF_FRAME,
  paper: { parameters: "`ms`", happens: "one channel says nothing for so long, the others live" },
  read: (fault) => ({ ms: fault.whole("ms", MS) }),
  check(to, whom) {
    if (whom.channel === undefined) throw to.refuse("channel", "must be named for staleChannel");
  },
  lastsMs: ({ ms }) => ms,
  frame: () => "lose",
});

export const halfOpen = kind<{ readonly ms: number }>({
  to: OF_FRAME,
  paper: {
    parameters: "`ms`",
    happens:
      "nothing passes on the socket in either direction, and nothing closes: who hung up meanwhile is heard of afterwards",
  },
  read: (fault) => ({ ms: fault.whole("ms", MS) }),
  frame: ({ ms }) => ({ muteMs: ms }),
});

export const slowSocket = kind<{ readonly bytesPerSecond: number }>({
  to: OF_FRAME,
  paper: {
    parameters: "`bytesPerSecond`",
    happens: "frames take their time, what follows waits in line; 16 MB behind, it is cut",
  },
  read: (fault) => ({ bytesPerSecond: fault.whole("bytesPerSecond", { min: 1, max: 2 ** 31 }) }),
  frame: ({ bytesPerSecond }) => ({ bytesPerSecond }),
});

/** Close codes that an endpoint may send, and 1006 for none. */
const CLOSE_CODES = [1000, 1001, 1002, 1003, 1006, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 1014];

export const disconnect = kind<{ readonly code: number }>({
  to: ["account", "channel", "type", "path", "contains"],
  paper: {
    parameters: "`code` (1006)",
    happens: "instead of a frame or an answer the connection ends; 1006 without a close frame",
  },
  read: (fault) => ({ code: readCloseCode(fault) }),
  frame: ({ code }) => ({ closeCode: code }),
  // A channel is a socket's: who names one means no answer.
  answer: ({ to }) => (to.channel === undefined ? "disconnect" : undefined),
});

function readCloseCode(fault: WrittenObject): number {
  if (!fault.has("code")) return 1006;
  const code = fault.whole("code", { min: 1000, max: 4999 });
  if (code >= 3000 || CLOSE_CODES.includes(code)) return code;
  throw fault.refuse("code", "must be a close code that may be sent, or 1006");
}
