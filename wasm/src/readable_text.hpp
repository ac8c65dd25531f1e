#pragma once

#include <cstddef>
#include <string>
#include <string_view>

/// Hostile text on its way to where people read it.
namespace pst {

/// The text on one line: line breaks, control characters and marks that turn the direction of writing become blanks.
/// `text` is valid UTF-8.
std::string one_line(std::string_view text);

/// The text, or so much of it that it takes at most `bytes` with the mark `…` after it. Never cut inside a character as
/// people see one: what belongs to the character before it (accents, modifiers, joined emoji) stays or goes with it.
/// `bytes` has room for the mark.
std::string shortened(std::string_view text, std::size_t bytes);

/// The beginning of a text: so many characters as people see them, if these take about eight bytes each at most.
std::string_view first_characters(std::string_view text, std::size_t count);

}  // namespace pst
