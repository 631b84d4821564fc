import type { Cancel, Clock, Deadline } from "@cloister/model";

type Entry = {
  readonly key: string;
  readonly dueMs: number;
  readonly order: number;
  readonly deadline: Deadline;
};

/** A longer delay would fire at once (Node). The timer wakes before, and is set anew. */
const TIMER_MAX_MS = 2 ** 31 - 1;

/**
 * All deadlines of an engine behind one timer: a heap by due time, re-arming by key.
 * A deadline that was moved or disarmed stays in the heap until it surfaces, and is then skipped.
 */
export class Deadlines {
  readonly #clock: Clock;
  readonly #fire: (deadline: Deadline) => void;
  readonly #armed = new Map<string, Entry>();
  #heap: Entry[] = [];
  #order = 0;
  #timer: { readonly dueMs: number; readonly cancel: Cancel } | undefined;
  #stopped = false;

  constructor(clock: Clock, fire: (deadline: Deadline) => void) {
    this.#clock = clock;
    this.#fire = fire;
  }

  get size(): number {
    return this.#armed.size;
  }

  arm(delayMs: number, deadline: Deadline): void {
    if (this.#stopped) return;
    this.#order += 1;
    const entry: Entry = {
      key: keyOf(deadline),
      dueMs: this.#clock.monotonicMs() + Math.max(0, delayMs),
      order: this.#order,
      deadline,
    };
    this.#armed.set(entry.key, entry);
    push(this.#heap, entry);
    this.#sweep();
    this.#set();
  }

  disarm(deadline: Deadline): void {
    this.#armed.delete(keyOf(deadline));
  }

  /** It has come as an input: in a replay nothing else takes it away. */
  took(deadline: Deadline): void {
    this.#armed.delete(keyOf(deadline));
  }

  isArmed(deadline: Deadline): boolean {
    return this.#armed.has(keyOf(deadline));
  }

  /** In how many ms it passes; undefined when it is not armed. */
  dueInMs(deadline: Deadline): number | undefined {
    const entry = this.#armed.get(keyOf(deadline));
    return entry === undefined ? undefined : Math.max(0, entry.dueMs - this.#clock.monotonicMs());
  }

  /** Timers fire from now on, those first that are overdue. */
  wake(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
    this.#set();
  }

  stop(): void {
    this.#stopped = true;
    this.#armed.clear();
    this.#heap = [];
    this.#timer?.cancel();
    this.#timer = undefined;
  }

  #set(): void {
    const next = this.#live();
    if (next === undefined) return;
    if (this.#timer !== undefined && this.#timer.dueMs <= next.dueMs) return;
    this.#timer?.cancel();
    const delayMs = Math.min(TIMER_MAX_MS, next.dueMs - this.#clock.monotonicMs());
    this.#timer = {
      dueMs: this.#clock.monotonicMs() + delayMs,
      cancel: this.#clock.after(delayMs, () => this.#expire()),
    };
  }

  #expire(): void {
    this.#timer = undefined;
    const nowMs = this.#clock.monotonicMs();
    for (let next = this.#live(); next !== undefined && next.dueMs <= nowMs; next = this.#live()) {
      pop(this.#heap);
      this.#armed.delete(next.key);
      this.#fire(next.deadline);
      if (this.#stopped) return;
    }
    this.#set();
  }

  /** The earliest entry that is still meant. */
  #live(): Entry | undefined {
    for (let top = this.#heap[0]; top !== undefined; top = this.#heap[0]) {
      if (this.#armed.get(top.key) === top) return top;
      pop(this.#heap);
    }
    return undefined;
  }

  /** Keeps the heap in proportion to what is armed when many deadlines are moved. */
  #sweep(): void {
    if (this.#heap.length < 1_024 || this.#heap.length < 4 * this.#armed.size) return;
    this.#heap = [];
    for (const entry of this.#armed.values()) push(this.#heap, entry);
  }
}

function keyOf(deadline: Deadline): string {
  switch (deadline.kind) {
    case "queue":
    case "request":
    case "sign":
    case "look":
    case "expiry":
    case "retry":
      return `${deadline.kind}:${deadline.request}`;
    case "ledger":
    case "ask":
    case "reap":
      return `${deadline.kind}:${deadline.cloid}`;
    case "sweep":
      return `sweep:${deadline.command}`;
    case "read":
      return `read:${deadline.read}`;
    case "survey":
    case "budget":
    case "watch":
      return `${deadline.kind}:${deadline.what}`;
    case "recovery":
    case "silence":
    case "stalled":
      return deadline.kind;
  }
}

function before(a: Entry, b: Entry): boolean {
  return a.dueMs < b.dueMs || (a.dueMs === b.dueMs && a.order < b.order);
}

function push(heap: Entry[], entry: Entry): void {
  let index = heap.length;
  heap.push(entry);
  while (index > 0) {
    const parentIndex = (index - 1) >> 1;
    const parent = heap[parentIndex];
    if (parent === undefined || !before(entry, parent)) break;
    heap[index] = parent;
    index = parentIndex;
  }
  heap[index] = entry;
}

function pop(heap: Entry[]): void {
  const last = heap.pop();
  if (last === undefined || heap.length === 0) return;
  let index = 0;
  for (;;) {
    const left = 2 * index + 1;
    const a = heap[left];
    if (a === undefined) break;
    const b = heap[left + 1];
    const [child, childIndex] = b !== undefined && before(b, a) ? [b, left + 1] : [a, left];
    if (!before(child, last)) break;
    heap[index] = child;
    index = childIndex;
  }
  heap[index] = last;
}
