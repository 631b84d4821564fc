import { judge, ledgerOf, type Leg, missingOf, worstOf } from "@cloister/machines";
import {
  add,
  ALARMS,
  type Clock,
  type Decimal,
  type EngineStatus,
  type Explanation,
  formatDecimal,
  isLive,
  type LegLine,
  type OrderState,
  readCloid,
  type TrackedExplanation,
} from "@cloister/model";
import type { Deadlines } from "../inbox/deadlines.ts";
import type { VenueHour } from "../reads/venue-hour.ts";
import type { Registry, Stranger, Tombstone } from "../registry/registry.ts";
import type { TrackedOrder } from "../registry/tracked-order.ts";
import { evidenceLine, evidenceText } from "./evidence-line.ts";
import { requestLine } from "./explain-request.ts";
import { nextSteps } from "./next-steps.ts";
import { orderView } from "./views.ts";

type Ports = {
  readonly clock: Clock;
  readonly deadlines: Deadlines;
  readonly hour: VenueHour;
  readonly registry: Registry;
  readonly sequence: number;
  readonly status: EngineStatus;
  /** Its modify that waits to be sent, and the sizes of those that are on their way. */
  readonly modifies: (order: TrackedOrder) => {
    readonly waiting: number | undefined;
    readonly underWay: readonly Decimal[];
  };
};

/** Why an order is as it is, what is awaited and what happens next; or what is known of a cloid at all. */
export function explain(cloid: string, order: TrackedOrder | undefined, ports: Ports): Explanation {
  if (order !== undefined) return explainOrder(order, ports);
  const known = readCloid(cloid);
  if (known === undefined) {
    return { kind: "unknown", cloid, why: "is no cloid: 0x and 32 hex digits" };
  }
  const tombstone = ports.registry.tombstone(undefined, known);
  if (tombstone !== undefined) return explainTombstone(tombstone);
  const stranger = ports.registry.stranger(known);
  if (stranger !== undefined) return explainStranger(stranger, known);
  const why =
    "is in no book here: never placed by this engine, or its tombstone is forgotten; the journal knows more";
  return { kind: "unknown", cloid: known, why };
}

function explainOrder(order: TrackedOrder, ports: Ports): TrackedExplanation {
  const { clock, deadlines, hour, sequence, status } = ports;
  const { facts, found, history, terms, cloid } = order;
  const now = { nowMs: clock.monotonicMs(), status, venueMs: hour.seen };
  const requests = [...order.requests.values()];
  const { waiting, underWay } = ports.modifies(order);
  const lines = requests.map((request) => requestLine(request, now));
  const view = orderView(order);
  const evidence = history.changes().map(evidenceLine);
  const ledger = ledgerOf(facts);
  return {
    kind: "tracked",
    cloid,
    atMs: clock.wallMs(),
    sequence,
    order: view,
    ...(found === undefined ? {} : { found }),
    why: whyOf(order, evidence.at(-1)?.text),
    evidence,
    evidenceForgotten: history.forgotten,
    legs: facts.legs.map(legLine),
    requests: lines,
    waitsFor: [
      ...lines.flatMap(({ kind, id, waitsFor }) =>
        waitsFor.map((text) => `${kind} ${id}: ${text}`),
      ),
      ...(waiting === undefined ? [] : [`modify ${waiting}: its turn`]),
      ...sleepText(order),
      ...(isLive(order.state) || ledger !== "open" ? [] : ["the fills of its ended legs"]),
    ],
    next: nextSteps(deadlines, { cloid, requests, waiting }),
    ledger: { state: ledger, missing: formatDecimal(missingOf(facts)) },
    exposure: {
      coin: terms.coin,
      side: terms.side,
      most: formatDecimal(underWay.reduce(add, worstOf(facts))),
    },
    alarms: history.alarms().map(({ sequence: at, alarm }) => ({
      ...{ sequence: at, name: alarm.name, text: alarm.text },
      advice: ALARMS[alarm.name],
    })),
  };
}

/** The state, and the latest news that it follows from. */
function whyOf({ state, facts }: TrackedOrder, latest: string | undefined): string {
  const { cause } = judge(facts);
  const told = latest === undefined ? "nothing was told of it yet" : `latest: ${latest}`;
  return `${state}${cause === undefined ? "" : ` (${cause})`}: ${MEANING[state]}; ${told}`;
}

const MEANING: Readonly<Record<OrderState, string>> = {
  pending: "no word of the venue shows it there, and none says that it will not come",
  untriggered: "the venue has it, and it sleeps",
  resting: "the venue has it open, and nothing of it has filled",
  partiallyFilled: "the venue has it open, and a part of it has filled",
  filled: "all of it has filled",
  canceled: "it was at the venue, and has ended",
  rejected: "it was never at the venue, and will not be",
  reaped: "it ended and left the book",
};

function sleepText({ facts }: TrackedOrder): readonly string[] {
  const { waitsFor } = judge(facts);
  if (waitsFor === undefined) return [];
  return [waitsFor === "parent" ? "its parent to fill" : "the mark price to reach its trigger"];
}

function legLine({ oid, real, triggered, price, size, filled, ending }: Leg): LegLine {
  const state =
    ending !== undefined ? "ended" : !real ? "unseen" : triggered ? "triggered" : "open";
  return {
    oid,
    state,
    ...(price === undefined ? {} : { price: formatDecimal(price) }),
    ...(size === undefined ? {} : { size: formatDecimal(size) }),
    filled: formatDecimal(filled),
    ...(ending === undefined ? {} : { ended: endText(ending), endedAtMs: ending.at }),
  };
}

function endText({ word, cause, conflicting }: NonNullable<Leg["ending"]>): string {
  const why = cause === undefined ? "" : ` (${cause})`;
  return `${word}${why}${conflicting ? ", and told otherwise too" : ""}`;
}

function explainTombstone(tombstone: Tombstone): Explanation {
  const { cloid, tag, coin, state, cause, filled, oids, reapedAtMs, sequence } = tombstone;
  const ended = `${state}${cause === undefined ? "" : ` (${cause})`}`;
  return {
    kind: "reaped",
    cloid,
    ...(tag === undefined ? {} : { tag }),
    coin,
    state,
    ...(cause === undefined ? {} : { cause }),
    filled: formatDecimal(filled),
    oids: [...oids],
    reapedAtMs,
    sequence,
    why: `ended ${ended}, and left the book with tick ${sequence}; the journal has its evidence`,
  };
}

function explainStranger(
  { oid, coin, evidence }: Stranger,
  cloid: TrackedExplanation["cloid"],
): Explanation {
  const told = evidence.map((event) => ({ type: event.type, text: evidenceText(event) }));
  const why = "an order on the account that is not ours: it is watched, and left alone";
  return { kind: "stranger", cloid, coin, oid, told, why };
}
