import type { Alarm, Change } from "@cloister/model";

export type ToldChange = { readonly sequence: number; readonly change: Change };

/** Changes kept per order, and alarms. */
const CHANGES_MAX = 64;
const ALARMS_MAX = 16;

/**
 * What moved an order, for who asks why. It holds on to what the ticks made anyhow: the first piece, which says how
 * the order came about, and the latest ones.
 */
export class OrderHistory {
  readonly #changes: Change[] = [];
  readonly #sequences: number[] = [];
  #alarms: { readonly sequence: number; readonly alarm: Alarm }[] | undefined;
  #forgotten = 0;

  /** Pieces between the first one and the latest that are not kept. */
  get forgotten(): number {
    return this.#forgotten;
  }

  get latest(): Change | undefined {
    return this.#changes.at(-1);
  }

  note(change: Change, sequence: number): void {
    this.#changes.push(change);
    this.#sequences.push(sequence);
    for (const alarm of change.alarms) this.noteAlarm(alarm, sequence);
    if (this.#changes.length <= CHANGES_MAX) return;
    this.#changes.splice(1, 1);
    this.#sequences.splice(1, 1);
    this.#forgotten += 1;
  }

  noteAlarm(alarm: Alarm, sequence: number): void {
    this.#alarms ??= [];
    this.#alarms.push({ sequence, alarm });
    if (this.#alarms.length > ALARMS_MAX) this.#alarms.shift();
  }

  /** Oldest first. */
  changes(): readonly ToldChange[] {
    return this.#changes.map((change, index) => ({
      sequence: this.#sequences[index] ?? 0,
      change,
    }));
  }

  alarms(): readonly { readonly sequence: number; readonly alarm: Alarm }[] {
    return this.#alarms ?? [];
  }
}
