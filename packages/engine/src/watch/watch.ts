import type { Answer } from "@cloister/model";
import type { Base } from "../base.ts";
import type { Reads } from "../reads/reads.ts";
import { KeyWatch } from "./key-watch.ts";
import { MarketWatch } from "./market-watch.ts";
import { Pulse } from "./pulse.ts";

/** Looks at what goes wrong by itself, slowly or all at once: the key, the markets, this process. */
export class Watch {
  readonly #base: Base;
  readonly #key: KeyWatch;
  readonly #markets: MarketWatch;
  readonly #pulse: Pulse;

  constructor(base: Base, reads: Reads) {
    this.#base = base;
    this.#key = new KeyWatch({ ...base, reads });
    this.#markets = new MarketWatch({ ...base, reads });
    this.#pulse = new Pulse(base);
  }

  /** The gate has opened: from the first time on it watches. */
  begin(): void {
    this.#key.begin();
    this.#markets.begin();
    this.#pulse.begin();
  }

  hear(answer: Answer): void {
    this.#markets.hear(answer);
  }

  due(what: "key" | "markets"): void {
    if (what === "key") this.#key.due();
    else this.#markets.due();
  }

  /** The venue is looked at anew after it: an alarm sees to that. */
  stalled(lateMs: number): void {
    this.#base.turn().alarm("stalled", `nothing ran for ${lateMs} ms`);
  }

  stop(): void {
    this.#pulse.stop();
  }
}
