import type { Engine, EngineOptions } from "@cloister/engine";
import type { Alarm, DoubtEnded, PlaceSpec } from "@cloister/model";
import { type ExchangeOptions, faultsOf, readFaultPlan } from "@cloister/simulator";
import { ACCOUNT, settle, type World, world } from "./world.ts";

type Rules = NonNullable<ExchangeOptions["rules"]>;

export type Story = World & {
  readonly alarms: readonly Alarm[];
  readonly doubts: readonly DoubtEnded[];
  readonly alarmed: () => readonly string[];
};

/** An engine behind a plan of faults that concern its account, on a wire of 5 ms. */
export async function story(
  faults: readonly object[],
  more: { engine?: Partial<EngineOptions>; latencyMs?: number; rules?: Rules } = {},
): Promise<Story> {
  const plan = readFaultPlan({ seed: 1, faults });
  const { latencyMs = 5, engine = {}, rules = {} } = more;
  const all = await world({
    exchange: { crowd: false, rules },
    wire: (clock) => ({ latencyMs, faults: faultsOf(plan, { clock }) }),
    // What is doubtful must be decided by its own request: the comparison with the venue's lists comes seldom.
    engine: { limits: { reconcileOrdersMs: 3_600_000, reconcileAccountMs: 3_600_000 }, ...engine },
  });
  all.clock.advanceBy(3_000);
  const alarms: Alarm[] = [];
  const doubts: DoubtEnded[] = [];
  all.engine.alarms$.subscribe((alarm) => alarms.push(alarm));
  all.engine.doubts$.subscribe((doubt) => doubts.push(doubt));
  return { ...all, alarms, doubts, alarmed: () => alarms.map(({ name }) => name) };
}

export const BID = { coin: "BTC", side: "buy", price: "50000", size: "0.002", tif: "Gtc" } as const;
export const ALO = { ...BID, tif: "Alo" } as const;

/** The streams that would tell of orders say nothing until then. */
export function unheard(untilMs: number): readonly object[] {
  return ["orderUpdates", "openOrders"].map((channel) => ({
    ...{ what: "loseFrame", to: { channel, account: ACCOUNT }, when: { untilMs } },
  }));
}

export function openAt({ exchange }: World, account = ACCOUNT): readonly string[] {
  const [books] = exchange.truth(account).accounts;
  return (books?.orders ?? []).filter(({ open }) => open).map(({ oid }) => String(oid));
}

export async function hit(
  { clock }: World,
  other: Engine,
  terms: Partial<PlaceSpec>,
): Promise<void> {
  const order = other.place({ ...BID, side: "sell", tif: "Ioc", ...terms });
  await settle(clock, order.closed);
}
