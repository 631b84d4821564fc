import { isOver } from "@cloister/machines";
import {
  type Cloid,
  type CloidMark,
  isLive,
  isMarked,
  type Oid,
  type OrderReport,
  ZERO,
} from "@cloister/model";
import type { BelievedLeg, BelievedOrder, Belief } from "./reconcile.ts";
import { BoundedMap } from "../registry/bounded-map.ts";
import type { Registry } from "../registry/registry.ts";
import type { TrackedOrder } from "../registry/tracked-order.ts";

type Ports = {
  readonly registry: Registry;
  readonly mark: CloidMark;
  readonly policies: { readonly strangers: "watch" | "adopt" };
};

/** Questions remembered, so that the same list does not ask them twice. */
const ASKED_MAX = 10_000;

/** The registry as `reconcile` reads it, and what was asked on account of which list. */
export class RegistryBelief implements Belief {
  readonly #ports: Ports;
  readonly #asked = new BoundedMap<Oid | Cloid, number>(ASKED_MAX);

  constructor(ports: Ports) {
    this.#ports = ports;
  }

  readonly order = (oid: Oid, cloid: Cloid | undefined): BelievedOrder | undefined => {
    const order = this.#ports.registry.find(oid, cloid);
    return order === undefined ? undefined : believed(order);
  };

  *live(): Iterable<BelievedOrder> {
    for (const order of this.#ports.registry.orders.values()) {
      if (isLive(order.state)) yield believed(order);
    }
  }

  readonly isBuried = (oid: Oid, cloid: Cloid | undefined): boolean => {
    const buried = this.#ports.registry.tombstone(oid, cloid);
    return buried?.absentAt === undefined && buried?.oids.includes(oid) === true;
  };

  readonly isStranger = (oid: Oid): boolean => this.#ports.registry.isOpenStranger(oid);

  readonly isToAdopt = ({ cloid, size }: OrderReport): boolean => {
    const { mark, registry, policies } = this.#ports;
    // A stop for a whole position has no size of its own: it cannot be kept as an order.
    if (size === ZERO) return false;
    if (cloid !== undefined && registry.tombstone(undefined, cloid) !== undefined) return false;
    return policies.strangers === "adopt" || (cloid !== undefined && isMarked(cloid, mark));
  };

  readonly askedAt = (key: Oid | Cloid): number | undefined => this.#asked.get(key);

  /** On account of a list whose read began at this hour. */
  asks(key: Oid | Cloid, begunAt: number): void {
    this.#asked.delete(key);
    this.#asked.set(key, begunAt);
  }

  /** The connection went: everything may be asked again. */
  forget(): void {
    this.#asked.clear();
  }

  /** Nobody answered: it may be asked again. */
  unasked(key: Oid | Cloid): void {
    this.#asked.delete(key);
  }
}

function believed({ cloid, facts, isUnsettled }: TrackedOrder): BelievedOrder {
  const { absentBegunAt } = facts.verdicts;
  const waits = facts.terms.trigger !== undefined;
  const legs = facts.legs.flatMap((leg): BelievedLeg[] => {
    if (!leg.real) return [];
    const isEnded = leg.ending !== undefined;
    const state = isEnded ? "ended" : isOver(facts, leg) ? overWord(leg) : "live";
    return [
      {
        oid: leg.oid,
        state,
        positiveAt: leg.positiveAt,
        ...(absentBegunAt === undefined ? {} : { absentAt: absentBegunAt }),
        isNamed: leg.size !== undefined && leg.price !== undefined,
        waitsForTrigger: waits && !leg.triggered,
        ...(leg.shown === undefined ? {} : { shown: leg.shown.size }),
      },
    ];
  });
  return { cloid, isBusy: isUnsettled, legs };

  /** Over without a word: filled whole, or inferred absent. */
  function overWord(leg: { readonly positiveAt: number }): "ended" | "absent" {
    return absentBegunAt !== undefined && absentBegunAt > leg.positiveAt ? "absent" : "ended";
  }
}
