import type { Answer, MarketChange, RejectCause } from "@cloister/model";
import type { Deadlines } from "../inbox/deadlines.ts";
import type { Turn } from "../inbox/turn.ts";
import type { Limits } from "../options.ts";
import type { ReadOutcome, Reads } from "../reads/reads.ts";

type Ports = {
  readonly deadlines: Deadlines;
  readonly limits: Pick<Limits, "marketsEveryMs">;
  readonly reads: Reads;
  readonly turn: () => Turn;
};

/** Refusals that may mean that a market goes by other rules than those that were checked here. */
const SUSPICIOUS: ReadonlySet<RejectCause> = new Set<RejectCause>([
  "tick",
  "invalidPrice",
  "invalidSize",
  "invalidSpot",
  "maxPosition",
  "otherReject",
]);

/** After a suspicious refusal the markets are read so soon; many refusals are one reading. */
const SOON_MS = 2_000;

/** So many changes are told by name in one alarm. */
const NAMED_MAX = 20;

/** Reads the markets again and again, and says what changed: the venue goes by the new rules from then on. */
export class MarketWatch {
  readonly #ports: Ports;
  #isReading = false;
  /** The reading that a refusal is worth: at most one between two ordinary ones. */
  #extra: "none" | "wanted" | "taken" = "none";

  constructor(ports: Ports) {
    this.#ports = ports;
  }

  begin(): void {
    const { deadlines } = this.#ports;
    if (!deadlines.isArmed({ kind: "watch", what: "markets" }) && !this.#isReading) this.#again();
  }

  /** A refusal may be the first sign. */
  hear(answer: Answer): void {
    if (answer.admission !== "admitted" || this.#extra !== "none" || !this.#isOn) return;
    for (const status of answer.statuses) {
      if (status.kind !== "error" || !SUSPICIOUS.has(status.cause)) continue;
      this.#extra = "wanted";
      if (!this.#isReading) this.#arm(SOON_MS);
      return;
    }
  }

  due(): void {
    if (this.#isReading) return;
    this.#isReading = true;
    this.#extra = this.#extra === "wanted" ? "taken" : "none";
    const told = (outcome: ReadOutcome): void => {
      this.#isReading = false;
      const isTold = outcome.kind === "answered" && outcome.report.kind === "markets";
      if (isTold) this.#tell(outcome.report.changes);
      if (this.#extra === "wanted") this.#arm(SOON_MS);
      else this.#again();
    };
    this.#ports.reads.ask({ kind: "markets" }, told, { rank: "compare" });
  }

  get #isOn(): boolean {
    return this.#ports.limits.marketsEveryMs > 0;
  }

  #tell(changes: readonly MarketChange[]): void {
    if (changes.length === 0) return;
    const named = changes.slice(0, NAMED_MAX).map(wordsOf);
    const others = changes.length - named.length;
    const rest = others > 0 ? [`and ${others} more`] : [];
    this.#ports.turn().alarm("marketsChanged", [...named, ...rest].join("; "));
  }

  #again(): void {
    if (this.#isOn) this.#arm(this.#ports.limits.marketsEveryMs);
  }

  #arm(delayMs: number): void {
    this.#ports.deadlines.arm(delayMs, { kind: "watch", what: "markets" });
  }
}

function wordsOf(change: MarketChange): string {
  switch (change.type) {
    case "listed":
    case "delisted":
    case "relisted":
      return `${change.coin} is ${change.type}`;
    case "sizeDecimals":
      return `sizes of ${change.coin} have ${change.to} decimals, not ${change.from}`;
    case "maxLeverage":
      return `leverage of ${change.coin} is at most ${change.to}, not ${change.from}`;
  }
}
