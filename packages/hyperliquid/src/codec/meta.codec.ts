import { badField, type Broken, type Decoded, ok } from "./decoded.ts";
import type { Meta, PerpListing } from "./info.ts";
import { isRecord, readWhole, textOf } from "./json.ts";

/** The perps of a dex. The place in the array is the asset's index, so a broken listing leaves a hole (protocol §8.1). */
export function decodeMeta(body: unknown): Decoded<Meta> {
  const elements = isRecord(body) ? body["universe"] : undefined;
  if (!Array.isArray(elements)) return badField("universe", elements);
  const broken: Broken[] = [];
  const universe = elements.map((element: unknown) => {
    const listing = readListing(element);
    if (listing.kind === "ok") return listing.value;
    broken.push({ reason: listing.reason, text: textOf(element) });
    return undefined;
  });
  return ok({ universe, broken });
}

function readListing(element: unknown): Decoded<PerpListing> {
  if (!isRecord(element)) return badField("the listing", element);
  const name = element["name"];
  if (typeof name !== "string" || name === "") return badField("name", name);
  const sizeDecimals = readWhole(element["szDecimals"]);
  if (sizeDecimals === undefined) return badField("szDecimals", element["szDecimals"]);
  const maxLeverage = readWhole(element["maxLeverage"]);
  return ok({
    ...{ name, sizeDecimals, delisted: element["isDelisted"] === true },
    ...(maxLeverage === undefined ? {} : { maxLeverage }),
  });
}
