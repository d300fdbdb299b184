/**
 * Fills a place with a view, which lives until the user leaves it. `path` is the part of the address after the view's
 * name.
 */
export type View = (place: HTMLElement, until: AbortSignal, path: readonly string[]) => void
