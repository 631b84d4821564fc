import {
  type Clock,
  compare,
  type Decimal,
  invalidOption,
  parseAddress,
  type Random,
  readDecimal,
  ZERO,
} from "@cloister/model";
import type { Network } from "./auth/digest.ts";
import { type Recover, recoverSigner } from "./auth/recover.ts";
import { type CrowdOptions, readCrowd } from "./market/crowd-options.ts";
import { type Cadence, readRules, type Rules, type RulesOption } from "./choices/rules.ts";
import { type Limits, type LimitsOption, readLimits } from "./limits/limits.ts";
import { DEFAULT_UNIVERSE, type UniverseListing } from "./market/universe.ts";

export type AgentOption = {
  readonly address: string;
  readonly name?: string;
  readonly validUntilMs?: number;
};

export type AccountOption = {
  readonly address: string;
  /** Never used by the exchange; carried for those who print accounts. */
  readonly privateKey?: string;
  /** Quote money on every dex and, unless `spot` says otherwise, as spot USDC. "0": never deposited. */
  readonly deposit: string;
  /** Spot balances by token name. */
  readonly spot?: Readonly<Record<string, string>>;
  /** Staked HYPE that is with no validator, for bids for priority. Default "0". */
  readonly delegatable?: string;
  readonly agents?: readonly AgentOption[];
  readonly subAccounts?: readonly { readonly address: string; readonly deposit: string }[];
};

export type ExchangeOptions = {
  readonly clock: Clock;
  readonly random: Random;
  readonly accounts: readonly AccountOption[];
  /** Which signatures it accepts. Default "mainnet". */
  readonly network?: Network;
  /** Time between blocks, ms. Default 80. */
  readonly blockMs?: number;
  readonly universe?: UniverseListing;
  /** The background market; false for empty books. */
  readonly crowd?: Partial<CrowdOptions> | false;
  /** How signers are found on in-memory wires. Sockets always recover. */
  readonly recover?: Recover;
  /** Its behaviour where the venue's is not established. */
  readonly rules?: RulesOption;
  /** How much anybody may do; the venue's numbers by default, `false` for no limits at all. */
  readonly limits?: LimitsOption;
};

/** The options with every default filled in. */
export type Settings = {
  readonly clock: Clock;
  readonly random: Random;
  readonly accounts: readonly AccountOption[];
  readonly network: Network;
  readonly blockMs: number;
  readonly universe: UniverseListing;
  readonly crowd: CrowdOptions | undefined;
  readonly recover: Recover;
  readonly cadence: Cadence;
  readonly rules: Rules;
  readonly limits: Limits;
};

const NETWORKS: readonly string[] = ["mainnet", "testnet"];

/** @throws invalidOption for the first option that breaks its rule. */
export function readOptions(options: ExchangeOptions): Settings {
  const { network = "mainnet", blockMs = 80 } = options;
  if (!NETWORKS.includes(network)) {
    throw invalidOption("network", network, 'must be "mainnet" or "testnet"');
  }
  const rules = readRules(options.rules ?? {}, "rules");
  const settings: Settings = {
    clock: options.clock,
    random: options.random,
    accounts: options.accounts,
    network,
    blockMs: readMs("blockMs", blockMs),
    universe: options.universe ?? DEFAULT_UNIVERSE,
    crowd: options.crowd === false ? undefined : readCrowd(options.crowd ?? {}),
    recover: options.recover ?? recoverSigner,
    cadence: rules.cadence,
    rules,
    limits: readLimits(options.limits ?? {}),
  };
  for (const account of options.accounts) checkAccount(account);
  checkDistinct(options.accounts);
  return settings;
}

function checkAccount(account: AccountOption): void {
  checkAddress("accounts.address", account.address);
  readMoney("accounts.deposit", account.deposit);
  readMoney("accounts.delegatable", account.delegatable ?? "0");
  for (const amount of Object.values(account.spot ?? {})) readMoney("accounts.spot", amount);
  for (const agent of account.agents ?? []) checkAddress("accounts.agents", agent.address);
  for (const sub of account.subAccounts ?? []) {
    checkAddress("accounts.subAccounts", sub.address);
    readMoney("accounts.subAccounts.deposit", sub.deposit);
  }
}

/** One address is one account or one key: else who signed would not be clear. */
function checkDistinct(accounts: readonly AccountOption[]): void {
  const seen = new Set<string>();
  for (const { address, agents = [], subAccounts = [] } of accounts) {
    for (const one of [address, ...[...agents, ...subAccounts].map((other) => other.address)]) {
      if (seen.has(one.toLowerCase())) throw invalidOption("accounts", one, "is named twice");
      seen.add(one.toLowerCase());
    }
  }
}

function checkAddress(field: string, value: string): void {
  try {
    parseAddress(value);
  } catch {
    throw invalidOption(field, value, "must be 0x and 40 hex digits");
  }
}

/** An amount of money that is not negative. */
function readMoney(field: string, text: string): Decimal {
  const amount = readDecimal(text);
  if (amount === undefined || compare(amount, ZERO) < 0) {
    throw invalidOption(field, text, "must be a plain decimal, not negative");
  }
  return amount;
}

function readMs(field: string, value: number): number {
  if (!Number.isSafeInteger(value) || value < 1) {
    throw invalidOption(field, value, "must be whole milliseconds, at least 1");
  }
  return value;
}
