import net from "node:net";
import type { Clock } from "@cloister/model";
import { findAddress } from "./brake-address.ts";
import { type BrakeAnswer, type BrakeRequest, readAnswer } from "./brake-words.ts";
import { onLines, sendLine } from "./line-socket.ts";

/** Asks the engine that writes a journal. Never rejects: who does not answer is silent, with the reason. */
export function askBrake(
  folder: string,
  request: BrakeRequest,
  { clock, timeoutMs }: { readonly clock: Pick<Clock, "after">; readonly timeoutMs: number },
): Promise<BrakeAnswer> {
  const path = findAddress(folder);
  if (path === undefined) {
    return Promise.resolve({ kind: "silent", reason: `no engine is running on ${folder}` });
  }
  return new Promise((resolve) => {
    const socket = net.connect(path);
    const end = (answer: BrakeAnswer): void => {
      cancel();
      socket.destroy();
      resolve(answer);
    };
    const silent = (reason: string): void => end({ kind: "silent", reason });
    const cancel = clock.after(timeoutMs, () => silent(`no answer within ${timeoutMs} ms`));
    socket.on("connect", () => sendLine(socket, request));
    socket.on("error", (error) => silent(`no engine answers on ${folder}: ${error.message}`));
    socket.on("close", () => silent("the engine hung up"));
    onLines(socket, (line) => end(readAnswer(line)));
  });
}
