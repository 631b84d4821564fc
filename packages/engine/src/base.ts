import {
  type CloidMark,
  type Clock,
  type Deadline,
  type EngineStatus,
  type Input,
  type Journal,
  type Logger,
  SILENT,
  type Venue,
} from "@cloister/model";
import type { InspectionEvent } from "xstate";
import type { BudgetView } from "./budgets/budget-view.ts";
import { Budgets } from "./budgets/budgets.ts";
import type { Risk } from "./restraints/risk-options.ts";
import { Copies } from "./requests/copies.ts";
import { Counters } from "./views/counters.ts";
import { Deadlines } from "./inbox/deadlines.ts";
import { Ledger } from "./ledger/ledger.ts";
import type { Limits, Policies } from "./options.ts";
import { Publisher } from "./views/publisher.ts";
import { Registry, type Tombstone } from "./registry/registry.ts";
import { quietLogger, safely } from "./inbox/safely.ts";
import { Slots } from "./requests/slots.ts";
import type { Inspect } from "./registry/sturdy-actor.ts";
import type { Turn } from "./inbox/turn.ts";
import { KnownMarkets } from "./intake/known-markets.ts";
import { PendingSums } from "./ledger/pending-sums.ts";
import { Unproved } from "./ledger/unproved.ts";
import { VenueHour } from "./reads/venue-hour.ts";

export type CorePorts = {
  readonly venue: Venue;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly journal: Journal | undefined;
  readonly mark: CloidMark;
  readonly limits: Limits;
  readonly policies: Policies;
  readonly risk: Risk;
  readonly inspect: Inspect | undefined;
};

/** An inspector that never throws. */
type QuietInspect = (event: InspectionEvent) => void;

/** What the core offers to everybody under it. */
export type CoreHooks = {
  /** The turn under way. */
  readonly turn: () => Turn;
  readonly push: (input: Input) => void;
  readonly status: () => EngineStatus;
  readonly budgetViews: () => readonly BudgetView[];
  readonly isJournalBroken: () => boolean;
  /** Calls back once what was recorded is as durable as promised, or cannot be. At once when nothing is to be waited for. */
  readonly whenDurable: (done: (isDurable: boolean) => void) => void;
  readonly nextId: () => number;
};

/** The plain structures that every desk stands on. */
export type Base = Omit<CorePorts, "journal" | "inspect"> &
  CoreHooks & {
    readonly inspect: QuietInspect | undefined;
    readonly counters: Counters;
    readonly deadlines: Deadlines;
    readonly hour: VenueHour;
    readonly markets: KnownMarkets;
    readonly ledger: Ledger;
    readonly registry: Registry;
    readonly slots: Slots;
    readonly copies: Copies;
    readonly unproved: Unproved;
    readonly pending: PendingSums;
    readonly budgets: Budgets;
    readonly publisher: Publisher;
    /** Told what a listener throws. */
    readonly failed: (error: unknown) => void;
  };

export function baseOf(ports: CorePorts, hooks: CoreHooks): Base {
  const { venue, clock, mark, limits, policies, risk } = ports;
  const logger = ports.logger === SILENT ? SILENT : quietLogger(ports.logger);
  const counters = new Counters();
  const publisher = new Publisher({
    logger,
    slowTicks: limits.slowTicks,
    status: hooks.status,
    budgets: hooks.budgetViews,
    nowMs: () => clock.monotonicMs(),
    counters,
    failed: (text) => hooks.push({ kind: "subscriberFailed", text }),
  });
  const failed = (error: unknown): void => publisher.failed(error);
  const fire = (deadline: Deadline): void => hooks.push({ kind: "deadline", deadline });
  const pending = new PendingSums();
  const markets = new KnownMarkets();
  const hour = new VenueHour(clock);
  return {
    ...hooks,
    venue,
    clock,
    mark,
    limits,
    policies,
    risk,
    logger,
    counters,
    publisher,
    failed,
    inspect: quietInspect(ports.inspect, failed),
    deadlines: new Deadlines(clock, fire),
    hour,
    markets,
    ledger: new Ledger(limits.fillKeysMax, forgotFill(counters, hooks)),
    registry: new Registry(limits, forgotTombstone({ counters, clock }, hooks)),
    slots: new Slots(limits),
    copies: new Copies(),
    unproved: new Unproved(limits.tombstones, pending),
    pending,
    budgets: new Budgets({
      clock,
      limits,
      dexes: () => markets.dexes,
      venueNow: () => hour.now(),
      ourOrders: () => pending.live,
    }),
  };
}

/** Told once, then counted. */
function forgotFill(counters: Counters, { turn }: CoreHooks): (at: number) => void {
  return (at) => {
    counters.add("fillKeysForgotten");
    if (counters.read().fillKeysForgotten > 1) return;
    turn().alarm("fillKeysForgotten", `fills up to ${at} are remembered no more`);
  };
}

/** Late events come within a day, if at all. Told once, then counted. */
const YOUNG_MS = 24 * 3_600_000;

function forgotTombstone(
  { counters, clock }: { readonly counters: Counters; readonly clock: Clock },
  { turn }: CoreHooks,
): (tombstone: Tombstone) => void {
  return ({ reapedAtMs, cloid }) => {
    counters.add("tombstonesForgotten");
    if (clock.wallMs() - reapedAtMs >= YOUNG_MS) return;
    counters.add("youngTombstonesForgotten");
    if (counters.read().youngTombstonesForgotten > 1) return;
    turn().alarm("tombstoneForgotten", "it left the book less than a day ago", cloid);
  };
}

/** An inspector that throws must not stop an order: XState calls it from within `send`. */
function quietInspect(
  inspect: Inspect | undefined,
  failed: (error: unknown) => void,
): QuietInspect | undefined {
  if (inspect === undefined) return undefined;
  return (event: InspectionEvent) =>
    safely(() => (typeof inspect === "function" ? inspect(event) : inspect.next?.(event)), failed);
}
