import { type Coin, type Decimal, formatDecimal, type Report, subtract } from "@cloister/model";
import type { Turn } from "../inbox/turn.ts";
import type { Ledger } from "../ledger/ledger.ts";

type Ports = {
  readonly ledger: Ledger;
  readonly turn: () => Turn;
  /** Positions and fills are to be looked at again, after what may be on its way has come. */
  readonly lookAgain: () => void;
};

type PositionsReport = Extract<Report, { readonly kind: "positions" }>;

/** Base units. */
export type Difference = { readonly coin: Coin; readonly ours: Decimal; readonly theirs: Decimal };

/**
 * Holds the venue's positions against base and fills. Fills may still be on their way, so a difference is looked at
 * again, with the fills; once it stays it is alarmed, and the venue's word counts from its hour on.
 */
export class PositionAudit {
  readonly #ports: Ports;
  /** By how much the venue has more. */
  #suspected = new Map<Coin, Decimal>();

  constructor(ports: Ports) {
    this.#ports = ports;
  }

  /** Coins that differed when they were last looked at. */
  get suspected(): number {
    return this.#suspected.size;
  }

  /** The first report becomes the base. */
  base(report: PositionsReport): void {
    this.#ports.ledger.setBase(report);
  }

  /** One report of the venue. Returns what differs and is not decided. */
  learn(report: PositionsReport): readonly Difference[] {
    const { ledger, lookAgain } = this.#ports;
    const open: Difference[] = [];
    const found = new Map<Coin, Decimal>();
    for (const { coin, ours, theirs, at } of ledger.differences(report)) {
      const more = subtract(theirs, ours);
      // The same difference twice is no fill on its way.
      if (this.#suspected.get(coin) === more) {
        const text = `${formatDecimal(theirs)} at the venue, ${formatDecimal(ours)} by our fills`;
        this.#take(coin, theirs, { at, text });
      } else {
        found.set(coin, more);
        open.push({ coin, ours, theirs });
      }
    }
    this.#suspected = found;
    if (found.size > 0) lookAgain();
    return open;
  }

  #take(coin: Coin, theirs: Decimal, { at, text }: { at: number; text: string }): void {
    this.#ports.ledger.rebase(coin, theirs, at);
    this.#ports.turn().alarm("positionDiffers", `${coin}: ${text}`);
  }
}
