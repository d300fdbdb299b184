/**
 * Leaves out libraries that nothing in a bundle uses, even if they do not declare themselves free of side effects.
 * @type {import('esbuild').Plugin}
 */
export const withoutUnusedLibraries = {
  name: 'without-unused-libraries',
  setup: (bundler) => {
    bundler.onResolve({ filter: /^(typebox|csv-parse|csv-stringify|fastest-levenshtein)/ }, async (found) => {
      if (found.pluginData === 'resolved') return undefined
      const { path, kind, importer, resolveDir } = found
      const resolved = await bundler.resolve(path, { kind, importer, resolveDir, pluginData: 'resolved' })
      return { ...resolved, sideEffects: false }
    })
  },
}
