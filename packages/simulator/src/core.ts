import {
  type Address,
  type Cancel,
  formatDecimal,
  parseAddress,
  parseDecimal,
} from "@cloister/model";
import { type Account, createAccount, type RequestSeen } from "./ledger/account.ts";
import { weightOf } from "./actions/action.ts";
import { AGENT_LIFE_MS } from "./actions/approve-agent.ts";
import { type ActionAnswer, refused } from "./actions/answers.ts";
import type { Envelope } from "./actions/envelope.ts";
import { admit } from "./auth/admission.ts";
import type { Recover } from "./auth/recover.ts";
import type { ActionFate, Who } from "./faults/action-fate.ts";
import type { Faults } from "./faults/faults.ts";
import { Suffering } from "./faults/suffering.ts";
import { type Block, type Pending, runBlock } from "./block.ts";
import { BlockNews } from "./ledger/block-news.ts";
import { Candles } from "./market/candles.ts";
import { Crowd } from "./market/crowd.ts";
import { createMarketState } from "./market/market-state.ts";
import type { WireTrade } from "./market/fill.ts";
import { IpUse } from "./limits/ip-use.ts";
import { keepRequest, type Ledger } from "./ledger/ledger.ts";
import { Past } from "./ledger/past.ts";
import type { AccountOption, Settings } from "./options.ts";
import { createUniverse } from "./market/universe.ts";

const FIRST_OID = 700_000_000_000;
const TRADES_KEPT = 20;

/** How an action came in. */
export type Entry = {
  readonly recover: Recover;
  /** Asked once, when it is known who sent it. */
  readonly fateOf: (who: Who) => ActionFate;
  /** Answers once; never for an action that was lost. */
  readonly reply: (answer: ActionAnswer) => void;
};

export type BlockListener = (news: BlockNews) => void;

/** The exchange as reads and channels see it: as it is, or as it was. */
export type Core = {
  readonly settings: Settings;
  readonly ledger: Ledger;
  /** Block time of the last block, Unix ms. */
  blockMs(): number;
  /** The exchange's own clock, Unix ms. */
  wallMs(): number;
  /** The newest trades of a coin, newest first. */
  recentTrades(coin: string): readonly WireTrade[];
};

/** The running exchange behind every door: the ledger, the actions that wait, and the clock of blocks. */
export class LiveCore implements Core {
  readonly settings: Settings;
  readonly ledger: Ledger;
  readonly #crowd: Crowd | undefined;
  #pending: Pending[] = [];
  readonly #listeners = new Set<BlockListener>();
  readonly #startMs: number;
  readonly #uses = new WeakMap<object, IpUse>();
  readonly #trades = new Map<string, WireTrade[]>();
  readonly #suffering: Suffering;
  readonly #past = new Past();
  #isTelling = false;
  readonly #afterBlock: (() => void)[] = [];
  #ticks = 0;
  #stop: Cancel = () => {};

  constructor(settings: Settings) {
    this.settings = settings;
    this.ledger = createLedger(settings);
    this.#suffering = new Suffering(this.ledger);
    if (settings.crowd !== undefined) {
      this.#crowd = new Crowd(this.ledger, settings.random, settings.crowd);
    }
    this.#startMs = settings.clock.monotonicMs();
    this.#runBlock();
    this.#arm();
  }

  blockMs(): number {
    return this.ledger.news.atMs;
  }

  wallMs(): number {
    return this.settings.clock.wallMs() + this.#suffering.skewMs;
  }

  /** What these faults do to the exchange itself; gives what ends it. */
  suffer(faults: Faults): () => void {
    const stop = this.#suffering.add(faults);
    this.#remember();
    return stop;
  }

  /** The exchange as it was, as far as it remembers. */
  asItWas(lag: { readonly lagMs: number } | { readonly lagBlocks: number }): Core {
    const ledger =
      "lagMs" in lag
        ? this.#past.at(this.settings.clock.monotonicMs() - lag.lagMs)
        : this.#past.atBlock(this.ledger.news.number - lag.lagBlocks);
    if (ledger === undefined) return this;
    const { atMs } = ledger.news;
    return {
      settings: this.settings,
      ledger,
      blockMs: () => atMs,
      wallMs: () => atMs,
      recentTrades: (coin) => this.recentTrades(coin).filter(({ time }) => time <= atMs),
    };
  }

