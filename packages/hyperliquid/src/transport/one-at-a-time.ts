/** Handles each item to its end before the next, also those that come while one is being handled. */
export function oneAtATime<Item>(handle: (item: Item) => void): (item: Item) => void {
  const queue: Item[] = [];
  let isBusy = false;
  return (item) => {
    queue.push(item);
    if (isBusy) return;
    isBusy = true;
    try {
      for (let next = queue.shift(); next !== undefined; next = queue.shift()) handle(next);
    } finally {
      isBusy = false;
    }
  };
}
