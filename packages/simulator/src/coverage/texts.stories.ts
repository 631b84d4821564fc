import { ALICE, BOB, type Desk, limit, openExchange } from "../desk.fixture.ts";
import { group, trigger } from "../market/groups.fixture.ts";
import { DEFAULT_UNIVERSE } from "../market/universe.ts";
import {
  cause,
  deposits,
  errors,
  pair,
  type Pair,
  type Proof,
  response,
  script,
} from "./proof.fixture.ts";

/** Per-element texts of protocol §7.2, as the live venue writes them, and those of modifies (§7.3). */
export const ELEMENT_TEXTS: Readonly<Record<string, Proof>> = {
  "Price must be divisible by tick size. asset=0": placing(() => buy("63999.95")),
  "Order must have minimum value of $10. asset=0": placing(() => buy("60000", "0.0001")),
  "Order must have minimum value of 10 USDC. asset=10000": placing(() =>
    limit({ a: 10_000, b: true, p: "0.2", s: "49" }),
  ),
  "Insufficient margin to place order. asset=0": placing(() => buy("64000", "1"), deposits("10")),
  "Reduce only order would increase position. asset=0": placing(() =>
    limit({ b: true, p: "64000", s: "0.01", r: true }),
  ),
  "Post only order would have immediately matched, bbo was 64000@64001. asset=0": prepared(
    ({ bob }) => {
      bob.place(buy("64000"));
      bob.place(sell("64001"));
    },
    limit({ b: true, p: "64001", s: "0.01", tif: "Alo" }),
  ),
  "Order could not immediately match against any resting orders. asset=0": placing(() =>
    limit({ b: true, p: "64000", s: "0.01", tif: "Ioc" }),
  ),
  "Invalid TP/SL price. asset=0": prepared(
    (at) => hold(at),
    trigger({ kind: "sl", px: "65000", s: "0.01" }),
  ),
  "No liquidity available for market order. asset=0": placing(() =>
    limit({ b: true, p: "64000", s: "0.01", tif: "FrontendMarket" }),
  ),
  "Order would increase open interest while open interest is capped asset=0": prepared((at) => {
    hold(at);
    at.bob.place(sell("64000"));
    decide(at, { do: "openInterestCap", coin: "BTC", value: "640" });
  }, buy("64000")),
  "Order rejected due to price more aggressive than oracle while at open interest cap asset=0":
    prepared((at) => {
      hold(at);
      decide(at, { do: "openInterestCap", coin: "BTC", value: "640" });
      decide(at, { do: "oracle", coin: "BTC", price: "63950" });
    }, buy("63960")),
  "Order would increase open interest too quickly asset=0": prepared(
    (at) => {
      at.bob.place(sell("64000", "1"));
      decide(at, { do: "openInterestGrowth", coin: "BTC", value: "100" });
    },
    buy("64000", "0.002"),
  ),
  "Insufficient spot balance asset=10000": placing(() =>
    limit({ a: 10_000, b: true, p: "0.2", s: "60000" }),
  ),
  "Order has insufficient spot balance to trade": placing(
    () => limit({ a: 10_000, b: true, p: "0.2", s: "60000" }),
    { rules: { refusalTexts: "documented" } },
  ),
  "Price too far from oracle asset=0": prepared(farFromOracle, buy("63500")),
  "Order price too far from oracle": prepared(farFromOracle, buy("63500"), {
    rules: { refusalTexts: "documented" },
  }),
  "Order would cause position to exceed margin tier limit at current leverage asset=0": prepared(
    ({ bob }) => bob.place(sell("64000", "0.02")),
    buy("64000", "0.02"),
    { universe: { ...DEFAULT_UNIVERSE, perps: tiered() } },
  ),
  "Order was never placed, already canceled, or filled. asset=0": cause(() =>
    errors(pair().alice.statuses({ type: "cancel", cancels: [{ a: 0, o: 1 }] })),
  ),
  "TWAP was never placed, already canceled, or filled.": cause(() => {
    const { alice } = pair();
    const answer = alice.act({ type: "twapCancel", a: 0, t: 1 });
    return [JSON.stringify(answer).match(/TWAP was[^"]*/)?.[0]];
  }),
  "Cannot modify canceled or filled order": cause(() => modifying(1, buy("60000"))),
  "Attempted to modify to invalid new order": cause(() =>
    modifying(FIRST, buy("60000", "0.0000001")),
  ),
};

/** Static texts for a whole batch, without a record (protocol §7.4). */
export const STATIC_TEXTS: Readonly<Record<string, Proof>> = {
  "Order has invalid price.": placing(() => buy("0")),
  "Order has invalid size.": placing(() => buy("60000", "0.000001")),
  "Order has zero size.": placing(() => buy("60000", "0")),
  "Orders are empty.": cause(() =>
    errors(pair().alice.statuses({ type: "order", orders: [], grouping: "na" })),
  ),
  "Invalid spot": placing(() => limit({ a: 10_999, b: true, p: "1", s: "1" })),
  "Reduce-only is invalid for spot trading.": placing(() =>
    limit({ a: 10_000, b: false, p: "0.2", s: "100", r: true }),
  ),
  "Order price cannot be more than 95% away from the reference price": placing(() => buy("130000")),
  "Order price cannot be more than 80% away from the reference price": placing(() =>
    limit({ a: 10_000, b: true, p: "1.1", s: "100" }),
  ),
  "Order value too large. Max is $5000000.": placing(() => buy("64000", "79")),
  "Builder fee has not been approved": cause(() => {
    const action = { ...group("na", [buy("60000")]), builder: { b: BOB, f: 10 } };
    return errors(pair().alice.statuses(action));
  }),
  "Only post-only orders allowed immediately after network upgrade": prepared(
    (at) => decide(at, { do: "postOnly", on: true }),
    buy("60000"),
  ),
  "Insufficient delegatable balance for priority order": cause(() =>
    errors(
      pair().alice.statuses(group({ p: 1 }, [limit({ b: true, p: "60000", s: "1", tif: "Alo" })])),
    ),
  ),
  "Price must be divisible by tick size.": placing(() => buy("63999.95"), {
    rules: { offTickPrice: "static" },
  }),
};

const STRANGER = "0x4444444444444444444444444444444444444444";
const NOOP = { type: "noop" };
const SCHEDULE = { type: "scheduleCancel", time: 0 };

/** Texts of requests that were refused whole (protocol §7.5). */
export const REQUEST_TEXTS: Readonly<Record<string, Proof>> = {
  [`User or API Wallet ${STRANGER} does not exist.`]: acting(NOOP, { as: STRANGER }),
  [`L1 error: User or API Wallet ${STRANGER} does not exist.`]: acting(
    NOOP,
    { as: STRANGER },
    { rules: { strangerText: "prefixed" } },
  ),
  [`Must deposit before performing actions. User: ${ALICE}`]: acting(NOOP, {}, deposits("0")),
  "Unable to recover signer.": cause(() => {
    const signature = { r: "0x0", s: "0x0", v: 99 };
    const body = JSON.stringify({ action: NOOP, nonce: 1, signature });
    const answers: string[] = [];
    const request = { path: "/exchange", contentType: "application/json", body };
    const end = { answer: (one: { body: string }) => answers.push(one.body), cut: () => {} };
    openExchange().exchange.edge().answerHttp(request, { inFlightPosts: 0 }, end);
    return answers.flatMap((answer) => response(JSON.parse(answer)));
  }),
  "Invalid nonce: duplicate nonce 5": nonces(5, 5),
  "Invalid nonce: nonce too low 4 < 5": nonces(5, 4),
  "Invalid nonce: nonce too high": cause(() => {
    const { alice } = pair();
    const nonce = alice.clock.wallMs() + 90_000_000;
    return response(alice.act(NOOP, { nonce })).map((text) =>
      String(text).replace(/ \d+ > \d+$/, ""),
    );
  }),
  "Action already expired": acting(NOOP, { expiresAfter: 1 }),
  [`Vault not registered: ${STRANGER}`]: acting(NOOP, { vault: STRANGER }),
  "Multi-sig required": scripted("Multi-sig required", "no account is owned by many here"),
  "Mainnet and testnet require different signature.": acting(NOOP, { network: "testnet" }),
  "Too many cumulative requests sent (2 > 1) for cumulative volume traded $0.0. Place taker orders to free up 1 request per USDC traded.":
    cause(() => {
      const { alice } = pair({ limits: { addressRequests: 1 } });
      alice.act(NOOP);
      return response(alice.act(NOOP));
    }),
  "Signed action over weight limit of 200.": acting({
    type: "cancel",
    cancels: Array.from({ length: 201 }, (_, o) => ({ a: 0, o })),
  }),
  "Scheduled cancel time too early, must be at least 5 seconds from now.": acting(
    SCHEDULE,
    {},
    { rules: { scheduleCancelVolume: "0" } },
  ),
  "Cannot set scheduled cancel time until enough volume traded. Required: $1000000. Traded: $0.":
    acting(SCHEDULE),
  "Action disabled when unified account is active": scripted(
    "Action disabled when unified account is active",
    "accounts here are not unified",
  ),
  "Unexpected error (code=148)": scripted(
    "Unexpected error (code=148)",
    "its cause is an error inside of the venue",
  ),
};

const MIDS = { type: "allMids", dex: "" };

/** Texts of the error channel (protocol §2.3). */
export const CHANNEL_TEXTS: Readonly<Record<string, Proof>> = {
  'Already subscribed: {"type":"allMids","dex":""}': hearing((alice) => {
    alice.subscribe(MIDS);
    alice.subscribe(MIDS);
  }),
  'Already unsubscribed: {"type":"allMids","dex":""}': hearing((alice) =>
    alice.send({ method: "unsubscribe", subscription: MIDS }),
  ),
  'Invalid subscription {"type":"allMids","dex":"nope"}': hearing((alice) =>
    alice.subscribe({ type: "allMids", dex: "nope" }),
  ),
  "Error parsing JSON into valid websocket request: {nope": hearing((alice) => alice.send("{nope")),
  "too many pending post requests id=2": hearing(
    (alice) => {
      alice.post(NOOP);
      alice.post(NOOP);
    },
    { limits: { postsInFlight: 1 } },
  ),
  "Cannot track more than 15 total users.": hearing((alice) => {
    for (let user = 1; user <= 16; user += 1) {
      const address = `0x${String(user).padStart(40, "0")}`;
      alice.subscribe({ type: "userEvents", user: address });
    }
  }),
};

const FIRST = 700_000_000_001;

type Options = Parameters<typeof pair>[0];

function buy(p: string, s = "0.001"): object {
  return limit({ b: true, p, s });
}

function sell(p: string, s = "0.01"): object {
  return limit({ b: false, p, s });
}

function placing(order: () => object, options?: Options): Proof {
  return cause(() => errors([pair(options).alice.place(order())]));
}

function prepared(before: (at: Pair) => unknown, order: object, options?: Options): Proof {
  return cause(() => {
    const at = pair(options);
    before(at);
    return errors([at.alice.place(order)]);
  });
}

function acting(action: object, terms: Parameters<Desk["act"]>[1] = {}, options?: Options): Proof {
  return cause(() => response(pair(options).alice.act(action, terms)));
}

function scripted(refusal: string, why: string): Proof {
  return script(why, () => response(pair({}, [{ what: "scriptAnswer", refusal }]).alice.act(NOOP)));
}

/** A hundred nonces from the first one on, and then another. */
function nonces(first: number, then: number): Proof {
  return cause(() => {
    const { alice } = pair();
    const shift = alice.clock.wallMs() - first;
    for (let at = 0; at < 100; at += 1) alice.post(NOOP, { nonce: first + shift + at });
    alice.pass();
    const [text] = response(alice.act(NOOP, { nonce: then + shift }));
    return [String(text).replace(/\d{10,}/g, (number) => String(Number(number) - shift))];
  });
}

function hearing(act: (alice: Desk) => void, options?: Options): Proof {
  return cause(() => {
    const { alice } = pair({ ...options });
    act(alice);
    return alice.heard("error");
  });
}

function modifying(oid: number, order: object): readonly unknown[] {
  const { alice } = pair();
  alice.place(buy("60000"));
  return errors(alice.statuses({ type: "batchModify", modifies: [{ oid, order }] }));
}

/** ALICE bought 0.01 BTC of BOB. */
function hold({ alice, bob }: Pair): void {
  bob.place(sell("64000"));
  alice.place(buy("64000", "0.01"));
}

function decide(
  { at, alice }: Pair,
  ...steps: Parameters<typeof at.exchange.market>[0]["steps"]
): void {
  at.exchange.market({ steps });
  alice.pass();
}

function farFromOracle(at: Pair): void {
  decide(
    at,
    { do: "oracle", coin: "BTC", price: "60000" },
    { do: "oracleBand", coin: "BTC", value: "0.05" },
  );
}

function tiered() {
  const marginTiers = [
    { lowerBound: "0", maxLeverage: 40 },
    { lowerBound: "1000", maxLeverage: 10 },
  ];
  return DEFAULT_UNIVERSE.perps.map((perp) =>
    perp.name === "BTC" ? { ...perp, marginTiers } : perp,
  );
}
