/** What the producer sends for a pipeline, to one of its inputs. */
export type Sample = LinesSample | GeneratedSample

export type LinesSample = {
  readonly kind: 'lines'
  /** In the pipeline's folder: a value a line. */
  readonly file: string
  /** Records a second; 0: as fast as possible. */
  readonly rate: number
}

export type GeneratedSample = {
  readonly kind: 'generated'
  /** The value of record `index` of the stream of `seed`: a pure function, so that a restart can continue anywhere. */
  readonly make: (index: number, seed: number) => string
  readonly count: number
  readonly rate: number
}

const defaultRate = 500

/** The lines of a file in the pipeline's folder, each the value of one record. */
export const lines = (file: string, options: { readonly rate?: number } = {}): LinesSample => ({
  kind: 'lines',
  file,
  rate: options.rate ?? defaultRate,
})

/** Values that a function makes. */
export const generated = (
  make: GeneratedSample['make'],
  { count, rate = defaultRate }: { readonly count: number; readonly rate?: number },
): GeneratedSample => ({ kind: 'generated', make, count, rate })
