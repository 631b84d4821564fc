import { createEngine, type Engine, type EngineOptions } from "@cloister/engine";
import { hyperliquid, type HyperliquidOptions } from "@cloister/hyperliquid";
import { seededRandom } from "@cloister/model";
import type { Faults } from "@cloister/simulator";
import { auditRules } from "@cloister/testkit";
import { expect, onTestFinished } from "vitest";
import { settle, type World } from "../world.ts";
import { listen, type Read, type Told } from "./told.fixture.ts";

const NETWORK: HyperliquidOptions["network"] = {
  http: "http://127.0.0.1:1",
  ws: "ws://127.0.0.1:1/ws",
  signatures: "mainnet",
};

type Who = Omit<HyperliquidOptions, "network" | "wire">;

/** One more engine on the exchange of a story, as whoever the options say, audited as the first one is. */
export async function join(
  at: World,
  who: Who,
  more: Partial<EngineOptions> = {},
): Promise<Told & { readonly engine: Engine; readonly reads: readonly Read[] }> {
  const { clock, exchange } = at;
  const reads: Read[] = [];
  const noted: Faults["request"] = ({ path, body }) => {
    if (path === "/info") reads.push({ atMs: clock.monotonicMs(), body });
    return "pass";
  };
  const wire = exchange.wire({ latencyMs: 5, faults: { request: noted } });
  const venue = hyperliquid({ network: NETWORK, wire, ...who });
  const random = seededRandom(4);
  const engine = await settle(clock, createEngine({ venue, clock, random, ...more }));
  const address = who.vault ?? who.account;
  const account = () => exchange.truth(address).accounts[0];
  const audit = auditRules(engine, { venue: { block: () => exchange.block(), account } });
  onTestFinished(() => expect(audit.breaches).toEqual([]));
  return { engine, reads, ...listen({ clock, engine, exchange }, address) };
}
