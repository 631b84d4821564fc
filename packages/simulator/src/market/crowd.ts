import {
  compare,
  type Decimal,
  decimalOf,
  divideCut,
  formatDecimal,
  multiply,
  parseAddress,
  type Random,
  roundPrice,
  roundSize,
} from "@cloister/model";
import { type Account, createAccount, positionOf } from "../ledger/account.ts";
import type { Action, OrderAsk } from "../actions/action.ts";
import type { BackgroundAction } from "../block.ts";
import type { CrowdOptions } from "./crowd-options.ts";
import { type Ledger, moveMark } from "../ledger/ledger.ts";
import type { Asset } from "./universe.ts";

/** Fair prices walk in whole units of 1e-8. */
const UNIT = 100_000_000;
/** How strongly a fair price is drawn back to where it began, per block. */
const PULL = 0.0005;
/** Blocks between two requotes of one coin, unless its side of the book ran empty. */
const REQUOTE_BLOCKS = 5;
const TAKER_REACH_BPS = 200;
const ENDLESS = decimalOf(1_000_000_000);

type Walk = {
  readonly asset: Asset;
  readonly firstUnits: number;
  fairUnits: number;
  quotedUnits: number;
  quotedBlock: number;
};

/** The background market: a maker with two-sided quotes around a walking fair price, and takers who hit the best. */
export class Crowd {
  readonly #ledger: Ledger;
  readonly #random: Random;
  readonly #options: CrowdOptions;
  readonly #maker: Account;
  readonly #taker: Account;
  readonly #walks = new Map<Asset, Walk>();

  constructor(ledger: Ledger, random: Random, options: CrowdOptions) {
    this.#ledger = ledger;
    this.#random = random;
    this.#options = options;
    this.#maker = this.#enroll("0x00000000000000000000000000000000c0ffee01");
    this.#taker = this.#enroll("0x00000000000000000000000000000000c0ffee02");
  }

  /** What the crowd wants of the next block. Moves the mark prices. */
  next(blockNumber: number): BackgroundAction[] {
    const traded = this.#ledger.universe.assets.filter(({ market }) => !market.delisted);
    return traded.flatMap((asset) => {
      const walk = this.#walkOf(asset);
      this.#step(walk);
      return [...this.#quote(walk, blockNumber), ...this.#take(walk, blockNumber)];
    });
  }

  /** Begins with the first block that trades the asset. */
  #walkOf(asset: Asset): Walk {
    const known = this.#walks.get(asset);
    if (known !== undefined) return known;
    const units = unitsOf(asset.firstPrice);
    const fresh = {
      asset,
      firstUnits: units,
      fairUnits: units,
      quotedUnits: 0,
      quotedBlock: -REQUOTE_BLOCKS,
    };
    this.#walks.set(asset, fresh);
    return fresh;
  }

