/**
 * Remembers the last call, by the identity of both arguments: the guards and the assign of one event ask
 * for the same step, and it is taken once. `step` must be pure.
 */
export function remembersLast<Context, Event, Result>(
  step: (context: Context, event: Event) => Result,
): (context: Context, event: Event) => Result {
  let last:
    | { readonly context: Context; readonly event: Event; readonly result: Result }
    | undefined;
  return (context, event) => {
    if (last === undefined || last.context !== context || last.event !== event) {
      last = { context, event, result: step(context, event) };
    }
    return last.result;
  };
}
