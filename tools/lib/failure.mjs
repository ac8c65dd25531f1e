/** A failure that a person can do something about: printed as text, without a stack. */
export class Failure extends Error {
  /**
   * @param {string} message what went wrong, in one sentence
   * @param {string} [remedy] what to do about it
   */
  constructor(message, remedy = "") {
    super(message);
    this.name = "Failure";
    this.remedy = remedy;
  }
}

/** Runs a command line's main function and turns what it throws into an exit code. */
export async function main(body) {
  try {
    const status = await body();
    process.exitCode = status ?? 0;
  } catch (error) {
    process.exitCode = 1;
    if (!(error instanceof Failure)) throw error;
    console.error(`\n✗ ${error.message}`);
    if (error.remedy) console.error(indent(error.remedy));
  }
}

export function indent(text) {
  return text.replace(/^(?=.)/gm, "  ");
}
