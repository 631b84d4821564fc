/** An AggregateError (every address refused) has no message of its own. */
export function faultText(error: Error): string {
  if (error.message !== "") return error.message;
  const code: unknown = "code" in error ? error.code : undefined;
  return typeof code === "string" ? code : error.name;
}
