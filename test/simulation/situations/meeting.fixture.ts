import type { Engine, OrderHandle } from "@cloister/engine";
import { type PlaceSpec, seededRandom } from "@cloister/model";
import { expect } from "vitest";
import { OTHER, settle } from "../world.ts";
import { type Story, story, until } from "./told.fixture.ts";

/** A story with somebody to trade with. */
export type Meeting = Story & { readonly other: Engine };

export const BID = { coin: "BTC", side: "buy", price: "50000", size: "0.002", tif: "Gtc" } as const;

/** It begins after the first look at the venue. Whatever befalls our wire, nothing befalls the other's. */
export async function meeting(terms: Parameters<typeof story>[0] = {}): Promise<Meeting> {
  const at = await story(terms);
  const calm = at.exchange.wire({ latencyMs: 5 });
  const other = await at.engineFor(
    OTHER,
    { random: seededRandom(3), clock: at.clock, limits: {} },
    calm,
  );
  at.clock.advanceTo(4_000);
  return { ...at, other };
}

/** An order of ours that the exchange took. */
export async function rested(at: Meeting, terms: Partial<PlaceSpec> = {}): Promise<OrderHandle> {
  const order = at.engine.place({ ...BID, ...terms });
  expect(await settle(at.clock, order.acknowledged)).toMatchObject({ kind: "accepted" });
  return order;
}

/** The other sells into our bids: 0.0005 at the price of BID. */
export async function hit(at: Meeting, terms: Partial<PlaceSpec> = {}): Promise<void> {
  const order = at.other.place({ ...BID, side: "sell", size: "0.0005", tif: "Ioc", ...terms });
  expect((await settle(at.clock, order.closed)).filled).toBe(order.view().size);
}

export const isOpen = ({ engine }: Story): boolean => engine.status.barrier === "open";

/** Steps on until the connection was given up and another one has recovered. */
export function comesBack(at: Story): void {
  until(at.clock, () => !isOpen(at));
  until(at.clock, () => isOpen(at));
}
