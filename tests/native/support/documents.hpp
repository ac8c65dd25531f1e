#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "dom.hpp"
#include "pst/session.hpp"
#include "pst/settings.hpp"

/// Documents that tests start from and change, and how they are read.
namespace pst::test {

/// A version and one agent, "orders", that serves chats and calls by webhook.
Json minimal_settings();
/// `minimal_settings` with an enabled chat block.
Json chat_settings();
/// The document of the contract, with everything in it.
Json full_settings();

/// A web chat that a human agent ended: nothing in it stands in the way of a transfer.
Json chat_session();
/// A plain inbound phone call: no SDK takes part.
Json call_session();

/// A position in a document, as a JSON Pointer: `at(document, "/chat/opt_in") = true`. Makes the members that are not
/// there.
Json& at(Json& document, std::string_view pointer);

/// Reads a settings document with the facts that a platform's URL parser would give.
SettingsReport read_settings_text(std::string_view text);
SettingsReport read_settings(const Json& document);
/// Settings that must load; a failure to do so fails the test and gives empty settings.
std::shared_ptr<const Settings> settings_of(const Json& document);

/// A session that must be readable; a failure aborts, because nothing else can be tested.
Session session_of(const Json& session);

/// `code pointer` of each finding, in its order: `{"field_missing /chat/virtual_agent"}`.
std::vector<std::string> summary(const std::vector<Finding>& findings);

}  // namespace pst::test
