import { parseDecimal } from "@cloister/model";
import { describe, expect, it } from "vitest";
import { decodeAnswer } from "./exchange-answer.ts";

const CLOID = "0x000000000000000000000000000000a1";

function ok(statuses: readonly unknown[], type = "order") {
  return { body: { status: "ok", response: { type, data: { statuses } } } };
}

function err(response: unknown) {
  return { body: { status: "err", response } };
}

/** The one element of an answer. */
function element(status: unknown) {
  const answer = decodeAnswer(ok([status]));
  return answer.admission === "admitted" ? answer.statuses[0] : answer;
}

describe("admitted answers (protocol §7.1)", () => {
  it("lists what became of each element, in order", () => {
    const statuses = [
      { resting: { oid: 8, cloid: CLOID } },
      { resting: { oid: 9 } },
      { filled: { totalSz: "0.02", avgPx: "2075.4", oid: 7, cloid: null } },
      "waitingForFill",
      "waitingForTrigger",
      "success",
    ];
    expect(decodeAnswer(ok(statuses))).toEqual({
      admission: "admitted",
      statuses: [
        { kind: "resting", oid: 8, cloid: CLOID },
        { kind: "resting", oid: 9 },
        {
          kind: "filled",
          oid: 7,
          total: parseDecimal("0.02"),
          averagePrice: parseDecimal("2075.4"),
        },
        { kind: "waiting", waitsFor: "parent" },
        { kind: "waiting", waitsFor: "trigger" },
        { kind: "success" },
      ],
    });
  });

  it("situation 17: one bad element leaves the others as they are", () => {
    const bad = { error: "Insufficient margin to place order. asset=5" };
    expect(decodeAnswer(ok([{ resting: { oid: 1 } }, bad, { resting: { oid: 3 } }]))).toMatchObject(
      {
        statuses: [
          { kind: "resting", oid: 1 },
          { kind: "error", cause: "margin", wholeBatch: false },
          { oid: 3 },
        ],
      },
    );
  });

  it("situation 18: an element that is not understood keeps its place and text", () => {
    for (const odd of [
      { resting: { oid: "8" } },
      { filled: { oid: 7 } },
      { parked: {} },
      "soon",
      null,
      4,
    ]) {
      expect(element(odd)).toEqual({ kind: "unrecognized", text: JSON.stringify(odd) });
    }
  });

  it.each([["default"], ["createSubAccount"]])("%s lists nothing", (type) => {
    expect(decodeAnswer({ body: { status: "ok", response: { type } } })).toEqual({
      admission: "admittedBare",
    });
  });

  it("an order without statuses is admitted, and nothing of it is mapped", () => {
    for (const type of ["order", "cancel"]) {
      expect(decodeAnswer({ body: { status: "ok", response: { type } } })).toEqual({
        admission: "admitted",
        statuses: [],
      });
    }
  });
});

describe("element errors (protocol §7.2, §7.3)", () => {
  it.each([
    ["Price must be divisible by tick size. asset=0", "tick"],
    ["Order must have minimum value of $10. asset=5", "minNotional"],
    ["Order must have minimum value of 10 USDC. asset=10000", "minNotional"],
    ["Insufficient margin to place order. asset=5", "margin"],
    ["Reduce only order would increase position. asset=4", "reduceOnly"],
    ["Invalid TP/SL price. asset=0", "triggerPrice"],
    ["Order would increase open interest while open interest is capped", "openInterestCap"],
    [
      "Order rejected due to price more aggressive than oracle while at open interest cap",
      "openInterestAggressive",
    ],
    ["Order would increase open interest too quickly", "openInterestIncrease"],
    ["Order has insufficient spot balance to trade", "insufficientBalance"],
    ["Insufficient spot balance asset=10000", "insufficientBalance"],
    ["Order price too far from oracle", "oracle"],
    ["Price too far from oracle asset=4", "oracle"],
    ["Order would cause position to exceed margin tier limit at current leverage", "maxPosition"],
    ["Order was never placed, already canceled, or filled. asset=0", "alreadyGone"],
    ["Cannot modify canceled or filled order", "modifyTargetGone"],
    ["Attempted to modify to invalid new order", "modifyInvalid"],
    ["Something that nobody has heard", "otherReject"],
  ])("situation 15: %s", (text, cause) => {
    expect(element({ error: text })).toEqual({ kind: "error", cause, text, wholeBatch: false });
  });

  it("situation 20: a post-only refusal keeps the bbo it names", () => {
    const text = "Post only order would have immediately matched, bbo was 64000@64001. asset=0";
    expect(element({ error: text })).toEqual({
      kind: "error",
      cause: "postOnly",
      text,
      wholeBatch: false,
    });
  });

  it("situation 21: an Ioc that matched nothing", () => {
    const text = "Order could not immediately match against any resting orders. asset=5";
    expect(element({ error: text })).toMatchObject({ cause: "iocNoMatch" });
  });

  it("situation 22: a market order without liquidity", () => {
    expect(element({ error: "No liquidity available for market order. asset=0" })).toMatchObject({
      cause: "noLiquidity",
    });
  });
});

