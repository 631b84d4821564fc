import { parseDecimal } from "@cloister/model";
import { isWhole, type JsonObject } from "../json.ts";
import type { Core } from "../core.ts";
import { tokenIdOf } from "../market/token.ts";
import type { PerpListing, TokenListing } from "../market/universe.ts";
import { printDecimal } from "../print.ts";
import { dexOf, FAULT, type InfoAnswer, listedDex, MALFORMED, value } from "./answer.ts";
import { bookView, midsView, perpContext, spotContext } from "./market-views.ts";

const BOOK_DEPTH = 20;
const TIERED_TABLES = 100;

export function meta(core: Core, request: JsonObject): InfoAnswer {
  const listing = perpsOf(core, request);
  return listing === undefined ? MALFORMED : value(metaView(listing));
}

export function metaAndAssetCtxs(core: Core, request: JsonObject): InfoAnswer {
  const dex = dexOf(request);
  const listing = perpsOf(core, request);
  if (dex === undefined || listing === undefined) return MALFORMED;
  const assets = core.ledger.universe.dex(dex) ?? [];
  return value([metaView(listing), assets.map((asset) => perpContext(core.ledger, asset))]);
}

export function spotMeta(core: Core): InfoAnswer {
  return value(spotMetaView(core));
}

export function spotMetaAndAssetCtxs(core: Core): InfoAnswer {
  const pairs = core.ledger.universe.assets.filter(({ market }) => market.kind === "spot");
  return value([spotMetaView(core), pairs.map((asset) => spotContext(core.ledger, asset))]);
}

export function perpDexs(core: Core): InfoAnswer {
  const dexes = core.ledger.universe.listing.dexes.map(({ name }) => ({
    name,
    fullName: `${name} (simulated)`,
    deployer: "0x00000000000000000000000000000000000000de",
    oracleUpdater: null,
    feeRecipient: null,
    assetToStreamingOiCap: [],
    subDeployers: [],
    deployerFeeScale: "1.0",
    lastDeployerFeeScaleChangeTime: "1970-01-01T00:00:00",
    assetToFundingMultiplier: [],
    assetToFundingInterestRate: [],
  }));
  return value([null, ...dexes]);
}

export function allMids(core: Core, request: JsonObject): InfoAnswer {
  const dex = listedDex(core, request);
  return dex === undefined ? MALFORMED : value(midsView(core.ledger, dex));
}

export function l2Book(core: Core, request: JsonObject): InfoAnswer {
  const shape = readBookShape(request);
  if (typeof request["coin"] !== "string" || shape === undefined) return MALFORMED;
  if (shape === "refused") return FAULT;
  const asset = core.ledger.universe.byCoin(request["coin"]);
  return value(
    asset === undefined ? null : bookView(core.ledger, asset, { ...shape, depth: BOOK_DEPTH }),
  );
}

type Shape = { readonly nSigFigs: number | null; readonly mantissa: number | null };

/** The aggregation a request asks for; "refused" when its numbers are out of range, undefined when they are none. */
export function readBookShape(request: JsonObject): Shape | "refused" | undefined {
  const nSigFigs = request["nSigFigs"] ?? null;
  const mantissa = request["mantissa"] ?? null;
  if (!isWholeOrNull(nSigFigs) || !isWholeOrNull(mantissa)) return undefined;
  const refused = nSigFigs !== null && (nSigFigs < 2 || nSigFigs > 5);
  return refused || !mayHave(mantissa, nSigFigs) ? "refused" : { nSigFigs, mantissa };
}

/** A mantissa of 2 or 5 goes with five figures only. */
function mayHave(mantissa: number | null, nSigFigs: number | null): boolean {
  return mantissa === null || (nSigFigs === 5 && (mantissa === 2 || mantissa === 5));
}

function isWholeOrNull(given: unknown): given is number | null {
  return given === null || isWhole(given);
}

export function recentTrades(core: Core, request: JsonObject): InfoAnswer {
  return typeof request["coin"] === "string"
    ? value(core.recentTrades(request["coin"]))
    : MALFORMED;
}

export function exchangeStatus(core: Core): InfoAnswer {
  return value({ time: core.blockMs(), specialStatuses: null });
}

export function outcomeMeta(): InfoAnswer {
  return value({ outcomes: [], questions: [] });
}

function perpsOf(core: Core, request: JsonObject): readonly PerpListing[] | undefined {
  const dex = dexOf(request);
  const { listing } = core.ledger.universe;
  return dex === "" ? listing.perps : listing.dexes.find(({ name }) => name === dex)?.coins;
}

export function metaView(perps: readonly PerpListing[]): object {
  const tables = perps.map(tableIdOf);
  return {
    universe: perps.map(({ name, sizeDecimals, maxLeverage, delisted }, index) => ({
      szDecimals: sizeDecimals,
      name,
      maxLeverage,
      marginTableId: tables[index],
      ...(delisted === true ? { isDelisted: true } : {}),
    })),
    marginTables: [...new Set(tables)].map((id) => [id, marginTableView(perps, id)]),
    collateralToken: 0,
  };
}

/** A table of one tier is called by its leverage, one of several by a number above all leverages. */
function tableIdOf(perp: PerpListing): number {
  const tiers = perp.marginTiers?.length ?? 1;
  return tiers > 1 ? TIERED_TABLES + perp.maxLeverage : perp.maxLeverage;
}

/** The table of an id; undefined where no listed perpetual has it. */
export function marginTableView(perps: readonly PerpListing[], id: number): object | undefined {
  const perp = perps.find((one) => tableIdOf(one) === id);
  if (perp === undefined) return undefined;
  const { maxLeverage, marginTiers = [{ lowerBound: "0.0", maxLeverage }] } = perp;
  return {
    description: marginTiers.length > 1 ? `tiered ${maxLeverage}x` : "",
    marginTiers: marginTiers.map((tier) => ({
      lowerBound: printDecimal(parseDecimal(tier.lowerBound)),
      maxLeverage: tier.maxLeverage,
    })),
  };
}

function spotMetaView(core: Core): object {
  const { listing } = core.ledger.universe;
  const indexOf = (name: string) => listing.tokens.find((token) => token.name === name)?.index ?? 0;
  return {
    tokens: listing.tokens.map(tokenView),
    universe: listing.pairs.map(({ index, token }) => ({
      tokens: [indexOf(token), 0],
      name: index === 0 ? `${token}/USDC` : `@${index}`,
      index,
      isCanonical: index === 0,
    })),
  };
}

function tokenView(token: TokenListing): object {
  return {
    name: token.name,
    szDecimals: token.sizeDecimals,
    weiDecimals: token.weiDecimals,
    index: token.index,
    tokenId: tokenIdOf(token),
    isCanonical: true,
    evmContract: null,
    fullName: null,
    deployerTradingFeeShare: "0.0",
  };
}
