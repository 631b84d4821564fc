import { readFlag } from "../json.ts";
import type { Core } from "../core.ts";
import { dexOf } from "../info/answer.ts";
import { bboView, bookView, midsView, perpContext, spotContext } from "../info/market-views.ts";
import { readBookShape } from "../info/markets.ts";
import type { JsonObject } from "../json.ts";
import type { Asset } from "../market/universe.ts";
import { FATAL_SUBSCRIPTION, MALFORMED_SUBSCRIPTION, type Opening, paced } from "./subscription.ts";

const DEPTH = 20;
const FAST_DEPTH = 5;

/** The whole book at a steady pace (protocol §4.5). */
export function l2Book(core: Core, args: JsonObject): Opening {
  const fast = readFlag(args["fast"]);
  const shape = readBookShape(args);
  if (fast === undefined || shape === undefined) return MALFORMED_SUBSCRIPTION;
  if (shape === "refused") return FATAL_SUBSCRIPTION;
  return withCoin(core, args, (asset) => {
    const message = (): object => ({
      channel: "l2Book",
      data: bookView(core.ledger, asset, { ...shape, depth: fast ? FAST_DEPTH : DEPTH }),
    });
    return {
      kind: "opened",
      echo: { type: "l2Book", coin: asset.coin, ...shape, fast },
      feed: () => {
        const due = paced(core.settings.cadence.bookMs);
        return {
          snapshot: () => [message()],
          onBlock: (news) => (due(true, news.atMs) ? message : undefined),
        };
      },
    };
  });
}

/** The best prices, in every block that changed them. */
export function bbo(core: Core, args: JsonObject): Opening {
  return withCoin(core, args, (asset) => ({
    kind: "opened",
    echo: { type: "bbo", coin: asset.coin },
    feed: () => {
      let last = "";
      const changed = (): boolean => {
        const now = JSON.stringify({ ...bboView(core.ledger, asset), time: 0 });
        const differs = now !== last;
        last = now;
        return differs;
      };
      const message = (): object => ({ channel: "bbo", data: bboView(core.ledger, asset) });
      return {
        snapshot: () => {
          changed();
          return [message()];
        },
        onBlock: (news) => (news.books.has(asset.coin) && changed() ? message : undefined),
      };
    },
  }));
}

export function trades(core: Core, args: JsonObject): Opening {
  return withCoin(core, args, (asset) => ({
    kind: "opened",
    echo: { type: "trades", coin: asset.coin },
    feed: () => ({
      snapshot: () => [{ channel: "trades", data: core.recentTrades(asset.coin) }],
      onBlock: (news) => {
        const data = news.trades.get(asset.coin);
        return data === undefined ? undefined : { channel: "trades", data };
      },
    }),
  }));
}

export function allMids(core: Core, args: JsonObject): Opening {
  const dex = dexOf(args);
  if (dex === undefined) return MALFORMED_SUBSCRIPTION;
  const echo = { type: "allMids", dex };
  if (core.ledger.universe.dex(dex) === undefined) return { kind: "refused", echo };
  const named = dex === "" ? {} : { dex };
  const message = (): object => ({
    channel: "allMids",
    data: { mids: midsView(core.ledger, dex), ...named },
  });
  return {
    kind: "opened",
    echo,
    feed: () => {
      const due = paced(core.settings.cadence.midsMs);
      return {
        snapshot: () => [message()],
        onBlock: (news) => (due(true, news.atMs) ? message : undefined),
      };
    },
  };
}

export function activeAssetCtx(core: Core, args: JsonObject): Opening {
  return withCoin(core, args, (asset) => {
    const spot = asset.token !== undefined;
    const message = (): object => ({
      channel: spot ? "activeSpotAssetCtx" : "activeAssetCtx",
      data: {
        coin: asset.coin,
        ctx: spot ? spotContext(core.ledger, asset) : perpContext(core.ledger, asset),
      },
    });
    return {
      kind: "opened",
      echo: { type: "activeAssetCtx", coin: asset.coin },
      feed: () => {
        const due = paced(core.settings.cadence.contextMs);
        return {
          snapshot: () => [message()],
          onBlock: (news) => (due(true, news.atMs) ? message : undefined),
        };
      },
    };
  });
}

/** An unknown or misspelt coin costs the connection (protocol §2.3); a coin that is no text is malformed. */
export function withCoin(core: Core, args: JsonObject, open: (asset: Asset) => Opening): Opening {
  if (typeof args["coin"] !== "string") return MALFORMED_SUBSCRIPTION;
  const asset = core.ledger.universe.byCoin(args["coin"]);
  return asset === undefined ? FATAL_SUBSCRIPTION : open(asset);
}
