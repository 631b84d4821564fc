import type { Certificate, VenueFact } from "@cloister/model";
import type { Base } from "../base.ts";
import type { OrderDesk } from "../registry/order-desk.ts";
import { Absence } from "./absence.ts";
import { Barrier } from "./barrier.ts";
import type { RegistryBelief } from "./belief.ts";
import { GapWatch } from "./gap-watch.ts";
import { PositionAudit } from "./position-audit.ts";
import type { ReadDesk } from "./read-desk.ts";
import { Reconciler } from "./reconciler.ts";
import type { Silence } from "./silence.ts";
import { Surveyor } from "./surveyor.ts";

type Ports = Base & {
  readonly reads: ReadDesk;
  readonly orders: OrderDesk;
  readonly belief: RegistryBelief;
  readonly silence: Silence;
  /** Requests of which nobody knows what became of them, in words. */
  readonly doubts: () => readonly string[];
  /** Takes an event that was held back while the venue was read. */
  readonly release: (fact: VenueFact) => void;
  /** The gate may open. */
  readonly opened: () => void;
};

/** Everything that looks at the venue as a whole: the recovery of each connect, and the looks in between. */
export class Lookout {
  readonly #ports: Ports;
  readonly barrier: Barrier;
  readonly reconciler: Reconciler;
  readonly gaps: GapWatch;
  readonly #absence: Absence;

  constructor(ports: Ports) {
    this.#ports = ports;
    const { belief, limits, reads } = ports;
    const lookAgain = (pauseMs: number): void => this.reconciler.soon("account", pauseMs);
    const audit = new PositionAudit({ ...ports, lookAgain: () => lookAgain(limits.settleMs) });
    this.#absence = new Absence(ports);
    const absence = this.#absence;
    this.gaps = new GapWatch({ ...ports, isOpen: () => this.barrier.isOpen, lookAgain });
    const surveyor = new Surveyor({ ...ports, reads, belief, absence, audit });
    this.reconciler = new Reconciler({
      ...{ ...ports, surveyor, absence, audit, gaps: this.gaps },
      dexes: () => ports.markets.dexes,
    });
    this.barrier = new Barrier({ ...ports, surveyor, opened: () => this.#opened() });
  }

  /** What the latest recovery was worth; undefined before the first has ended. */
  get certificate(): Certificate | undefined {
    return this.barrier.certificate;
  }

  lost(): void {
    const { belief, silence } = this.#ports;
    silence.stop();
    this.barrier.abandon();
    this.reconciler.closed();
    this.gaps.forget();
    this.#absence.forget();
    belief.forget();
  }

  sizes(): Readonly<Record<string, number>> {
    return { held: this.barrier.held, suspected: this.#absence.suspected };
  }

  stop(): void {
    this.reconciler.stop();
  }

  #opened(): void {
    this.#ports.opened();
    this.#ports.silence.begin();
    this.reconciler.opened();
  }
}
