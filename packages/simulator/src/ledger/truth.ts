import { readAddress } from "@cloister/model";
import type { Account, RequestSeen } from "./account.ts";
import type { Core } from "../core.ts";
import type { WireFill, WireFunding } from "../market/fill.ts";
import type { Group, Order } from "./order.ts";
import type { LedgerUpdate } from "./ledger-update.ts";
import { printDecimal } from "../print.ts";

/** The exchange's own books as plain data, for an auditor outside. Numbers are strings as the wire prints them. */
export type Truth = {
  readonly atMs: number;
  readonly block: number;
  readonly accounts: readonly TruthAccount[];
  /** What the exchange itself took in less what it gave, by purse: "dex ", "dex xyz", "spot USDC". */
  readonly house: Readonly<Record<string, string>>;
  /** Spent nonces by signer. */
  readonly nonces: Readonly<Record<string, readonly number[]>>;
};

export type TruthAccount = {
  readonly address: string;
  readonly kind: "user" | "subAccount";
  readonly master?: string;
  readonly background: boolean;
  /** Every order ever, rejected ones too, oldest first (the newest `archiveKept`). */
  readonly orders: readonly TruthOrder[];
  /** Every fill, oldest first (the newest `archiveKept`). */
  readonly fills: readonly WireFill[];
  /** Signed sizes by coin, without flat ones. */
  readonly positions: Readonly<Record<string, string>>;
  /** Money of perpetuals by dex, without that of isolated positions. */
  readonly cash: Readonly<Record<string, string>>;
  /** The money of isolated positions by coin. */
  readonly isolated: Readonly<Record<string, string>>;
  /** What was paid for positions, oldest first (the newest `archiveKept`). */
  readonly fundings: readonly WireFunding[];
  readonly balances: Readonly<Record<string, string>>;
  readonly volume: string;
  /** Money that moved without a trade or funding, oldest first (the newest `archiveKept`). */
  readonly ledgerUpdates: readonly LedgerUpdate[];
  /** Oldest first: the newest, about `archiveKept` orders together. */
  readonly requests: readonly TruthRequest[];
};

export type TruthOrder = {
  readonly oid: number;
  readonly cloid?: string;
  readonly coin: string;
  readonly side: "buy" | "sell";
  readonly price: string;
  readonly size: string;
  readonly tif: string;
  /** Waits, or waited, for its mark price. */
  readonly trigger: boolean;
  readonly reduceOnly: boolean;
  /** What it waits for now, if for anything. */
  readonly waitsFor?: "parent" | "trigger";
  /** The TP/SL orders it was sent with, by oid. */
  readonly group?: {
    readonly protects: "order" | "position";
    readonly parent?: number;
    readonly children: readonly number[];
  };
  readonly placedAtMs: number;
  readonly open: boolean;
  readonly filled: string;
  readonly remaining: string;
  readonly statuses: readonly {
    readonly status: string;
    readonly atMs: number;
    readonly remaining: string;
  }[];
};

export type TruthRequest = {
  readonly signer: string;
  readonly type: string;
  readonly nonce: number;
  readonly receivedAtMs: number;
  /** Absent while it waits, and for good when it was lost. */
  readonly block?: number;
  readonly blockMs?: number;
  readonly answer?: unknown;
};

/** Dumps one account, or all of them. An unknown address gives no account. */
export function tellTruth(core: Core, address?: string): Truth {
  return truthOf(core, address, orderTruth);
}

/**
 * The same for those who print it row by row: what cannot change any more is told only when its turn comes, so that a
 * long history holds nobody up.
 */
export function truthToPrint(core: Core, address?: string): object {
  return truthOf(core, address, (order) =>
    order.open || order.group !== undefined
      ? orderTruth(order)
      : { toJSON: () => orderTruth(order) },
  );
}

function truthOf<Row>(
  core: Core,
  address: string | undefined,
  rowOf: (order: Order) => Row,
): Omit<Truth, "accounts"> & { accounts: AccountTruth<Row>[] } {
  const { ledger } = core;
  const wanted = address === undefined ? undefined : readAddress(address);
  const accounts = [...ledger.accounts.values()].filter(
    (account) => address === undefined || account.address === wanted,
  );
  return {
    atMs: ledger.news.atMs,
    block: ledger.news.number,
    accounts: accounts.map((account) => accountTruth(account, rowOf)),
    house: Object.fromEntries(
      [...ledger.market.house].map(([purse, amount]) => [purse, printDecimal(amount)]),
    ),
    nonces: Object.fromEntries(
      [...ledger.nonces].map(([signer, nonces]) => [signer, nonces.list()]),
    ),
  };
}

type AccountTruth<Row> = Omit<TruthAccount, "orders"> & { orders: Row[] };

function accountTruth<Row>(account: Account, rowOf: (order: Order) => Row): AccountTruth<Row> {
  const positions = [...account.positions].map(
    ([coin, { size }]) => [coin, printDecimal(size)] as const,
  );
  return {
    address: account.address,
    kind: account.kind,
    ...(account.master === undefined ? {} : { master: account.master }),
    background: account.background,
    orders: account.archive.map(rowOf),
    fills: [...account.fills],
    positions: Object.fromEntries(positions.filter(([, size]) => size !== "0.0")),
    cash: Object.fromEntries([...account.cash].map(([dex, amount]) => [dex, printDecimal(amount)])),
    isolated: Object.fromEntries(
      [...account.positions].flatMap(([coin, { ownCash }]) =>
        ownCash === undefined ? [] : [[coin, printDecimal(ownCash)]],
      ),
    ),
    fundings: [...account.fundings],
    balances: Object.fromEntries(
      [...account.balances].map(([token, amount]) => [token, printDecimal(amount)]),
    ),
    volume: printDecimal(account.volume),
    ledgerUpdates: [...account.ledgerUpdates],
    requests: account.requests.map(requestTruth),
  };
}

function requestTruth({ weight: _weight, ...request }: RequestSeen): TruthRequest {
  return request;
}

function groupTruth({ protects, parent, children }: Group): NonNullable<TruthOrder["group"]> {
  return {
    protects,
    ...(parent === undefined ? {} : { parent: parent.oid }),
    children: children.map(({ oid }) => oid),
  };
}

function orderTruth(order: Order): TruthOrder {
  const { terms } = order;
  return {
    oid: order.oid,
    ...(terms.cloid === undefined ? {} : { cloid: terms.cloid }),
    coin: terms.asset.coin,
    side: terms.isBuy ? "buy" : "sell",
    price: printDecimal(terms.price),
    size: printDecimal(terms.size),
    tif: terms.tif,
    trigger: terms.trigger !== undefined,
    reduceOnly: terms.reduceOnly,
    ...(order.dormant ? { waitsFor: "parent" } : order.waits ? { waitsFor: "trigger" } : {}),
    ...(order.group === undefined ? {} : { group: groupTruth(order.group) }),
    placedAtMs: order.placedAtMs,
    open: order.open,
    filled: printDecimal(order.filled),
    remaining: printDecimal(order.remaining),
    statuses: order.statuses.map(({ status, atMs, remaining }) => ({
      status,
      atMs,
      remaining: printDecimal(remaining),
    })),
  };
}
