import { type Coin, formatDecimal, type Report } from "@cloister/model";
import type { Deadlines } from "../inbox/deadlines.ts";
import type { Turn } from "../inbox/turn.ts";
import type { Limits } from "../options.ts";
import type { Ledger } from "../ledger/ledger.ts";

type Ports = {
  readonly ledger: Ledger;
  readonly deadlines: Deadlines;
  readonly limits: Limits;
  readonly turn: () => Turn;
};

/**
 * Holds the venue's positions against base and fills, after each reconnect. Fills of the gap may still be on their
 * way, so a difference is looked at again, and alarmed once it stays. Nothing is corrected: that needs proof.
 */
export class PositionAudit {
  readonly #ports: Ports;
  #suspected = new Map<Coin, string>();
  readonly #alarmed = new Map<Coin, string>();

  constructor(ports: Ports) {
    this.#ports = ports;
  }

  /** One report of the venue; the first becomes the base. */
  learn(report: Extract<Report, { readonly kind: "positions" }>): void {
    const { ledger, deadlines, limits } = this.#ports;
    if (!ledger.hasBase) {
      ledger.setBase(report);
      return;
    }
    const found = new Map<Coin, string>();
    for (const { coin, ours, theirs } of ledger.differences(report)) {
      found.set(coin, `${formatDecimal(theirs)} at the venue, ${formatDecimal(ours)} by our fills`);
    }
    for (const [coin, text] of found) this.#judge(coin, text);
    const isNew = [...found].some(([coin, text]) => this.#suspected.get(coin) !== text);
    this.#suspected = found;
    if (isNew) deadlines.arm(limits.settleMs, { kind: "positions" });
  }

  /** The same difference twice is no fill on its way. Told once, until it changes. */
  #judge(coin: Coin, text: string): void {
    if (this.#suspected.get(coin) !== text || this.#alarmed.get(coin) === text) return;
    this.#alarmed.set(coin, text);
    this.#ports.turn().alarm("positionDiffers", `${coin}: ${text}`);
  }
}
