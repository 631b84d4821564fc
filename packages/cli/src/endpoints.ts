import { UsageError } from "./arguments.ts";

/** Where an exchange listens, of the one URL that a flag gives. @throws UsageError */
export function endpointsOfUrl(
  flag: string,
  text: string,
): { readonly http: string; readonly ws: string } {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || (url.protocol !== "http:" && url.protocol !== "https:")) {
    throw new UsageError(`--${flag} must be an http(s) URL, not ${JSON.stringify(text)}`);
  }
  const ws = new URL("/ws", url);
  ws.protocol = url.protocol === "https:" ? "wss:" : "ws:";
  return { http: url.origin, ws: ws.href };
}
