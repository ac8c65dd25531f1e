#pragma once

#include <expected>
#include <optional>
#include <string_view>

#include "pst/messages.hpp"
#include "pst/settings.hpp"

/// What a consumer may give in a field.
namespace pst::fields {

/// The value that a text stands for, nothing for an empty one; or what is wrong with it.
std::expected<std::optional<Scalar>, MessageKey> judge(const DataParameter& parameter, std::string_view text);

}  // namespace pst::fields
