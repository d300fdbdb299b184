export type Health = { readonly ok: true } | { readonly ok: false; readonly reason: string }
