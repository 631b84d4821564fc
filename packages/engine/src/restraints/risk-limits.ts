import {
  add,
  type Coin,
  compare,
  type Decimal,
  formatDecimal,
  maxDecimal,
  minDecimal,
  multiply,
  negate,
  type OrderTerms,
  type References,
  subtract,
  ZERO,
} from "@cloister/model";
import type { CoinPending } from "../ledger/pending-sums.ts";
import type { Risk, RiskRefusal } from "./risk-options.ts";

type Ports = {
  readonly risk: Risk;
  readonly ledger: { position(coin: Coin): Decimal };
  readonly pending: { readonly live: number; of(coin: Coin): CoinPending };
};

/** Judges places and modifies by the limits that were given. It counts nothing itself: the sums are kept elsewhere. */
export class RiskLimits {
  readonly #ports: Ports;

  constructor(ports: Ports) {
    this.#ports = ports;
  }

  /** Whether orders of one request may go. They are in the book, so the sums count them already. */
  refusesPlace(
    orders: readonly { readonly terms: OrderTerms }[],
    references: References = {},
  ): RiskRefusal | undefined {
    for (const { terms } of orders) {
      const refused = this.#refusesOrder(terms, references) ?? this.#refusesPosition(terms, ZERO);
      if (refused !== undefined) return refused;
    }
    return this.#refusesCount();
  }

  /** Whether a modify may go that makes this of an order: both legs count, because both may fill. */
  refusesModify(terms: OrderTerms, references: References = {}): RiskRefusal | undefined {
    return this.#refusesOrder(terms, references) ?? this.#refusesPosition(terms, terms.size);
  }

  #refusesOrder(terms: OrderTerms, references: References): RiskRefusal | undefined {
    const { coin, price, size } = terms;
    const { maxOrderNotional, maxOrderSize, priceBand } = this.#ports.risk;
    if (!terms.reduceOnly) {
      const most = limitOf(maxOrderSize, coin);
      if (most !== undefined && compare(size, most) > 0) {
        return refusal("orderSize", `size ${told(size)}; maxOrderSize of ${coin} is ${told(most)}`);
      }
      const value = multiply(price, size);
      if (maxOrderNotional !== undefined && compare(value, maxOrderNotional) > 0) {
        const limit = told(maxOrderNotional);
        return refusal("orderNotional", `worth ${told(value)}; maxOrderNotional is ${limit}`);
      }
    }
    return priceBand === undefined ? undefined : refusesPrice(terms, references[coin], priceBand);
  }

  /** Only the side that the order adds to is judged: what shrinks the position is never in the way of its limit. */
  #refusesPosition({ coin, side, reduceOnly }: OrderTerms, more: Decimal): RiskRefusal | undefined {
    const most = limitOf(this.#ports.risk.maxPosition, coin);
    if (most === undefined || reduceOnly) return undefined;
    const { ledger, pending } = this.#ports;
    const worst = add(worstPosition(ledger.position(coin), pending.of(coin), side), more);
    if (compare(worst, most) <= 0) return undefined;
    const at = told(side === "buy" ? worst : negate(worst));
    return refusal("position", `${coin} could become ${at}; maxPosition is ${told(most)}`);
  }

  #refusesCount(): RiskRefusal | undefined {
    const { pending, risk } = this.#ports;
    const { maxOpenOrders } = risk;
    if (maxOpenOrders === undefined || pending.live <= maxOpenOrders) return undefined;
    const text = `${pending.live} orders would be open; maxOpenOrders is ${maxOpenOrders}`;
    return refusal("openOrders", text);
  }
}

/**
 * How far the position can go to the side of an order, as a positive number. What only reduces takes it to zero
 * at most, and makes room on the other side for what does more.
 */
function worstPosition(
  position: Decimal,
  { free, reducing }: CoinPending,
  side: "buy" | "sell",
): Decimal {
  const ahead = side === "buy" ? position : negate(position);
  const base = compare(ahead, ZERO) < 0 ? minDecimal(add(ahead, reducing[side]), ZERO) : ahead;
  return add(base, free[side]);
}

function refusesPrice(
  { coin, price, trigger }: OrderTerms,
  reference: Decimal | undefined,
  band: Decimal,
): RiskRefusal | undefined {
  const from = trigger?.price ?? reference;
  if (from === undefined) {
    return refusal("noReferencePrice", `referencePrice gave none for ${coin}`);
  }
  const [low, high] = [minDecimal(price, from), maxDecimal(price, from)];
  const distance = subtract(high, low);
  if (compare(distance, multiply(from, band)) <= 0) return undefined;
  const text = `${told(price)} is further than ${told(band)} of it from ${told(from)}`;
  return refusal("priceBand", text);
}

function limitOf(limits: ReadonlyMap<string, Decimal>, coin: string): Decimal | undefined {
  return limits.get(coin) ?? limits.get("*");
}

function refusal(cause: RiskRefusal["cause"], text: string): RiskRefusal {
  return { cause, text };
}

const told = formatDecimal;