  /** Calls back when all of the block that is just told has been told; false when none is. */
  afterBlock(callback: () => void): boolean {
    if (this.#isTelling) this.#afterBlock.push(callback);
    return this.#isTelling;
  }

  /** What a caller used of its limits; a caller is known by its object. */
  useOf(caller: object): IpUse {
    const known = this.#uses.get(caller);
    if (known !== undefined) return known;
    const fresh = new IpUse(this.ledger.limits, this.settings.clock);
    this.#uses.set(caller, fresh);
    return fresh;
  }

  onBlock(listener: BlockListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  recentTrades(coin: string): readonly WireTrade[] {
    return [...(this.#trades.get(coin) ?? [])].reverse();
  }

  /** Takes an action: turned away at once, or kept for the next block. */
  submit(envelope: Envelope, entry: Entry): void {
    const { settings, ledger } = this;
    const nowMs = this.wallMs();
    const admission = admit(
      { ledger, network: settings.network, nowMs, recover: entry.recover },
      envelope,
    );
    const known = "refused" in admission ? {} : whoOf(admission);
    const fate = entry.fateOf(known);
    if ("refused" in admission) {
      if (fate !== "lose") entry.reply(refused(admission.refused));
      return;
    }
    const { signer, account } = admission;
    const seen: RequestSeen = {
      signer,
      type: envelope.action.type,
      weight: Math.max(1, weightOf(envelope.action)),
      nonce: envelope.nonce,
      receivedAtMs: nowMs,
    };
    keepRequest(ledger, account, seen);
    if (fate === "lose") return;
    const pending: Pending = {
      signer,
      account,
      action: envelope.action,
      nonce: envelope.nonce,
      ...(envelope.expiresAfter === undefined ? {} : { expiresAfter: envelope.expiresAfter }),
      seen,
      holdBlocks: 0,
      reply: entry.reply,
    };
    if (fate === "execute") this.#pending.push(pending);
    else this.#queue(pending, fate);
  }

  /** Keeps an action that something happens to. */
  #queue(pending: Pending, fate: Exclude<ActionFate, string>): void {
    if ("holdMs" in fate) {
      this.settings.clock.after(fate.holdMs, () => this.#pending.push(pending));
    } else if ("repeat" in fate) this.#pending.push(...twice(pending, fate.repeat));
    else if ("script" in fate) this.#pending.push({ ...pending, script: fate.script });
    else this.#pending.push({ ...pending, holdBlocks: fate.holdBlocks });
  }

  /** Stops the blocks. What waits is never answered. */
  close(): void {
    this.#stop();
    this.#listeners.clear();
    this.#pending = [];
  }

  #arm(): void {
    const { clock, blockMs } = this.settings;
    const now = clock.monotonicMs() - this.#startMs;
    const { paceMs } = this.#suffering;
    if (paceMs !== undefined) {
      this.#stop = clock.after(paceMs, () => {
        this.#ticks = Math.floor((clock.monotonicMs() - this.#startMs) / blockMs);
        this.#runBlock();
        this.#arm();
      });
      return;
    }
    // A process that slept skips the blocks it missed.
    this.#ticks = Math.max(this.#ticks + 1, Math.floor(now / blockMs));
    this.#stop = clock.after(this.#ticks * blockMs - now, () => {
      this.#runBlock();
      this.#arm();
    });
  }

  #runBlock(): void {
    const { ledger, settings } = this;
    this.#suffering.ask(ledger.news.number + 1);
    const atMs = Math.max(ledger.news.atMs + 1, this.wallMs());
    const ready = this.#pending.filter(({ holdBlocks }) => holdBlocks <= 0);
    this.#pending = this.#pending.filter(({ holdBlocks }) => holdBlocks > 0);
    for (const held of this.#pending) held.holdBlocks -= 1;
    const background = this.#crowd?.next(ledger.news.number + 1) ?? [];
    const block = runBlock(ledger, atMs, {
      background,
      pending: ready,
      begin: () => this.#suffering.begin(),
    });
    this.#remember();
    this.#keepTrades(block.news);
    const answersFirst = settings.rules.blockEnd === "answers";
    this.#isTelling = true;
    if (answersFirst) answerAll(block);
    for (const listener of this.#listeners) listener(block.news);
    block.news.told();
    if (!answersFirst) answerAll(block);
    this.#isTelling = false;
    for (const callback of this.#afterBlock.splice(0)) callback();
  }

  /** Reads that lag need what was. */
  #remember(): void {
    const { reach } = this.#suffering;
    if (reach.ms === 0 && reach.blocks === 0) this.#past.forget();
    else this.#past.remember(this.ledger, this.settings.clock.monotonicMs(), reach);
  }

  #keepTrades(news: BlockNews): void {
    for (const [coin, trades] of news.trades) {
      for (const trade of trades) this.ledger.candles.note(trade);
      this.#trades.set(coin, [...(this.#trades.get(coin) ?? []), ...trades].slice(-TRADES_KEPT));
    }
  }
}