describe("static failures speak for the whole batch when they come alone (protocol §7.4)", () => {
  it.each([
    ["Order has invalid price.", "invalidPrice"],
    ["Order has invalid size.", "invalidSize"],
    ["Order has zero size.", "zeroSize"],
    ["Orders are empty.", "emptyBatch"],
    ["Invalid spot", "invalidSpot"],
    ["Reduce-only is invalid for spot trading.", "reduceOnlySpot"],
    ["Order price cannot be more than 95% away from the reference price", "priceBand"],
    ["Order price cannot be more than 80% away from the reference price", "priceBand"],
    ["Order value too large. Max is $5000000.", "maxValue"],
    ["Builder fee has not been approved", "builderFee"],
    ["Only post-only orders allowed immediately after network upgrade", "postOnlyPeriod"],
    ["Insufficient delegatable balance for priority order", "priorityBalance"],
    ["Price must be divisible by tick size.", "tick"],
  ])("situation 16: %s", (text, cause) => {
    expect(element({ error: text })).toEqual({ kind: "error", cause, text, wholeBatch: true });
  });

  it("situation 18: among other statuses it speaks for its own element only", () => {
    const text = "Order has zero size.";
    expect(decodeAnswer(ok([{ error: text }, { resting: { oid: 1 } }]))).toMatchObject({
      statuses: [{ kind: "error", cause: "zeroSize", wholeBatch: false }, { kind: "resting" }],
    });
  });

  it("situation 16: a business refusal of the whole request refuses every element", () => {
    const text = "Builder fee has not been approved.";
    expect(decodeAnswer(err(text))).toEqual({
      admission: "admitted",
      statuses: [{ kind: "error", cause: "builderFee", text, wholeBatch: true }],
    });
    const early = "Scheduled cancel time too early, must be at least 5 seconds from now.";
    expect(decodeAnswer(err(early))).toMatchObject({
      admission: "admitted",
      statuses: [{ wholeBatch: true, text: early }],
    });
  });
});

describe("whole-request failures (protocol §7.5)", () => {
  it.each([
    [
      "User or API Wallet 0x4444444444444444444444444444444444444444 does not exist.",
      "unknownSigner",
    ],
    ["L1 error: User or API Wallet 0x44 does not exist.", "unknownSigner"],
    ["Must deposit before performing actions. User: 0x44", "noAccount"],
    ["Unable to recover signer.", "badSignature"],
    ["Vault not registered: 0x44", "vault"],
    ["Multi-sig required", "multiSig"],
    ["Mainnet and testnet require different signature.", "wrongNetwork"],
    ["Signed action over weight limit of 200.", "batchTooLarge"],
    ["Action disabled when unified account is active", "disabled"],
    ["Invalid nonce: nonce too high 9 > 5", "nonceTooHigh"],
    ["too many pending post requests id=7", "tooManyPosts"],
  ])("situations 23, 25: not admitted: %s", (text, reason) => {
    expect(decodeAnswer(err(text))).toEqual({ admission: "notAdmitted", reason, text });
  });

  it("situation 23: the address budget is used up", () => {
    const text =
      "Too many cumulative requests sent (97460 > 97456) for cumulative volume traded $87457.46. Place taker orders to free up 1 request per USDC traded.";
    expect(decodeAnswer(err(text))).toEqual({
      admission: "notAdmitted",
      reason: "addressBudget",
      text,
      budget: { sent: 97_460, cap: 97_456 },
    });
  });

  it("situations 12, 14: a spent nonce is no verdict", () => {
    const duplicate = "Invalid nonce: duplicate nonce 1700000000000";
    expect(decodeAnswer(err(duplicate))).toEqual({
      admission: "nonceSpent",
      how: "duplicate",
      text: duplicate,
    });
    const low = "Invalid nonce: nonce too low 5 < 9";
    expect(decodeAnswer(err(low))).toEqual({ admission: "nonceSpent", how: "tooLow", text: low });
  });

  it("situation 29: expired", () => {
    expect(decodeAnswer(err("Action already expired"))).toEqual({
      admission: "expired",
      text: "Action already expired",
    });
  });

  it.each([["Unexpected error (code=148)"], ["A text nobody has heard"], [""]])(
    "unknown: %s",
    (text) => {
      expect(decodeAnswer(err(text))).toEqual({ admission: "unknown", text });
    },
  );

  it.each([
    [err({ code: 1 })],
    [err(null)],
    [{ body: {} }],
    [{ body: { status: "ok" } }],
    [{ body: [] }],
    [{ body: 7 }],
  ])("unknown shapes are no verdict: %j", (raw) => {
    expect(decodeAnswer(raw)).toEqual({ admission: "unknown", text: JSON.stringify(raw.body) });
  });
});

