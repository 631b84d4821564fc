import { createEngine, type Engine } from "@cloister/engine";
import { hyperliquid, testSigner } from "@cloister/hyperliquid";
import {
  ManualClock,
  seededRandom,
  type Wire,
  type WireHandlers,
  type WireRequest,
} from "@cloister/model";
import { ACCOUNT, AT, type Life } from "./frames.ts";

const MANY = 1_000_000_000;

/** An engine with the real codec and transport, on a wire that the bench feeds by hand. */
export type BenchEngine = {
  readonly engine: Engine;
  readonly ticks: () => number;
  submit(life: Life): void;
  /** One frame, as text. */
  feed(text: string): void;
  /** Lets deadlines pass: ended orders are reaped. */
  pass(ms: number): void;
};

export async function benchEngine(): Promise<BenchEngine> {
  const clock = new ManualClock(AT);
  const sockets: WireHandlers[] = [];
  const wire: Wire = {
    connect: (_kind, handlers) => {
      sockets.push(handlers);
      clock.after(0, () => handlers.opened());
      return { send: (text) => echo(text, handlers, clock), close: () => undefined };
    },
    request: (request, done) => {
      clock.after(0, () =>
        done({ kind: "answered", status: 200, body: JSON.stringify(bodyOf(request)) }),
      );
    },
    close: () => undefined,
  };
  const starting = createEngine({
    venue: hyperliquid({
      network: "mainnet",
      account: ACCOUNT,
      signer: testSigner(ACCOUNT),
      spot: false,
      wire,
    }),
    clock,
    random: seededRandom(1),
    limits: {
      ...{ reapGraceMs: 0, tombstones: 1_000, fillKeysMax: 2_000_000, inFlightMax: 1_000_000 },
      // More than the venue takes: what is measured is the engine.
      ...{ socketMessages: MANY, postsMax: MANY, openOrdersBase: MANY, openOrdersMax: MANY },
      ...{ budgetEveryMs: 0, skewMaxMs: MANY },
    },
  });
  const engine = await driven(clock, starting);
  let ticks = 0;
  engine.ticks$.subscribe(() => {
    ticks += 1;
  });
  return {
    engine,
    ticks: () => ticks,
    submit: ({ cloid, coin, price, size }) => {
      engine.place({ cloid, coin, side: "buy", price, size, tif: "Gtc" });
    },
    feed: (text) => sockets[0]?.received(text),
    pass: (ms) => clock.advanceBy(ms),
  };
}

/** Acknowledges subscriptions and pings; posts are answered by the bench's own frames. */
function echo(text: string, handlers: WireHandlers, clock: ManualClock): "written" {
  if (text.startsWith('{"method":"post"')) return "written";
  const { method, subscription } = JSON.parse(text);
  const answer =
    method === "ping"
      ? { channel: "pong" }
      : { channel: "subscriptionResponse", data: { method, subscription } };
  clock.after(0, () => handlers.received(JSON.stringify(answer)));
  return "written";
}

function bodyOf({ body }: WireRequest): unknown {
  const { type } = JSON.parse(body);
  switch (type) {
    case "meta":
      return { universe: [{ szDecimals: 5, name: "BTC", maxLeverage: 40 }] };
    case "spotMeta":
      return { tokens: [], universe: [] };
    case "perpDexs":
      return [null];
    case "userRole":
      return { role: "user" };
    case "clearinghouseState":
      return { assetPositions: [], time: AT - 1, ...margins() };
    case "frontendOpenOrders":
    case "userFills":
    case "userFillsByTime":
      return [];
    default:
      return null;
  }
}

function margins(): Readonly<Record<string, unknown>> {
  const none = {
    accountValue: "0.0",
    totalNtlPos: "0.0",
    totalRawUsd: "0.0",
    totalMarginUsed: "0.0",
  };
  return { marginSummary: none, crossMarginSummary: none, withdrawable: "0.0" };
}

async function driven<T>(clock: ManualClock, promise: Promise<T>): Promise<T> {
  const state = { done: false };
  const marked = promise.finally(() => {
    state.done = true;
  });
  for (let round = 0; !state.done && round < 10_000; round += 1) {
    clock.advanceBy(1);
    for (let turn = 0; turn < 5; turn += 1) await Promise.resolve();
  }
  return marked;
}
