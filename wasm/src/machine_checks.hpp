#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <initializer_list>

#include "pst/names.hpp"

/// What must hold of every transition table, checked at compile time. A row has `from`, `event`, `guard` (with a value
/// `always`) and `to`.
namespace pst::machine {

/// No row of one {state, event} follows an unguarded one or repeats a guard: it could never be taken.
template <typename Row, std::size_t N>
constexpr bool no_dead_rows(const std::array<Row, N>& table) {
  for (std::size_t i = 0; i < N; ++i) {
    for (std::size_t j = i + 1; j < N; ++j) {
      const bool same = table[i].from == table[j].from && table[i].event == table[j].event;
      if (same && (table[i].guard == decltype(table[i].guard)::always || table[i].guard == table[j].guard))
        return false;
    }
  }
  return true;
}

template <typename State, typename Row, std::size_t N>
constexpr bool all_reachable(const std::array<Row, N>& table, State start) {
  constexpr std::size_t kStates = kNames<State>.size();
  std::array<bool, kStates> seen{};
  seen[static_cast<std::size_t>(start)] = true;
  for (std::size_t round = 0; round < kStates; ++round) {
    for (const Row& row : table) {
      if (seen[static_cast<std::size_t>(row.from)]) seen[static_cast<std::size_t>(row.to)] = true;
    }
  }
  return std::ranges::all_of(seen, [](bool reached) { return reached; });
}

/// Every state but the final ones has a row that leaves it.
template <typename State, typename Row, std::size_t N>
constexpr bool all_lead_on(const std::array<Row, N>& table, std::initializer_list<State> finals) {
  for (std::size_t state = 0; state < kNames<State>.size(); ++state) {
    const auto current = static_cast<State>(state);
    const bool is_final = std::ranges::find(finals, current) != finals.end();
    const bool leaves =
        std::ranges::any_of(table, [&](const Row& row) { return row.from == current && row.to != current; });
    if (leaves == is_final) return false;
  }
  return true;
}

}  // namespace pst::machine
