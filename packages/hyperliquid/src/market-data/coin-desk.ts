import type { Cancel, Clock } from "@cloister/model";
import { BehaviorSubject, distinctUntilChanged, type Observable, ReplaySubject } from "rxjs";
import type { Bbo, Book, Trade, Trades } from "../codec/market-data.ts";
import {
  type BestQuotes,
  bestQuotesOf,
  type BookView,
  bookViewOf,
  midOf,
  type TradeView,
  tradeViewOf,
} from "./quotes.ts";

/** The streams of one coin. Each begins with the latest value, if there is one. */
export type CoinStreams = {
  readonly bbo$: Observable<BestQuotes>;
  readonly mid$: Observable<string>;
  readonly book$: Observable<BookView>;
  readonly trades$: Observable<TradeView>;
  readonly stale$: Observable<boolean>;
};

export type CoinNews = Bbo | Book | Trades;

export type CoinDesk = CoinStreams & {
  /** News of this coin. */
  readonly hear: (news: CoinNews) => void;
  /** The connection was lost: what is known may be old. */
  readonly lose: () => void;
  readonly close: () => void;
};

/** Prices of one coin. Stale until news comes, after a lost connection, and after a long silence. */
export function coinDesk(clock: Clock, staleAfterMs: number): CoinDesk {
  const bbo = new ReplaySubject<BestQuotes>(1);
  const mid = new ReplaySubject<string>(1);
  const book = new ReplaySubject<BookView>(1);
  const trades = new ReplaySubject<TradeView>(1);
  const stale = new BehaviorSubject(true);
  const isNew = tradeMemory();
  let heardAtMs = 0;
  let cancelWatch: Cancel | undefined;
  let isClosed = false;

  /** One timer at a time: it looks when silence would be too long, and again when it was not. */
  function watch(delayMs: number): void {
    cancelWatch = clock.after(delayMs, () => {
      cancelWatch = undefined;
      const leftMs = heardAtMs + staleAfterMs - clock.monotonicMs();
      if (leftMs > 0) watch(leftMs);
      else stale.next(true);
    });
  }

  function freshen(): void {
    // A reader of these very news may have closed the feed.
    if (isClosed) return;
    heardAtMs = clock.monotonicMs();
    if (cancelWatch === undefined) watch(staleAfterMs);
    stale.next(false);
  }

  function quote(news: Bbo): void {
    bbo.next(bestQuotesOf(news));
    const middle = midOf(news);
    if (middle !== undefined) mid.next(middle);
  }

  function hear(news: CoinNews): void {
    switch (news.kind) {
      case "bbo":
        quote(news);
        freshen();
        return;
      case "book":
        book.next(bookViewOf(news));
        freshen();
        return;
      case "trades":
        for (const trade of oldestFirst(news.trades).filter(isNew)) trades.next(tradeViewOf(trade));
    }
  }

  return {
    bbo$: bbo,
    mid$: mid.pipe(distinctUntilChanged()),
    book$: book,
    trades$: trades,
    stale$: stale.pipe(distinctUntilChanged()),
    hear,
    lose: () => stale.next(true),
    close: () => {
      isClosed = true;
      cancelWatch?.();
      for (const subject of [bbo, mid, book, trades]) subject.complete();
      stale.next(true);
      stale.complete();
    },
  };
}

const TRADES_REMEMBERED = 2_000;

/** A new subscription repeats recent trades: each is told once (protocol §2.6). */
function tradeMemory(): (trade: Trade) => boolean {
  const seen = new Set<string>();
  return ({ at, tid, side, price, size }) => {
    const key = `${at}|${tid}|${side}|${price}|${size}`;
    if (seen.has(key)) return false;
    seen.add(key);
    for (const oldest of seen) {
      if (seen.size <= TRADES_REMEMBERED) break;
      seen.delete(oldest);
    }
    return true;
  };
}

/** The first frame tells recent trades in an order that is not documented. */
function oldestFirst(trades: readonly Trade[]): readonly Trade[] {
  return [...trades].sort((a, b) => a.at - b.at);
}
