/** What waits for a slot. Cancels pass modifies, modifies pass places. */
export type SlotKind = "cancel" | "modify" | "place";

export type Waiting = { readonly id: number; readonly kind: SlotKind; readonly grant: () => void };

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
    return !this.#free("place");
  }

  wait(entry: Waiting): void {
    this.#waiting[entry.kind].set(entry.id, entry);
  }

  /** Takes it out of the queue and gives its slot back, whichever it had. */
  release(id: number): void {
    for (const kind of PRIORITY) this.#waiting[kind].delete(id);
    const held = this.#held.get(id);
    if (held === undefined) return;
    this.#held.delete(id);
    if (held !== "cancel") this.#ordinary -= 1;
  }

  /** Grants what may leave now, highest priority and longest wait first. */
  pump(mayPass: (kind: SlotKind) => boolean): void {
    for (const kind of PRIORITY) {
      if (!mayPass(kind)) continue;
      for (const entry of this.#waiting[kind].values()) {
        if (!this.#free(kind)) break;
        this.#waiting[kind].delete(entry.id);
        this.#held.set(entry.id, kind);
        if (kind !== "cancel") this.#ordinary += 1;
        entry.grant();
      }
    }
  }

  #free(kind: SlotKind): boolean {
    if (this.#held.size >= this.#limits.inFlightMax + this.#limits.cancelReserve) return false;
    return kind === "cancel" || this.#ordinary < this.#limits.inFlightMax;
  }
}
