import type { Coin } from "@cloister/model";
import type { Turn } from "../inbox/turn.ts";
import type { Ledger } from "../ledger/ledger.ts";
import type { ReadDesk } from "./read-desk.ts";
import type { Survey } from "./survey.ts";

type Ports = {
  readonly ledger: Ledger;
  readonly limits: { readonly fillOverlapMs: number; readonly settleMs: number };
  readonly reads: ReadDesk;
  readonly turn: () => Turn;
  readonly isOpen: () => boolean;
  /** A look at the account, after so long. */
  readonly lookAgain: (pauseMs: number) => void;
};

/**
 * Fills that do not join are searched for at once; what a look at the account begun after that search does not bring
 * is alarmed, once per gap (situation 48).
 */
export class GapWatch {
  readonly #ports: Ports;
  /** Gaps that were told, by coin. */
  readonly #told = new Map<Coin, number>();
  #isSearching = false;
  #isSuspected = false;

  constructor(ports: Ports) {
    this.#ports = ports;
  }

  /** Fills of a coin do not join. Others of the same frame may still come. */
  noticed(): void {
    if (!this.#ports.isOpen() || this.#isSuspected) return;
    this.#isSuspected = true;
    this.#ports.turn().lastly(() => this.#search());
  }

  /** The connection went: the recovery reads all fills. */
  forget(): void {
    this.#isSearching = false;
    this.#isSuspected = false;
  }

  /** The recovery read all fills. */
  recovered(): void {
    this.#isSuspected = this.#isNew();
    if (this.#isSuspected) this.#ports.lookAgain(this.#ports.limits.settleMs);
  }

  /** Fills were looked at as a whole. What is still missing, the venue does not tell. */
  searched(survey: Survey): void {
    const isDecided = !this.#isSearching && survey.notes.isComplete;
    this.#isSuspected = this.#isSearching;
    if (!isDecided) return;
    const { ledger, turn } = this.#ports;
    const broken = new Map(ledger.gaps().map(({ coin, gaps }) => [coin, gaps]));
    for (const [coin, told] of this.#told) {
      const gaps = broken.get(coin) ?? 0;
      if (gaps === 0) this.#told.delete(coin);
      else if (gaps < told) this.#told.set(coin, gaps);
    }
    for (const [coin, gaps] of broken) {
      if (gaps <= (this.#told.get(coin) ?? 0)) continue;
      this.#told.set(coin, gaps);
      turn().alarm("positionGap", `${coin}: fills are missing in ${gaps} places`);
    }
  }

  #search(): void {
    const { ledger, limits, reads } = this.#ports;
    if (!this.#isNew()) {
      this.#isSuspected = false;
      return;
    }
    this.#isSearching = true;
    const fromMs = Math.max(0, (ledger.fillFloorMs ?? 0) - limits.fillOverlapMs);
    const told = (): void => {
      this.#isSearching = false;
      this.#isSuspected = this.#isNew();
      if (this.#isSuspected) this.#ports.lookAgain(limits.settleMs);
    };
    // Something is missing from what was read whole: further back than usual.
    reads.read({ kind: "fills", fromMs }, told, { rank: "account" });
  }

  #isNew(): boolean {
    return this.#ports.ledger.gaps().some(({ coin, gaps }) => gaps > (this.#told.get(coin) ?? 0));
  }
}
