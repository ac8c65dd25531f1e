/**
 * What the platform has written of a finished chat before any record is merged into it: a human agent handled it.
 *
 * @param {string} session
 */
export function platformMetadata(session) {
  return {
    id: /^\d{1,15}$/.test(session) ? Number(session) : session,
    lang: "en",
    session_type: "chat",
    chat_type: "Messaging Inbound (Web Chat)",
    status: "finished",
    created_at: "2026-01-01T10:00:00.000Z",
    assigned_at: "2026-01-01T10:00:20.000Z",
    ends_at: "2026-01-01T10:09:00.000Z",
    wait_duration: 20,
    chat_duration: 520,
    selected_menu: { id: 502, name: "Orders" },
    agent_info: {
      id: 9,
      name: "Kim",
      email: "kim@halden-pine.example",
      first_name: "Kim",
      last_name: "Berg",
      agent_number: "9",
      avatar_url: null,
    },
    participants: [
      { type: "end_user", id: 5 },
      { type: "agent", id: 9 },
    ],
  };
}