describe("by REST (protocol §1)", () => {
  it("reads a body", () => {
    const text = '{"status":"ok","response":{"type":"default"}}';
    expect(decodeAnswer({ status: 200, text })).toEqual({ admission: "admittedBare" });
  });

  it("situation 23: 429 turned the copy away", () => {
    expect(decodeAnswer({ status: 429, text: "null" })).toEqual({
      admission: "notAdmitted",
      reason: "throttled",
      text: "null",
    });
  });

  it.each([
    [400, "Failed to parse the request body as JSON"],
    [415, "Expected request with `Content-Type: application/json`"],
    [422, "Failed to deserialize the JSON body into the target type"],
    [
      422,
      "Failed to deserialize the JSON body into the target type: action: unknown variant at 12",
    ],
  ])("%i: %s: the venue could not read it", (status, text) => {
    expect(decodeAnswer({ status, text })).toEqual({
      admission: "notAdmitted",
      reason: "malformed",
      text,
    });
  });

  it.each([
    [500, "null"],
    [502, "<html><body>502 Bad Gateway</body></html>"],
    [504, ""],
    [403, "<html>Forbidden</html>"],
    [400, "<html>Bad Request</html>"],
    [404, "not found"],
    [301, ""],
  ])("%i %s decides nothing", (status, text) => {
    expect(decodeAnswer({ status, text })).toEqual({
      admission: "unknown",
      text: text === "" ? `HTTP ${status}` : `HTTP ${status}: ${text}`,
    });
  });

  it.each([["null"], ["<html>welcome</html>"], [""], ['{"status":'], ['"ok"']])(
    "200 with %j decides nothing",
    (text) => {
      expect(decodeAnswer({ status: 200, text })).toEqual({ admission: "unknown", text });
    },
  );

  it("keeps evidence short", () => {
    const answer = decodeAnswer({ status: 502, text: "x".repeat(100_000) });
    expect("text" in answer && answer.text.length).toBe(2_000);
  });
});

describe("by socket, as an error text (protocol §3)", () => {
  it.each([
    ["429 Too Many Requests", { admission: "notAdmitted", reason: "throttled" }],
    [
      "422 Unprocessable Entity: Failed to deserialize the JSON body into the target type",
      { admission: "notAdmitted", reason: "malformed" },
    ],
    ["500 Internal Server Error: null", { admission: "unknown" }],
    ["503 Service Unavailable", { admission: "unknown" }],
    ["422 Unprocessable Entity: the cat", { admission: "notAdmitted", reason: "malformed" }],
    ["400 Bad Request", { admission: "notAdmitted", reason: "malformed" }],
    ["504 Gateway Time-out", { admission: "unknown" }],
    ["too many pending post requests id=7", { admission: "notAdmitted", reason: "tooManyPosts" }],
    ["no status in front", { admission: "unknown" }],
    ["42 is no status", { admission: "unknown" }],
  ])("%s", (text, answer) => {
    const read = decodeAnswer({ text });
    expect(read).toMatchObject(answer);
    expect("text" in read && read.text).toContain(text);
  });

  it("nothing at all decides nothing", () => {
    expect(decodeAnswer({})).toEqual({ admission: "unknown", text: "nothing" });
    expect(decodeAnswer({ body: null })).toEqual({ admission: "unknown", text: "null" });
  });
});
