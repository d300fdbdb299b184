import { html } from './dom.js'

/** Waits for the work, and shows an error in the place. */
export const say = (place: HTMLElement, work: Promise<void>): void => {
  work.catch((error: unknown) => {
    const sentence = error instanceof Error ? error.message : String(error)
    place.replaceChildren(html('p', { class: 'fault', role: 'alert' }, sentence))
  })
}
