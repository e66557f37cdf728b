/** Put in by the build: a hash of the sources that the program was made from. */
declare const DDALAB_BUILD: string | undefined

/** Which build this is; undefined when the sources themselves are run. */
export const BUILD: string | undefined = typeof DDALAB_BUILD === 'undefined' ? undefined : DDALAB_BUILD
