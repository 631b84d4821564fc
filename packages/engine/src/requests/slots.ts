/** What waits for a slot. Cancels pass modifies, modifies pass places. */
export type SlotKind = "cancel" | "modify" | "place";

export type Waiting = {
  readonly id: number;
  readonly kind: SlotKind;
  /** How many orders it carries: what the venue counts (protocol §12.2). By default one. */
  readonly cost?: number;
  readonly grant: () => void;
};

/** What may leave now, and what was let go and is not written yet. */
export type Unwritten = { readonly requests: number; readonly elements: number };

const PRIORITY = ["cancel", "modify", "place"] as const;

/**
 * The in-flight slots: `inFlightMax` posts for places and modifies, and `cancelReserve` on top that only
 * cancels may use, so that a cancel waits for at most one release. A slot is one post, however many orders it carries.
 */
export class Slots {
  readonly #limits: { readonly inFlightMax: number; readonly cancelReserve: number };
  readonly #waiting = {
    cancel: new Map<number, Waiting>(),
    modify: new Map<number, Waiting>(),
    place: new Map<number, Waiting>(),
  };
  readonly #held = new Map<number, SlotKind>();
  /** Granted, and their first bytes have not left. */
  readonly #unwritten = new Map<number, number>();
  #unwrittenCost = 0;
  #ordinary = 0;

  constructor(limits: { readonly inFlightMax: number; readonly cancelReserve: number }) {
    this.#limits = limits;
  }

  get inFlight(): number {
    return this.#held.size;
  }

  get queued(): number {
    return this.#waiting.cancel.size + this.#waiting.modify.size + this.#waiting.place.size;
  }

  /** Whether another place would have to wait for a release. */
  get saturated(): boolean {
    return !this.isFree("place");
  }

  get unwritten(): Unwritten {
    return { requests: this.#unwritten.size, elements: this.#unwrittenCost };
  }

  /** Its bytes leave: from now on whoever counts them knows of it. */
  wrote(id: number): void {
    this.#unwrittenCost -= this.#unwritten.get(id) ?? 0;
    this.#unwritten.delete(id);
  }

  /** What waits under this id. */
  waiting(id: number): Waiting | undefined {
    for (const kind of PRIORITY) {
      const entry = this.#waiting[kind].get(id);
      if (entry !== undefined) return entry;
    }
    return undefined;
  }

  wait(entry: Waiting): void {
    this.#waiting[entry.kind].set(entry.id, entry);
  }

  /** Takes it out of the queue and gives its slot back, whichever it had. */
  release(id: number): void {
    for (const kind of PRIORITY) this.#waiting[kind].delete(id);
    const held = this.#held.get(id);
    if (held === undefined) return;
    this.wrote(id);
    this.#held.delete(id);
    if (held !== "cancel") this.#ordinary -= 1;
  }

  /**
   * Grants what may leave now, highest priority and longest wait first. What there is no budget for stays, and those
   * behind it: nobody is overtaken by somebody smaller again and again.
   */
  pump(
    mayPass: (kind: SlotKind) => boolean,
    hasBudget: (entry: Waiting) => boolean = () => true,
  ): void {
    for (const kind of PRIORITY) {
      if (!mayPass(kind)) continue;
      for (const entry of this.#waiting[kind].values()) {
        if (!this.isFree(kind) || !hasBudget(entry)) break;
        this.#waiting[kind].delete(entry.id);
        this.#held.set(entry.id, kind);
        this.#unwritten.set(entry.id, entry.cost ?? 1);
        this.#unwrittenCost += entry.cost ?? 1;
        if (kind !== "cancel") this.#ordinary += 1;
        entry.grant();
      }
    }
  }

  /** Whether a slot of this kind is free. */
  isFree(kind: SlotKind): boolean {
    if (this.#held.size >= this.#limits.inFlightMax + this.#limits.cancelReserve) return false;
    return kind === "cancel" || this.#ordinary < this.#limits.inFlightMax;
  }
}
