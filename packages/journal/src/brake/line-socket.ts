import type { Socket } from "node:net";
import { LINE_MAX } from "./brake-words.ts";

/** Calls back for each line that a socket brings. One that sends too long a line is cut off. */
export function onLines(socket: Socket, take: (line: string) => void): void {
  let rest = "";
  socket.setEncoding("utf8");
  socket.on("data", (text: string) => {
    const lines = `${rest}${text}`.split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) take(line);
    if (rest.length > LINE_MAX) socket.destroy();
  });
}

export function sendLine(socket: Socket, value: unknown): void {
  if (!socket.destroyed) socket.write(`${JSON.stringify(value)}\n`);
}
