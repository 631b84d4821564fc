import { bid, CLOID } from "../choices/story.fixture.ts";
import { ALICE, BOB, type Desk, limit } from "../desk.fixture.ts";
import { cause, errors, pair, type Pair, type Proof, response } from "./proof.fixture.ts";

const KEY = `0x${"55".repeat(20)}`;
const OTHER = `0x${"66".repeat(20)}`;
const VAULT = `0x${"77".repeat(20)}`;

/** Texts of this exchange for what the venue refuses in words that nobody wrote down. */
export const OWN_TEXTS: Readonly<Record<string, Proof>> = {
  "Client order id is already in use. asset=1": cause(() => {
    const { alice } = pair({ rules: { reusedCloid: "reject" } });
    const order = bid("2000", "1", { c: CLOID });
    return errors([alice.place(order), alice.place(order)]);
  }),
  "Invalid leverage value": acting({
    type: "updateLeverage",
    asset: 0,
    isCross: true,
    leverage: 0,
  }),
  "Invalid perp": acting({ type: "updateLeverage", asset: 999, isCross: true, leverage: 1 }),
  "Cannot switch leverage type with open position.": acting(
    { type: "updateLeverage", asset: 0, isCross: false, leverage: 5 },
    hold,
  ),
  "Cannot update isolated margin without an isolated position.": acting(margin(1)),
  "Insufficient margin to add to isolated position.": acting(margin(10_000_000_000_000), holdAlone),
  "Isolated position needs its margin.": acting(margin(-1_000_000_000), holdAlone),
  "Position already has a lower leverage.": acting(
    { type: "topUpIsolatedOnlyMargin", asset: 0, leverage: "20" },
    holdAlone,
  ),
  "Invalid agent name.": signing(agent({ agentName: "a name that is too long" })),
  "Invalid agent expiry, must be at most 180 days from now.": signing(
    agent({ agentName: "bot valid_until 1" }),
  ),
  [`Address is already in use: ${BOB}`]: signing(agent({ agentAddress: BOB })),
  "Builder fee is too high, must be at most 1%.": signing({
    type: "approveBuilderFee",
    maxFeeRate: "1.001%",
    builder: BOB,
  }),
  "Invalid sub-account name.": acting(sub("")),
  "Too many sub-accounts": acting(sub("last"), ({ alice }) => {
    for (let at = 0; at < 10; at += 1) alice.act(sub(`sub ${at}`));
  }),
  "Sub-accounts cannot create sub-accounts.": cause(() => {
    const { alice } = pair(RICH);
    const { response: made } = alice.act(sub("one")) as { response: { data: string } };
    return response(alice.act(sub("two"), { vault: made.data }));
  }),
  "Invalid display name.": acting({ type: "setDisplayName", displayName: "x".repeat(21) }),
  "Invalid referral code.": acting(register("")),
  "Referral code already set.": acting(register("B"), ({ alice }) => alice.act(register("A"))),
  "Referral code already taken.": acting(register("A"), ({ bob }) => bob.act(register("A"))),
  "Referral code not registered": acting(refer("A")),
  "Cannot refer oneself.": acting(refer("A"), ({ alice }) => alice.act(register("A"))),
  "Referrer already set.": acting(refer("A"), ({ alice, bob }) => {
    bob.act(register("A"));
    alice.act(refer("A"));
  }),
  [`Vault not registered: ${VAULT}`]: acting({
    type: "vaultTransfer",
    vaultAddress: VAULT,
    isDeposit: true,
    usd: 1,
  }),
  "Transfer amount must be positive.": signing(usdSend({ amount: "0" }), "time"),
  "Transfer amount has too many decimals.": signing(usdSend({ amount: "0.0000001" }), "time"),
  "Cannot self-transfer.": signing(usdSend({ destination: ALICE }), "time"),
  [`Cannot send to an API wallet: ${KEY}`]: cause(() => {
    const { alice } = pair();
    sign(alice, agent({}));
    return sign(alice, usdSend({ destination: KEY }), "time");
  }),
  "Unknown token NOPE:0x1": signing(
    { type: "spotSend", destination: OTHER, token: "NOPE:0x1", amount: "1" },
    "time",
  ),
  "Invalid perp dex for token transfer.": signing({
    type: "sendAsset",
    destination: OTHER,
    sourceDex: "nope",
    destinationDex: "",
    token: "USDC",
    amount: "1",
    fromSubAccount: "",
  }),
  "Invalid asset 999": cause(() => {
    const twap = { a: 999, b: true, s: "1", r: false, m: 30, t: false };
    const answer = pair().alice.act({ type: "twapOrder", twap });
    return errors([(answer as { response: { data: { status: unknown } } }).response.data.status]);
  }),
  "500 Internal Server Error: null": cause(() => {
    const { alice } = pair();
    const payload = { type: "l2Book", coin: "BTC", nSigFigs: 6 };
    alice.send({ method: "post", id: 1, request: { type: "info", payload } });
    const posts = alice.heard("post") as { response: { payload: unknown } }[];
    return posts.map((post) => post.response.payload);
  }),
};

const RICH = { rules: { subAccountVolume: "0" } } as const;

function acting(action: object, before: (at: Pair) => unknown = () => {}): Proof {
  return cause(() => {
    const at = pair(RICH);
    before(at);
    return response(at.alice.act(action));
  });
}

function signing(action: object, nonceName?: string): Proof {
  return cause(() => sign(pair().alice, action, nonceName));
}

/** An action that is signed as typed data carries its nonce itself (protocol §10.2). */
function sign(desk: Desk, action: object, nonceName = "nonce"): readonly unknown[] {
  const nonce = desk.clock.wallMs();
  const chain = { hyperliquidChain: "Mainnet", signatureChainId: "0x66eee" };
  return response(desk.act({ ...action, ...chain, [nonceName]: nonce }, { nonce }));
}

function agent(change: object): object {
  return { type: "approveAgent", agentAddress: KEY, agentName: null, ...change };
}

function usdSend(change: object): object {
  return { type: "usdSend", destination: OTHER, amount: "1", ...change };
}

function sub(name: string): object {
  return { type: "createSubAccount", name };
}

function register(code: string): object {
  return { type: "registerReferrer", code };
}

function refer(code: string): object {
  return { type: "setReferrer", code };
}

/** Millionths of a dollar to or from an isolated position. */
function margin(ntli: number): object {
  return { type: "updateIsolatedMargin", asset: 0, isBuy: true, ntli };
}

function hold({ alice, bob }: Pair): void {
  bob.place(limit({ b: false, p: "64000", s: "0.01" }));
  alice.place(limit({ b: true, p: "64000", s: "0.01" }));
}

function holdAlone(at: Pair): void {
  at.alice.act({ type: "updateLeverage", asset: 0, isCross: false, leverage: 10 });
  hold(at);
}
