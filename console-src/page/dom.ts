type Child = Node | string | undefined | false

type Attributes = Readonly<Record<string, string | number | boolean | undefined>>

const append = (parent: Element, children: readonly Child[]): void => {
  for (const child of children) if (child !== undefined && child !== false) parent.append(child)
}

const setAttributes = (element: Element, attributes: Attributes): void => {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === false) continue
    element.setAttribute(name, value === true ? '' : String(value))
  }
}

/** Creates an element. Text stays text: nothing is ever parsed as markup. */
export const html = <Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  attributes: Attributes = {},
  ...children: readonly Child[]
): HTMLElementTagNameMap[Tag] => {
  const element = document.createElement(tag)
  setAttributes(element, attributes)
  append(element, children)
  return element
}

export const svg = <Tag extends keyof SVGElementTagNameMap>(
  tag: Tag,
  attributes: Attributes = {},
  ...children: readonly Child[]
): SVGElementTagNameMap[Tag] => {
  const element = document.createElementNS('http://www.w3.org/2000/svg', tag)
  setAttributes(element, attributes)
  append(element, children)
  return element
}

/** Sets a text only if it differs: unchanged text is not drawn again. */
export const setText = (element: Element, text: string): void => {
  if (element.textContent !== text) element.textContent = text
}

/** Whether an explanation is open in the place, or something in it has the focus: then it must not be drawn again. */
export const isBeingRead = (place: Element): boolean => place.querySelector('.term:hover, :focus') !== null

/** Shows what is between backticks as commands. */
export const withCommands = (text: string): readonly (Node | string)[] =>
  text.split('`').map((part, index) => (index % 2 === 0 ? part : html('code', {}, part)))

export const button = (label: string, onClick: () => void): HTMLButtonElement => {
  const element = html('button', { type: 'button' }, label)
  element.addEventListener('click', onClick)
  return element
}

/** A table whose first cells name their rows. On a narrow screen, each cell shows the name of its column. */
export const table = (
  caption: string,
  columns: readonly (string | Node)[],
  rows: readonly (readonly Child[])[],
): HTMLElement => {
  const names = columns.map((column) => (typeof column === 'string' ? column : (column.firstChild?.textContent ?? '')))
  const body = rows.map((cells) =>
    html('tr', {}, ...cells.map((cell, index) => html('td', { 'data-column': names[index] ?? '' }, cell))),
  )
  return html(
    'div',
    { class: 'table' },
    html(
      'table',
      {},
      html('caption', {}, caption),
      html('thead', {}, html('tr', {}, ...columns.map((column) => html('th', { scope: 'col' }, column)))),
      html('tbody', {}, ...body),
    ),
  )
}
