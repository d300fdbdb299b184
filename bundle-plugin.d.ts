import type { Plugin } from 'esbuild'

export declare const withoutUnusedLibraries: Plugin
