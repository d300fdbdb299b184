/** Fills a place with a view, which lives until it is left. `path`: what follows its name in the address. */
export type View = (place: HTMLElement, until: AbortSignal, path: readonly string[]) => void
