import { type Address, readAddress } from "@cloister/model";
import type { Core } from "../core.ts";
import { historyRows } from "../info/orders.ts";
import { sliceFills, twapHistoryRows } from "../info/twaps.ts";
import { isObject, type JsonObject } from "../json.ts";
import type { Account } from "../ledger/account.ts";
import type { BlockNews } from "../ledger/block-news.ts";
import { MALFORMED_SUBSCRIPTION, type Opening } from "./subscription.ts";

/** Channels that begin with what was and then tell what comes, each row once (protocol §2.6). */

/** A list of what happened, as a channel tells it. */
type History = {
  readonly type: string;
  /** The key its rows stand under. */
  readonly key: string;
  readonly past: (account: Account | undefined) => readonly unknown[];
  readonly coming: (news: BlockNews, user: Address) => readonly unknown[];
};

const ROWS_MAX = 2_000;

/** Newest first, as the read gives them; later the statuses of each block. */
export function userHistoricalOrders(core: Core, args: JsonObject): Opening {
  return historyChannel(core, args, {
    type: "userHistoricalOrders",
    key: "orderHistory",
    past: (account) => historyRows(account, core.settings.rules),
    coming: (news, user) =>
      news.updates.has(user)
        ? historyRows(core.ledger.accounts.get(user), core.settings.rules).filter(
            ({ statusTimestamp }) => statusTimestamp === news.atMs,
          )
        : [],
  });
}

export function userFundings(core: Core, args: JsonObject): Opening {
  return historyChannel(core, args, {
    type: "userFundings",
    key: "fundings",
    past: (account) => (account?.fundings ?? []).slice(-ROWS_MAX),
    coming: (news, user) => (news.events.get(user) ?? []).flatMap(fundingIn),
  });
}

function fundingIn(event: object): readonly unknown[] {
  return isObject(event) && "funding" in event ? [event["funding"]] : [];
}

export function userNonFundingLedgerUpdates(core: Core, args: JsonObject): Opening {
  return historyChannel(core, args, {
    type: "userNonFundingLedgerUpdates",
    key: "nonFundingLedgerUpdates",
    past: (account) => (account?.ledgerUpdates ?? []).slice(-ROWS_MAX),
    coming: (news, user) => news.ledgerUpdates.get(user) ?? [],
  });
}

export function userTwapSliceFills(core: Core, args: JsonObject): Opening {
  return historyChannel(core, args, {
    type: "userTwapSliceFills",
    key: "twapSliceFills",
    past: (account) => sliceFills(account).slice(-ROWS_MAX),
    coming: (news, user) => news.twapFills.get(user) ?? [],
  });
}

/** Newest first, as the read gives them. */
export function userTwapHistory(core: Core, args: JsonObject): Opening {
  return historyChannel(core, args, {
    type: "userTwapHistory",
    key: "history",
    past: twapHistoryRows,
    coming: (news, user) => news.twapChanges.get(user) ?? [],
  });
}

function historyChannel(core: Core, args: JsonObject, history: History): Opening {
  const user = readAddress(args["user"]);
  if (user === undefined) return MALFORMED_SUBSCRIPTION;
  const { type, key, past, coming } = history;
  return {
    kind: "opened",
    echo: { type, user },
    feed: () => ({
      snapshot: () => {
        const rows = past(core.ledger.accounts.get(user));
        return [{ channel: type, data: { isSnapshot: true, user, [key]: rows } }];
      },
      onBlock: (news) => {
        const rows = coming(news, user);
        if (rows.length === 0) return undefined;
        const isLater = core.settings.rules.laterSnapshotFlag === "false";
        const flag = isLater ? { isSnapshot: false } : {};
        return { channel: type, data: { ...flag, user, [key]: rows } };
      },
    }),
  };
}
