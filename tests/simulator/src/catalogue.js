import { SdkError } from "./errors.js";

/**
 * What a client can look up before there is a chat.
 *
 * @typedef {object} Menu A queue. `key` is its direct access key.
 * @property {number} id
 * @property {string} name
 * @property {string} [key]
 *
 * @typedef {object} CatalogueOptions
 * @property {Menu[]} menus
 * @property {string} lang
 * @property {Record<string, unknown>} company Fields that differ from the simulated company.
 * @property {{ chat: number, voice_call: number }} waitTimes Seconds.
 * @property {Record<string, unknown> | null} trigger The proactive trigger that matches the page.
 * @property {string} afterHourMessage
 * @property {Record<string, unknown>} featureFlags
 * @property {() => number} now
 */

const quarterHour = 15 * 60_000;
const slotsOffered = 10;

export class Catalogue {
  #options;

  /** @param {CatalogueOptions} options */
  constructor(options) {
    this.#options = options;
  }

  company() {
    return {
      name: "Simulated company",
      subdomain: "simulated",
      support_email: "help@example.com",
      languages: [{ label: "English", value: this.#options.lang }],
      action_tracking: false,
      email_transcripts: false,
      message_preview: true,
      email_enhancement: false,
      ...this.#options.company,
    };
  }

  /** @param {string} [key] */
  menus(key) {
    const chosen = key === undefined ? this.#options.menus : this.#options.menus.filter((menu) => menu.key === key);
    return {
      menus: chosen.map(({ id, name }) => ({ id, name, enabled: true, channels: ["chat"] })),
      direct: { key: key !== undefined && chosen.length > 0, user: false },
    };
  }

  /** @param {number | string} menuId */
  menu(menuId) {
    const menu = this.#options.menus.find(({ id }) => String(id) === String(menuId));
    if (!menu) throw new SdkError(404, "There is no such menu.");
    return { id: menu.id, name: menu.name };
  }

  /** @param {number | string} menuId */
  waitTimes(menuId) {
    this.menu(menuId);
    return { ...this.#options.waitTimes };
  }

  /** Quarter hours from the next full one on, written as in the reference. @param {number | string} menuId */
  timeSlots(menuId) {
    this.menu(menuId);
    const first = Math.ceil(this.#options.now() / quarterHour) * quarterHour;
    return Array.from({ length: slotsOffered }, (_, index) => {
      const [day, time] = new Date(first + index * quarterHour).toISOString().split("T");
      return `${day} ${time.slice(0, 5)} +0000`;
    });
  }

  /** Undocumented: what it looks like. @param {number | string} menuId */
  timeSlotAvailability(menuId) {
    return { menu_id: this.menu(menuId).id, available: true };
  }

  trigger() {
    return this.#options.trigger;
  }

  afterHourMessage() {
    return this.#options.afterHourMessage;
  }

  featureFlags() {
    return { ...this.#options.featureFlags };
  }
}
