import type { Signer, Wire } from "@cloister/model";
import type { Books, RuleTerms } from "@cloister/testkit";
import type { Weather } from "./weather.ts";

/** The exchange's own side of an audit. */
export type Auditor = {
  /** Looks at the books while they are young, where an exchange forgets. Never rejects. */
  collect(): Promise<void>;
  /** The exchange's books. `known`: the cloids that the engine knows. */
  books(known: readonly string[]): Promise<Books>;
};

/** An exchange to trade at, with an account and its key. */
export type TradingPlace = {
  readonly name: string;
  readonly network: {
    readonly http: string;
    readonly ws: string;
    readonly signatures: "mainnet" | "testnet";
  };
  /** Makes a way to it that is no socket: for an exchange in memory. */
  readonly wire?: () => Wire;
  readonly account: string;
  readonly signer: Signer;
  /** Begins to audit the orders that carry the mark. */
  audit(mark: string): Promise<Auditor>;
  /** The exchange's books as they are at this moment; absent for one in another process. */
  readonly venue?: NonNullable<RuleTerms["venue"]>;
  /** What it suffers; absent where nothing was asked for. */
  readonly weather?: Weather;
  close(): Promise<void>;
};
