import type { Journal, Wire } from "@cloister/model";

/** Where a process can be cut off: around the record of an input, around bytes that leave, before bytes are heard. */
export type Boundary = "record" | "recorded" | "send" | "sent" | "heard";

/** How long a process lives. Once it is dead nothing of it reaches a disk or the venue any more. */
export class Fate {
  readonly #dies: (boundary: Boundary, passed: number) => boolean;
  readonly #died: () => void;
  #passed = 0;
  isDead = false;

  /** `dies` is asked at each boundary that is passed. */
  constructor(dies: (boundary: Boundary, passed: number) => boolean, died: () => void) {
    this.#dies = dies;
    this.#died = died;
  }

  /** Whether the process lives on. */
  passes(boundary: Boundary): boolean {
    this.#passed += 1;
    if (!this.isDead && this.#dies(boundary, this.#passed)) this.kill();
    return !this.isDead;
  }

  kill(): void {
    if (this.isDead) return;
    this.isDead = true;
    this.#died();
  }
}

/** The wire of a process that may die: from then on nothing leaves, and nothing arrives. */
export function mortalWire(wire: Wire, fate: Fate): Wire {
  return {
    connect(kind, handlers) {
      const socket = wire.connect(kind, {
        opened: () => {
          if (!fate.isDead) handlers.opened();
        },
        received: (text) => {
          if (fate.passes("heard")) handlers.received(text);
        },
        closed: (code, reason) => {
          if (!fate.isDead) handlers.closed(code, reason);
        },
      });
      return {
        send(text) {
          if (!fate.passes("send")) return "never";
          const written = socket.send(text);
          fate.passes("sent");
          return written;
        },
        close: () => socket.close(),
      };
    },
    request(request, done) {
      if (!fate.passes("send")) return;
      wire.request(request, (answer) => {
        if (fate.passes("heard")) done(answer);
      });
      fate.passes("sent");
    },
    close: () => wire.close(),
  };
}

/** The journal of a process that may die: what was written before stays. */
export function mortalJournal(journal: Journal, fate: Fate): Journal {
  return {
    mark: journal.mark,
    recall: () => journal.recall(),
    append(record) {
      if (!fate.passes("record")) return;
      journal.append(record);
      fate.passes("recorded");
    },
    whenDurable(done) {
      if (!fate.isDead) journal.whenDurable(done);
    },
    checkpoint(checkpoint) {
      if (!fate.isDead) journal.checkpoint(checkpoint);
    },
    close: () => undefined,
  };
}
