import { byId, el } from "./dom.js";
import { scenarios } from "./scenarios.js";
import { Sensitive } from "./sensitive.js";

const longest = 200_000;

/** The reasons that the scenarios lead to, in words. */
const reasons = new Map([
  ["eligible", "Every check passed, and nobody has to be asked."],
  ["opt_in_required", "Every check passed. The person is asked first."],
  [
    "mobile_sdk_unsupported",
    "Post-session transfers are not available for the mobile SDKs. A phone’s browser with web SDK V3 works.",
  ],
  ["ended_by_not_eligible", "Who or what ended the chat is not among those that the rules allow."],
  ["queue_disabled", "This queue’s chat routing is off."],
]);

/** The panel for QA: what was chosen, what was decided and why, what happened, what arrived. */
export class Workbench {
  #tooLong = "";
  #sensitive = new Sensitive();

  /** @type {(id: string) => void} */
  onScenario = () => {};
  /** @type {(text: string) => void} */
  onApply = () => {};
  /** @type {(kind: string) => void} */
  onFault = () => {};
  /** @type {(service: "crm" | "files", kind: string) => void} */
  onRecordsFault = () => {};

  constructor() {
    const select = byId("scenario");
    for (const group of new Set(scenarios.map((scenario) => scenario.group))) {
      const options = scenarios.filter((scenario) => scenario.group === group);
      select.append(
        el("optgroup", { label: group }, ...options.map(({ id, label }) => el("option", { value: id, text: label }))),
      );
    }
    select.addEventListener("change", () => this.onScenario(select.value));
    byId("apply").addEventListener("click", () => this.onApply(this.#tooLong || byId("settings").value));
    byId("settings").addEventListener("input", () => {
      this.#tooLong = "";
    });
    byId("fault").addEventListener("change", (/** @type {any} */ event) => this.onFault(event.target.value));
    for (const service of /** @type {const} */ (["crm", "files"])) {
      byId(`${service}-fault`).addEventListener("change", (/** @type {any} */ event) =>
        this.onRecordsFault(service, event.target.value),
      );
    }
  }

  /** @param {Record<"agent-ends" | "chat-times-out" | "restart" | "refresh", () => void>} handlers */
  onButtons(handlers) {
    for (const [id, handler] of Object.entries(handlers)) byId(id).addEventListener("click", handler);
  }

  /** @param {string} text */
  build(text) {
    byId("bench-build").textContent = text;
  }

  /** @param {string} text */
  alert(text) {
    byId("bench-alert").textContent = text;
  }

  /** Settings come into force: what they call sensitive is not shown from now on. @param {string} settings */
  inForce(settings) {
    this.#sensitive.learn(settings);
  }

  /** @param {import("./scenarios.js").Scenario} scenario @param {string} settings */
  scenario(scenario, settings) {
    this.inForce(settings);
    byId("scenario").value = scenario.id;
    byId("scenario-about").textContent = scenario.about;
    this.#tooLong = settings.length > longest ? settings : "";
    byId("settings").value = this.#tooLong
      ? `(${settings.length.toLocaleString("en")} characters of settings, not shown)`
      : settings;
  }

  /** Ready for the next chat. */
  clear() {
    byId("settings-error").hidden = true;
    byId("settings-errors").replaceChildren();
    byId("events").replaceChildren();
    this.alert("");
    byId("decision").replaceChildren(el("p", { class: "empty", text: "Made when the chat ends." }));
    byId("outcome").replaceChildren(el("p", { class: "empty", text: "None yet." }));
    byId("events").append(el("li", { class: "empty", text: "Nothing yet." }));
  }

  /** The agent can end a chat only while there is one. @param {boolean} on */
  live(on) {
    for (const id of ["agent-ends", "chat-times-out"]) byId(id).setAttribute("aria-disabled", String(!on));
  }

  /** @param {any} error A `SettingsError`, or anything else that kept the transfer from starting. */
  refused(error) {
    const findings =
      Array.isArray(error.errors) && error.errors.length > 0
        ? error.errors
        : [{ code: error.code ?? error.name, pointer: null, message: error.message }];
    byId("settings-errors").replaceChildren(
      ...findings.map((/** @type {any} */ finding) =>
        el(
          "li",
          {},
          el(
            "p",
            { class: "error-head" },
            el("code", { class: "error-code", text: finding.code }),
            el("code", { class: "error-pointer", text: place(finding) }),
          ),
          el("p", { text: finding.message }),
        ),
      ),
    );
    const settingsAreBad = error.name === "SettingsError";
    byId("settings-error-title").textContent = settingsAreBad ? "Settings refused" : "The module did not start";
    byId("settings-error").hidden = false;
    byId("outcome").replaceChildren(badge("no flow", error.code ?? error.name));
    byId("decision").replaceChildren(
      el("p", { class: "empty", text: settingsAreBad ? "None: the settings were refused." : "None." }),
    );
  }

  /** @param {any} decision */
  decision(decision) {
    const records = Object.entries(decision.data_records).flatMap(([name, on]) => (on ? [name] : []));
    const facts = [
      ["Level", decision.level],
      ["Virtual agent", decision.virtual_agent],
      ["Opt-in", decision.opt_in ? "asked" : "not asked"],
      ["Records", records.join(", ")],
      ["Conflicts", (decision.conflicts ?? []).join(", ")],
    ].filter(([, value]) => value);
    const rows = decision.trace.map((/** @type {any} */ row) =>
      el(
        "tr",
        { class: row.passed ? null : "failed" },
        el("th", { scope: "row" }, el("code", { text: row.check })),
        el(
          "td",
          {},
          el(
            "span",
            { class: `mark ${row.passed ? "mark-yes" : "mark-no"}` },
            el("span", { class: "visually-hidden", text: row.passed ? "passed" : "failed" }),
          ),
        ),
        el("td", {}, el("code", { text: row.value === null ? "–" : String(row.value) })),
        el("td", {}, el("code", { class: "pointer", text: row.pointer ?? "–" })),
      ),
    );
    byId("decision").replaceChildren(
      badge(decision.outcome, decision.reason),
      reasons.has(decision.reason) ? el("p", { class: "panel-about", text: reasons.get(decision.reason) ?? "" }) : "",
      el(
        "dl",
        { class: "facts" },
        ...facts.map(([name, value]) =>
          el("div", {}, el("dt", { text: String(name) }), el("dd", { text: String(value) })),
        ),
      ),
      el(
        "div",
        { class: "table-scroll", role: "region", "aria-label": "Trace of the decision", tabindex: 0 },
        el(
          "table",
          { class: "trace" },
          el(
            "thead",
            {},
            el(
              "tr",
              {},
              ...["Check", "Result", "Value", "Setting"].map((text) =>
                text === "Result"
                  ? el("th", { scope: "col" }, el("span", { class: "visually-hidden", text }))
                  : el("th", { scope: "col", text }),
              ),
            ),
          ),
          el("tbody", {}, ...rows),
        ),
      ),
    );
  }

  /** @param {any} outcome */
  outcome(outcome) {
    byId("outcome").replaceChildren(badge(outcome.outcome, outcome.reason));
  }

  /** @param {string} name @param {any} data */
  event(name, data) {
    const list = byId("events");
    list.querySelector(".empty")?.remove();
    list.append(
      el(
        "li",
        { "data-event": name },
        el(
          "details",
          {},
          el("summary", {}, el("code", { text: name }), el("span", { class: "event-brief", text: brief(name, data) })),
          el("pre", {
            class: "code",
            tabindex: 0,
            role: "group",
            "aria-label": `Data of ${name}`,
            text: JSON.stringify(data, null, 2),
          }),
        ),
      ),
    );
  }

  /** @param {any} report What `/qa/endpoint` answers. */
  received(report) {
    for (const input of byId("fault").querySelectorAll("input")) input.checked = input.value === report.fault;
    const posts = report.requests.filter(
      (/** @type {any} */ { method, path }) => method === "POST" && path === "/handoff",
    );
    byId("received").replaceChildren(
      el(
        "dl",
        { class: "counts" },
        ...[
          ["Hand-offs accepted", report.handoffs.length],
          ["POSTs of hand-offs", posts.length],
          ["Requests in all", report.requests.length],
        ].map(([name, value]) => el("div", {}, el("dt", { text: String(name) }), el("dd", { text: String(value) }))),
      ),
      ...report.handoffs
        .slice(-3)
        .reverse()
        .map((/** @type {any} */ handoff, /** @type {number} */ index) =>
          el(
            "details",
            { class: "handoff", open: index === 0 },
            el(
              "summary",
              {},
              el("code", { text: handoff.key }),
              el("span", { class: "event-brief", text: `survey ${handoff.survey.state}` }),
            ),
            el("pre", {
              class: "code",
              tabindex: 0,
              role: "group",
              "aria-label": "Envelope",
              text: this.#sensitive.json(handoff.body),
            }),
          ),
        ),
    );
    this.#note("received");
  }

  /** @param {any} report What `/qa/records` answers. */
  recorded({ crm, files }) {
    byId("crm-fault").value = crm.fault;
    byId("files-fault").value = files.fault;
    byId("crm-comments").replaceChildren(
      ...latest(crm.comments, (comment) =>
        shown(
          comment.session_id ? `session ${comment.session_id}` : comment.handoff_id,
          comment.record,
          "Comment in the CRM",
          this.#sensitive.lines(comment.text),
        ),
      ),
    );
    byId("metadata-files").replaceChildren(
      ...latest(files.files, ({ session, metadata, kept }) =>
        shown(
          `${session}/metadata.json`,
          kept.length === 0 ? "" : `not written: ${kept.join(", ")}`,
          "Session metadata file",
          this.#sensitive.json(metadata),
        ),
      ),
    );
    for (const id of ["crm-comments", "metadata-files"]) this.#note(id);
  }

  /** Says that a panel leaves something out. @param {string} id */
  #note(id) {
    const panel = byId(id);
    if (this.#sensitive.hides(panel.textContent))
      panel.append(el("p", { class: "panel-about", text: "*** was received: a sensitive value, hidden here." }));
  }
}

/** The last three of what a service holds, the latest first and open. @param {any[]} entries @param {(entry: any) => HTMLElement[]} parts */
function latest(entries, parts) {
  if (entries.length === 0) return [el("p", { class: "empty", text: "Nothing yet." })];
  return entries
    .slice(-3)
    .reverse()
    .map((entry, index) => el("details", { class: "handoff", open: index === 0 }, ...parts(entry)));
}

/** @param {string} head @param {string} brief @param {string} label @param {string} text */
function shown(head, brief, label, text) {
  return [
    el("summary", {}, el("code", { text: head }), el("span", { class: "event-brief", text: brief })),
    el("pre", { class: "code", tabindex: 0, role: "group", "aria-label": label, text }),
  ];
}

/** @param {string} name @param {string} reason */
function badge(name, reason) {
  const tone =
    {
      ask: "good",
      transfer: "good",
      completed: "good",
      transferred: "good",
      reject: "bad",
      rejected: "bad",
      failed: "bad",
    }[name] ?? "calm";
  return el(
    "p",
    { class: "verdict" },
    el("strong", { class: `badge badge-${tone}`, text: name }),
    el("code", { text: reason ?? "" }),
  );
}

/** @param {any} finding */
function place(finding) {
  const at = finding.line === undefined ? "" : `line ${finding.line}, column ${finding.column}`;
  if (finding.pointer === null) return at;
  return finding.pointer === "" ? at || "whole document" : `${finding.pointer}${at && ` (${at})`}`;
}

/** @param {string} name @param {any} data */
function brief(name, data) {
  if (data === null) return "away";
  if (typeof data !== "object") return String(data);
  if (name === "decision" || name === "outcome") return `${data.outcome} · ${data.reason}`;
  if (name === "handoff") {
    return [data.state, `attempt ${data.attempt}`, data.status, data.reason].filter(Boolean).join(" · ");
  }
  if (name === "prompt") return [data.kind, data.reason].filter(Boolean).join(" · ");
  const text = Object.entries(data)
    .filter(([, value]) => value !== null && typeof value !== "object")
    .map(([key, value]) => `${key} ${value}`)
    .join(" · ");
  return text.length > 80 ? `${text.slice(0, 79)}…` : text;
}
