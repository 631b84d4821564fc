import type { Address, Decimal, Fill, OrderReport, Position } from "@cloister/model";
import type { Broken, Rows } from "./decoded.ts";
import type { Book, Mids } from "./market-data.ts";

/** Who an address is (protocol §8.7). `user` is the account of an agent, `master` that of a sub-account. */
export type UserRole =
  | { readonly role: "user" | "vault" | "missing" }
  | { readonly role: "agent"; readonly user: Address }
  | { readonly role: "subAccount"; readonly master?: Address };

/** An API wallet that may sign for the account. `validUntil` in venue ms. */
export type ExtraAgent = {
  readonly name: string;
  readonly address: Address;
  readonly validUntil: number;
};

/** The address budget (protocol §12.2). */
export type UserRateLimit = {
  readonly used: number;
  readonly cap: number;
  /** Requests that were bought and are not used yet. */
  readonly surplus: number;
  readonly volume: Decimal;
};

/** Positions of one dex at the venue's own time, ms. */
export type ClearinghouseState = {
  readonly positions: readonly Position[];
  readonly at: number;
  /** In quote units. */
  readonly accountValue?: Decimal;
  readonly withdrawable?: Decimal;
};

export type SpotBalance = {
  readonly token: string;
  readonly total: Decimal;
  readonly hold: Decimal;
};

export type PerpListing = {
  readonly name: string;
  readonly sizeDecimals: number;
  readonly delisted: boolean;
  readonly maxLeverage?: number;
};
/** The perps of one dex. The position in the array is the index of the asset, so what was not understood leaves a hole. */
export type Meta = {
  readonly universe: readonly (PerpListing | undefined)[];
  readonly broken: readonly Broken[];
};

export type SpotListing = {
  readonly name: string;
  readonly index: number;
  readonly base: number;
  readonly quote: number;
};
export type SpotToken = {
  readonly name: string;
  readonly index: number;
  readonly sizeDecimals: number;
};
/** Spot pairs and tokens. Both are named by `index`, never by position. */
export type SpotMeta = {
  readonly universe: readonly SpotListing[];
  readonly tokens: readonly SpotToken[];
  readonly broken: readonly Broken[];
};

/** The perp dexes by position; element 0 is the first dex, whose name is "". A hole is one that was not understood. */
export type PerpDexs = readonly (string | undefined)[];

/** What each info request answers, in our words (protocol §8). */
export type InfoValues = {
  /** `found` is absent when the venue says `unknownOid`, which is no proof of anything (protocol §8.4). */
  readonly orderStatus: { readonly found?: OrderReport };
  readonly openOrders: Rows<OrderReport>;
  readonly frontendOpenOrders: Rows<OrderReport>;
  readonly userFills: Rows<Fill>;
  readonly userFillsByTime: Rows<Fill>;
  readonly historicalOrders: Rows<OrderReport>;
  readonly userRole: UserRole;
  readonly extraAgents: Rows<ExtraAgent>;
  readonly userRateLimit: UserRateLimit;
  readonly clearinghouseState: ClearinghouseState;
  readonly spotClearinghouseState: Rows<SpotBalance>;
  readonly meta: Meta;
  readonly spotMeta: SpotMeta;
  readonly perpDexs: PerpDexs;
  readonly l2Book: Book;
  readonly allMids: Mids & { readonly broken: readonly Broken[] };
};

export type InfoType = keyof InfoValues;
