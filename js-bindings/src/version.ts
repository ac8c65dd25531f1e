/** Set by the build. */
declare const PST_VERSION: string;

/** The package's version. */
export const VERSION: string = PST_VERSION;
