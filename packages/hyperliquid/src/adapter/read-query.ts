import type { Address, OrderReport, Query } from "@cloister/model";
import { askAll } from "./ask-all.ts";
import type { AskInfo } from "./ask-info.ts";
import type { LiveListings } from "./live-listings.ts";
import { readFills } from "./read-fills.ts";
import { readKey } from "./read-key.ts";
import { readMarkets } from "./read-markets.ts";
import { readPositions, type SpotPair } from "./read-positions.ts";
import { brokenRead, failedRead, type ReadOutcome, unrecognized } from "./read-outcome.ts";

/** Whose book is read, and over which dexes ("" names the first). */
export type ReadScope = {
  readonly account: Address;
  /** Who decides over the account, and the key that signs for it. */
  readonly owner: Address;
  readonly signer: Address;
  readonly listings: LiveListings;
  readonly dexes: readonly string[];
  readonly spotPairs: readonly SpotPair[];
};

/** Performs one query (protocol §8). Calls back once; a failed or doubtful read is never an empty answer. */
export function readQuery(
  ask: AskInfo,
  { query, scope }: { readonly query: Query; readonly scope: ReadScope },
  done: (outcome: ReadOutcome) => void,
): void {
  switch (query.kind) {
    case "orderStatus":
      readOrderStatus(ask, { account: scope.account, key: query.key }, done);
      return;
    case "openOrders":
      readOpenOrders(ask, scope, done);
      return;
    case "fills":
      readFills(ask, { account: scope.account, fromMs: query.fromMs }, done);
      return;
    case "positions":
      readPositions(ask, scope, done);
      return;
    case "budget":
      readBudget(ask, scope.account, done);
      return;
    case "key":
      readKey(ask, scope, done);
      return;
    case "markets":
      readMarkets(ask, scope.listings, done);
  }
}

function readBudget(ask: AskInfo, user: Address, done: (outcome: ReadOutcome) => void): void {
  ask({ type: "userRateLimit", user }, (answer) => {
    if (answer.kind === "failed") {
      done(failedRead("userRateLimit", answer));
      return;
    }
    const report = { kind: "budget", ...answer.value } as const;
    done({ result: { report }, remarks: [], raw: answer.raw });
  });
}

function readOrderStatus(
  ask: AskInfo,
  of: { account: Address; key: number | string },
  done: (outcome: ReadOutcome) => void,
): void {
  ask({ type: "orderStatus", user: of.account, oid: of.key }, (answer) => {
    if (answer.kind === "failed") {
      done(failedRead("orderStatus", answer));
      return;
    }
    const { found } = answer.value;
    if (found !== undefined && !speaksOf(found, of.key)) {
      const reason = `the answer speaks of order ${found.oid}, not of ${of.key}`;
      const remarks = [unrecognized("orderStatus", { reason, text: answer.raw })];
      done({ result: { reason: `orderStatus: ${reason}` }, remarks, raw: answer.raw });
      return;
    }
    const report =
      found === undefined
        ? ({ kind: "orderStatus" } as const)
        : ({ kind: "orderStatus", found } as const);
    done({ result: { report }, remarks: [], raw: answer.raw });
  });
}

/** Another order's record must not answer for this one. A record may leave out its cloid (protocol §13.36). */
function speaksOf({ oid, cloid }: OrderReport, key: number | string): boolean {
  return typeof key === "number" ? oid === key : cloid === undefined || cloid === key;
}

/** `frontendOpenOrders`, because the plain list hides triggers (protocol §8.2). */
function readOpenOrders(
  ask: AskInfo,
  scope: ReadScope,
  done: (outcome: ReadOutcome) => void,
): void {
  const requests = scope.dexes.map((dex) => ({
    type: "frontendOpenOrders" as const,
    user: scope.account,
    dex,
  }));
  askAll(ask, requests, (answers) => {
    if (answers.kind === "failed") {
      done(failedRead("frontendOpenOrders", answers));
      return;
    }
    const broken = answers.values.flatMap((list) => list.broken);
    if (broken.length > 0) {
      done(brokenRead("frontendOpenOrders", broken, answers.raw));
      return;
    }
    const report = {
      kind: "openOrders",
      orders: answers.values.flatMap((list) => list.rows),
    } as const;
    done({ result: { report }, remarks: [], raw: answers.raw });
  });
}