/** The same action, come in twice; the caller waits for the answer to one of them. */
function twice(pending: Pending, heard: "first" | "second"): readonly Pending[] {
  const unheard = { ...pending, reply: () => {} };
  return heard === "first" ? [pending, unheard] : [unheard, pending];
}

function whoOf({ signer, account }: { signer: Address; account: Account }): Who {
  return { signer, account: account.address };
}

function answerAll(block: Block): void {
  for (const { pending, answer } of block.answers) pending.reply(answer);
}

function createLedger(settings: Settings): Ledger {
  const ledger: Ledger = {
    universe: createUniverse(settings.universe),
    rules: settings.rules,
    limits: { ...settings.limits },
    accounts: new Map(),
    agents: new Map(),
    nonces: new Map(),
    books: new Map(),
    marks: new Map(),
    market: createMarketState(),
    candles: new Candles(),
    twaps: new Map(),
    lastTwapId: 0,
    waiting: new Map(),
    news: new BlockNews(0, 0),
    lastOid: FIRST_OID,
    shufflesOids: false,
    transactions: 0,
  };
  for (const option of settings.accounts) enroll(ledger, option, settings.clock.wallMs());
  return ledger;
}

function enroll(ledger: Ledger, option: AccountOption, nowMs: number): void {
  const account = fund(
    ledger,
    createAccount({
      address: parseAddress(option.address),
      kind: "user",
      background: false,
      funded: formatDecimal(parseDecimal(option.deposit)) !== "0",
    }),
    option,
  );
  account.delegatable = parseDecimal(option.delegatable ?? "0");
  for (const agent of option.agents ?? []) {
    const address = parseAddress(agent.address);
    const validUntilMs = agent.validUntilMs ?? nowMs + AGENT_LIFE_MS;
    account.agents.push({ address, name: agent.name ?? "", validUntilMs });
    ledger.agents.set(address, account);
  }
  for (const sub of option.subAccounts ?? []) {
    fund(
      ledger,
      createAccount({
        address: parseAddress(sub.address),
        kind: "subAccount",
        master: account.address,
        background: false,
        funded: true,
      }),
      sub,
    );
  }
}

function fund(
  ledger: Ledger,
  account: Account,
  money: Pick<AccountOption, "deposit" | "spot">,
): Account {
  const deposit = parseDecimal(money.deposit);
  for (const dex of ["", ...ledger.universe.listing.dexes.map(({ name }) => name)]) {
    account.cash.set(dex, deposit);
  }
  account.balances.set("USDC", deposit);
  for (const [token, amount] of Object.entries(money.spot ?? {})) {
    account.balances.set(token, parseDecimal(amount));
  }
  ledger.accounts.set(account.address, account);
  return account;
}