  #enroll(address: string): Account {
    const account = createAccount({
      address: parseAddress(address),
      kind: "user",
      background: true,
      funded: true,
    });
    for (const { name } of this.#ledger.universe.listing.tokens) {
      account.balances.set(name, ENDLESS);
    }
    this.#ledger.accounts.set(account.address, account);
    return account;
  }

  #step(walk: Walk): void {
    const swing = (this.#random.next() * 2 - 1) * (this.#options.stepBps / 10_000) * walk.fairUnits;
    const pull = (walk.firstUnits - walk.fairUnits) * PULL;
    const held = this.#ledger.market.conditions.get(walk.asset.id)?.heldMark;
    walk.fairUnits = held === undefined ? wholeUnits(walk.fairUnits + swing + pull) : unitsOf(held);
    const fair = roundPrice(walk.asset.market, priceOf(walk.fairUnits), "down");
    moveMark(this.#ledger, walk.asset, held ?? atLeastTick(walk.asset, fair));
  }

  /** Cancels and quotes anew when the fair price left the middle, or orders were eaten. */
  #quote(walk: Walk, blockNumber: number): BackgroundAction[] {
    const { levels, halfSpreadBps } = this.#options;
    const own = [...this.#maker.open.values()].filter(({ terms }) => terms.asset === walk.asset);
    const moved =
      Math.abs(walk.fairUnits - walk.quotedUnits) > (walk.fairUnits * halfSpreadBps) / 30_000;
    const due = blockNumber - walk.quotedBlock >= REQUOTE_BLOCKS;
    if (!due || (!moved && own.length === levels * 2)) return [];
    walk.quotedUnits = walk.fairUnits;
    walk.quotedBlock = blockNumber;
    const orders = Array.from({ length: levels }, (_, level) => [
      this.#level(walk, level, true),
      this.#level(walk, level, false),
    ]).flat();
    const cancels = own.map(({ oid }) => ({ assetId: walk.asset.id, key: oid }));
    return [
      { account: this.#maker, action: orderAction(orders) },
      ...(cancels.length === 0 ? [] : [{ account: this.#maker, action: cancelAction(cancels) }]),
    ];
  }

  #level(walk: Walk, level: number, isBuy: boolean): OrderAsk {
    const { halfSpreadBps, levelGapBps, levelValue } = this.#options;
    const away = (halfSpreadBps + level * levelGapBps) * (isBuy ? -1 : 1);
    return this.#ask(walk, { isBuy, awayBps: away, value: levelValue, tif: "Alo" });
  }

  #take(walk: Walk, blockNumber: number): BackgroundAction[] {
    if (blockNumber <= 1) return [];
    const { takersPerBlock, takerValueMin, takerValueMax } = this.#options;
    const whole = Math.floor(takersPerBlock);
    const count = whole + (this.#random.next() < takersPerBlock - whole ? 1 : 0);
    return Array.from({ length: count }, () => {
      const value = Math.ceil(
        takerValueMin + this.#random.next() * (takerValueMax - takerValueMin),
      );
      const isBuy = this.#random.next() < this.#buyChance(walk);
      const order = this.#ask(walk, {
        isBuy,
        awayBps: isBuy ? TAKER_REACH_BPS : -TAKER_REACH_BPS,
        value,
        tif: "Ioc",
      });
      return { account: this.#taker, action: orderAction([order]) };
    });
  }

  /** Takers lean against what they already hold, so that nobody they trade with is driven far to one side. */
  #buyChance(walk: Walk): number {
    const value = multiply(positionOf(this.#taker, walk.asset.coin).size, priceOf(walk.fairUnits));
    const lean = Number(formatDecimal(value)) / Math.max(1, this.#options.takerLean);
    return 0.5 - Math.max(-1, Math.min(1, lean)) / 2;
  }

  #ask(
    walk: Walk,
    terms: { isBuy: boolean; awayBps: number; value: number; tif: "Alo" | "Ioc" },
  ): OrderAsk {
    const { asset } = walk;
    const far = priceOf(wholeUnits(walk.fairUnits * (1 + terms.awayBps / 10_000)));
    const price = atLeastTick(
      asset,
      roundPrice(asset.market, far, terms.isBuy === (terms.tif === "Alo") ? "down" : "up"),
    );
    const size = roundSize(asset.market, divideCut(decimalOf(terms.value), price, 8), "up");
    return {
      assetId: asset.id,
      isBuy: terms.isBuy,
      price,
      size,
      reduceOnly: false,
      tif: terms.tif,
    };
  }
}

function unitsOf(price: Decimal): number {
  return wholeUnits(Number(formatDecimal(multiply(price, decimalOf(UNIT)))));
}

/** At least one, and no more than can be counted. */
function wholeUnits(units: number): number {
  return Math.min(Math.max(1, Math.round(units)), Number.MAX_SAFE_INTEGER);
}

function priceOf(units: number): Decimal {
  return divideCut(decimalOf(units), decimalOf(UNIT), 8);
}

function atLeastTick(asset: Asset, price: Decimal): Decimal {
  return compare(price, decimalOf(0)) > 0 ? price : roundPrice(asset.market, priceOf(1), "up");
}

function orderAction(orders: readonly OrderAsk[]): Action {
  return { type: "order", orders, grouping: "na" };
}

function cancelAction(cancels: readonly { assetId: number; key: number }[]): Action {
  return { type: "cancel", name: "cancel", cancels, fast: false };
}
