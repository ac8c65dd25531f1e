#pragma once

#include <cstddef>
#include <cstdint>

/// Every limit of the core, in one place. Sizes of text are in bytes of UTF-8 unless a name says characters (Unicode
/// code points).
namespace pst::limits {

inline constexpr std::size_t kTextBytes = std::size_t{4} * 1024 * 1024;
inline constexpr std::size_t kDepth = 32;
/// Beside a session's facts, what a flow is told when it begins: the host's choices, and what was saved.
inline constexpr std::size_t kBesideSessionBytes = std::size_t{256} * 1024;
inline constexpr std::size_t kReportedErrors = 100;
/// A key in a pointer is cut after so much: a hundred errors below one long key must not fill the memory.
inline constexpr std::size_t kPointerTokenBytes = 256;
inline constexpr double kMaxSafeInteger = 9007199254740991.0;

inline constexpr std::size_t kIdCharacters = 128;
inline constexpr std::size_t kNameCharacters = 256;
inline constexpr std::size_t kFieldCharacters = 128;
inline constexpr std::size_t kParameters = 100;
inline constexpr std::size_t kValueBytes = 2048;
inline constexpr std::size_t kBodyBytes = std::size_t{32} * 1024;
/// A value in a CRM's text, which is shortened; the whole value is in the hand-off and in the metadata.
inline constexpr std::size_t kCrmValueBytes = 1'000;
/// A CRM's text. The comment fields of common CRMs hold so much.
inline constexpr std::size_t kCrmTextBytes = 4'000;

inline constexpr std::uint32_t kPromptTimeoutMinSeconds = 20;
inline constexpr std::uint32_t kPromptTimeoutMaxSeconds = 3600;

/// Before the time to answer is over the person is told, and has at least so long to ask for more (WCAG 2.2.1).
inline constexpr std::uint32_t kPromptWarningSeconds = 20;
/// A value in the list of what will be shared is cut after so much.
inline constexpr std::size_t kSharedCharacters = 200;
/// What a virtual agent says in its first answer, as far as the card shows it.
inline constexpr std::size_t kShownMessages = 5;
inline constexpr std::size_t kMessageCharacters = 500;
inline constexpr std::uint32_t kProvideMs = 10'000;

inline constexpr std::uint8_t kAttempts = 10;
inline constexpr std::uint32_t kAttemptMs = 8'000;
inline constexpr std::uint32_t kBudgetMs = 30'000;
inline constexpr std::uint32_t kBackoffBaseMs = 500;
inline constexpr std::uint32_t kBackoffCapMs = 8'000;
inline constexpr std::uint32_t kStallMs = 120'000;
/// What was saved longer ago is not gone on with.
inline constexpr double kSavedMs = 1'800'000;
/// How long a virtual agent is awaited in the chat after a hand-off through the platform.
inline constexpr std::uint32_t kVirtualAgentMs = 120'000;
/// How long a skip waits for signals of the SDK that are still on their way: the platform's flags may come after the
/// first sign that a chat has ended.
inline constexpr std::uint32_t kSettleMs = 500;
/// How long a hand-off waits for the network to come back before the person is asked whether to go on.
inline constexpr std::uint32_t kOfflineMs = 1'800'000;

/// Outside these milliseconds since the epoch a JavaScript Date is invalid.
inline constexpr double kDateMs = 8.64e15;

}  // namespace pst::limits
