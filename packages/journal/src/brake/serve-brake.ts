import { once } from "node:events";
import net, { type Socket } from "node:net";
import { CloisterError, type OrderState } from "@cloister/model";
import { closeToOthers, findAddress, makeAddress, removeAddress } from "./brake-address.ts";
import {
  type BrakeAnswer,
  type BrakeControl,
  type BrakeStatus,
  readRequest,
} from "./brake-words.ts";
import { onLines, sendLine } from "./line-socket.ts";

/** More than one operator needs at once. */
const CONNECTIONS_MAX = 8;

export type ServedBrake = {
  /** Path of the socket. */
  readonly path: string;
  close(): Promise<void>;
};

/**
 * Lets the owner of a journal's folder ask, halt and resume the engine that writes it, over a socket beside it (0600).
 * Begin it after the journal is open: whose socket an earlier life left there is dead then.
 * Rejects with journalLocked when somebody still answers there, and with what the system refuses.
 */
export async function serveBrake(folder: string, control: BrakeControl): Promise<ServedBrake> {
  await checkNobodyAnswers(folder);
  const path = makeAddress(folder);
  const open = new Set<Socket>();
  const server = net.createServer((socket) => {
    open.add(socket);
    socket.on("close", () => open.delete(socket));
    // A client that goes away is no fault of ours.
    socket.on("error", () => socket.destroy());
    onLines(socket, (line) => void answer(line, control).then((said) => sendLine(socket, said)));
  });
  server.maxConnections = CONNECTIONS_MAX;
  try {
    const listening = once(server, "listening");
    // Told below, unless what follows throws first.
    listening.catch(() => undefined);
    server.listen(path);
    // The name is there when `listen` returns, and nobody was let in yet.
    closeToOthers(path);
    await listening;
  } catch (error) {
    server.close();
    removeAddress(folder);
    throw error;
  }
  return {
    path,
    async close() {
      const closed = once(server, "close");
      server.close();
      for (const socket of open) socket.destroy();
      await closed;
      removeAddress(folder);
    },
  };
}

/** A socket that nobody listens at is taken away. */
async function checkNobodyAnswers(folder: string): Promise<void> {
  const path = findAddress(folder);
  if (path === undefined) return;
  const socket = net.connect(path);
  const isAnswered = await new Promise<boolean>((resolve) => {
    socket.once("connect", () => resolve(true));
    socket.once("error", () => resolve(false));
  });
  socket.destroy();
  if (isAnswered) {
    throw new CloisterError("journalLocked", `another process answers at the brake of ${folder}`);
  }
  removeAddress(folder);
}

async function answer(line: string, control: BrakeControl): Promise<BrakeAnswer> {
  const request = readRequest(line);
  if (typeof request === "string") {
    return { kind: "refused", code: "invalidSpec", message: request };
  }
  try {
    switch (request.do) {
      case "status":
        return { kind: "done", result: statusOf(control) };
      case "halt": {
        const { reason, cancel = false } = request;
        control.halt(reason, { cancel });
        return { kind: "done", result: statusOf(control) };
      }
      case "resume":
        control.resume();
        return { kind: "done", result: statusOf(control) };
      case "cancelAll": {
        const { do: _, ...options } = request;
        return { kind: "done", result: await control.cancelAll(options) };
      }
    }
  } catch (error) {
    const code = error instanceof CloisterError ? error.code : "failed";
    return {
      kind: "refused",
      code,
      message: error instanceof Error ? error.message : String(error),
    };
  }
}

function statusOf(control: BrakeControl): BrakeStatus {
  const { status } = control;
  const snapshot = control.snapshot?.();
  if (snapshot === undefined) return status;
  const { sequence, positions, exposure } = snapshot;
  const orders: Partial<Record<OrderState, number>> = {};
  for (const { state } of snapshot.orders) orders[state] = (orders[state] ?? 0) + 1;
  return { ...status, standing: { sequence, orders, positions, exposure } };
}
