// Errors as Google's REST servers write them: `{"error": {code, message, status, details}}`.

const STATUS = {
  INVALID_ARGUMENT: 400,
  UNAUTHENTICATED: 401,
  PERMISSION_DENIED: 403,
  NOT_FOUND: 404,
  RESOURCE_EXHAUSTED: 429,
  INTERNAL: 500,
  UNAVAILABLE: 503,
  DEADLINE_EXCEEDED: 504,
};

export class GoogleError extends Error {
  /**
   * @param {keyof STATUS} status
   * @param {string} message
   * @param {object[]} details
   */
  constructor(status, message, details = []) {
    super(message);
    this.status = status;
    this.code = STATUS[status];
    this.details = details;
  }

  get body() {
    const { code, message, status, details } = this;
    return { error: { code, message, status, details } };
  }
}

/** @param {readonly {path: string, problem: string}[]} problems */
export const invalid = (problems) =>
  new GoogleError("INVALID_ARGUMENT", `Invalid JSON payload received. ${problems[0].path}: ${problems[0].problem}.`, [
    {
      "@type": "type.googleapis.com/google.rpc.BadRequest",
      fieldViolations: problems.map(({ path, problem }) => ({ field: path, description: problem })),
    },
  ]);

/** @param {string} reason */
export const unauthenticated = (reason) =>
  new GoogleError("UNAUTHENTICATED", "Request had invalid authentication credentials.", [
    { "@type": "type.googleapis.com/google.rpc.ErrorInfo", reason, domain: "googleapis.com", metadata: {} },
  ]);
