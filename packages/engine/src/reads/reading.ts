import type { Base } from "../base.ts";
import { Adoption } from "../intake/adoption.ts";
import { Intake } from "../intake/intake.ts";
import type { OrderDesk } from "../registry/order-desk.ts";
import { RegistryBelief } from "./belief.ts";
import { FillWindow } from "./fill-window.ts";
import { ReadDesk } from "./read-desk.ts";
import { ReadGate } from "./read-gate.ts";
import { Reads } from "./reads.ts";
import { Silence } from "./silence.ts";

/** What is asked, what an answer teaches, and whose news it is. */
export type Reading = {
  readonly asked: Reads;
  readonly reads: ReadDesk;
  readonly intake: Intake;
  readonly belief: RegistryBelief;
  readonly silence: Silence;
  readonly adoption: Adoption;
};

type Hears = {
  /** Fills of a coin do not join. */
  readonly broken: () => void;
  /** A read told the venue's hour; when it was begun, monotonic ms. */
  readonly told: (at: number, begunAt: number) => void;
};

export function readingOf(base: Base, orders: OrderDesk, { broken, told }: Hears): Reading {
  const { budgets, hour, turn, unproved } = base;
  const asked = new Reads({
    ...{ ...base, venueTime: () => hour.seen },
    listener: {
      asked: (query) => budgets.asked(query),
      answered: (report, begun) => {
        budgets.told(report);
        if (report.kind === "positions") told(report.at, begun.begunAt);
      },
      unanswered: (query) => budgets.unanswered(query),
      throttled: () => budgets.throttled(),
    },
    gate: new ReadGate(base),
  });
  const silence = new Silence(base);
  const intake = new Intake({
    ...{ ...base, orders, broken, witness: silence },
    booked: (fill) => {
      turn().fills.push(fill);
      budgets.traded(fill);
    },
    late: (cloid, size) => unproved.pay(cloid, size),
  });
  const belief = new RegistryBelief(base);
  const adoption = new Adoption({ ...base, orders, read: (query) => reads.read(query) });
  const window = new FillWindow({ ...base, pace: () => budgets.fillPace });
  const reads = new ReadDesk({ ...base, reads: asked, intake, adoption, belief, window });
  return { asked, reads, intake, belief, silence, adoption };
}
