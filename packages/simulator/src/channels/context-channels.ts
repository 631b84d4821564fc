import type { Core } from "../core.ts";
import { dexOf } from "../info/answer.ts";
import { candleView } from "../info/candles.ts";
import { perpContext, spotContext } from "../info/market-views.ts";
import type { JsonObject } from "../json.ts";
import { isInterval } from "../market/candles.ts";
import { withCoin } from "./market-channels.ts";
import { steadyChannel } from "./steady.ts";
import { MALFORMED_SUBSCRIPTION, type Opening, paced } from "./subscription.ts";

/** Contexts of many markets at once, and candles. */

export function assetCtxs(core: Core, args: JsonObject): Opening {
  const dex = dexOf(args);
  if (dex === undefined) return MALFORMED_SUBSCRIPTION;
  const echo = { type: "assetCtxs", dex };
  if (core.ledger.universe.dex(dex) === undefined) return { kind: "refused", echo };
  return contexts(core, echo, () => ({ dex, ctxs: contextsOf(core, dex) }));
}

export function allDexsAssetCtxs(core: Core): Opening {
  const dexes = ["", ...core.ledger.universe.listing.dexes.map(({ name }) => name)];
  return contexts(core, { type: "allDexsAssetCtxs" }, () => ({
    ctxs: dexes.map((dex) => [dex, contextsOf(core, dex)]),
  }));
}

export function spotAssetCtxs(core: Core): Opening {
  const pairs = core.ledger.universe.assets.filter(({ token }) => token !== undefined);
  return contexts(core, { type: "spotAssetCtxs" }, () =>
    pairs.map((asset) => spotContext(core.ledger, asset)),
  );
}

/** The candle of now, whenever a trade changed it. */
export function candle(core: Core, args: JsonObject): Opening {
  const { interval } = args;
  if (!isInterval(interval)) return MALFORMED_SUBSCRIPTION;
  return withCoin(core, args, ({ coin }) => {
    const current = (): object[] => {
      const bar = core.ledger.candles.at(coin, interval, core.blockMs());
      return bar === undefined
        ? []
        : [{ channel: "candle", data: candleView(bar, coin, interval) }];
    };
    return {
      kind: "opened",
      echo: { type: "candle", coin, interval },
      feed: () => {
        const due = paced(core.settings.cadence.candleMs);
        return {
          snapshot: current,
          onBlock: (news) => (due(news.trades.has(coin), news.atMs) ? current() : undefined),
        };
      },
    };
  });
}

function contexts(core: Core, echo: JsonObject & { type: string }, view: () => unknown): Opening {
  return steadyChannel({
    echo,
    channel: echo.type,
    view,
    everyMs: core.settings.cadence.contextMs,
    changes: () => true,
  });
}

function contextsOf(core: Core, dex: string): object[] {
  const assets = core.ledger.universe.dex(dex) ?? [];
  return assets.map((asset) => perpContext(core.ledger, asset));
}
