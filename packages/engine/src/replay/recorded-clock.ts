import type { Cancel, Clock } from "@cloister/model";
import type { Hour } from "../inbox/turn-clock.ts";

/** The hour of the record that is replayed. No timer ever fires: deadlines are in the records. */
export class RecordedClock implements Clock {
  #hour: Hour = { atMs: 0, monotonicMs: 0 };

  set({ atMs, monotonicMs }: Hour): void {
    this.#hour = { atMs, monotonicMs };
  }

  wallMs(): number {
    return this.#hour.atMs;
  }

  monotonicMs(): number {
    return this.#hour.monotonicMs;
  }

  after(): Cancel {
    return () => undefined;
  }
}
