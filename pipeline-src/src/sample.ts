/** What the producer sends for a pipeline. */
export type Sample = {
  readonly kind: 'lines'
  /** In the pipeline's folder: a value a line. */
  readonly file: string
  /** Records a second; 0: as fast as possible. */
  readonly rate: number
}

const defaultRate = 500

/** The lines of a file in the pipeline's folder, each the value of one record. */
export const lines = (file: string, options: { readonly rate?: number } = {}): Sample => ({
  kind: 'lines',
  file,
  rate: options.rate ?? defaultRate,
})
