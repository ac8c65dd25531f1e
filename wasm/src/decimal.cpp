#include "decimal.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <limits>

namespace pst::decimal {

namespace {

constexpr int kMantissaBits = 52;
constexpr std::uint64_t kHiddenBit = std::uint64_t{1} << kMantissaBits;
/// The exponent of the unit in the last place of the smallest doubles.
constexpr int kMinExponent = -1074;
/// The exponent of the unit in the last place of the largest doubles.
constexpr int kMaxExponent = 971;

/// More digits than any double needs to be told from its neighbours (767); what follows them only matters as "more than
/// that".
constexpr std::size_t kUsefulDigits = 800;
/// Powers of ten beyond which every number with that many digits is infinite or zero.
constexpr int kMaxPower = 310;
constexpr int kMinPower = -330 - static_cast<int>(kUsefulDigits);

/// An unsigned integer of at most 4,096 bits: the largest here is 10^1130, and a mantissa times that.
class Big {
 public:
  // Words beyond the size are never read, and half a kilobyte is long to clear.
  explicit Big(std::uint64_t value) : size_(2) {  // NOLINT(cppcoreguidelines-pro-type-member-init)
    words_[0] = static_cast<std::uint32_t>(value);
    words_[1] = static_cast<std::uint32_t>(value >> kWordBits);
    trim();
  }

  void multiply_add(std::uint32_t factor, std::uint32_t addend) {
    std::uint64_t carry = addend;
    for (std::size_t i = 0; i < size_; ++i) {
      carry += std::uint64_t{words_[i]} * factor;
      words_[i] = static_cast<std::uint32_t>(carry);
      carry >>= kWordBits;
    }
    push(static_cast<std::uint32_t>(carry));
  }

  void multiply_by_power_of_ten(int power) {
    for (; power > 0; --power) multiply_add(10, 0);
  }

  void shift_left(int bits) {
    for (; bits >= kShift; bits -= kShift) multiply_add(1U << kShift, 0);
    multiply_add(1U << bits, 0);
  }

  void subtract(const Big& other) {
    std::int64_t borrow = 0;
    for (std::size_t i = 0; i < size_; ++i) {
      borrow += std::int64_t{words_[i]} - (i < other.size_ ? other.words_[i] : 0);
      words_[i] = static_cast<std::uint32_t>(borrow);
      borrow >>= kWordBits;
    }
    trim();
  }

  void add(const Big& other) {
    std::uint64_t carry = 0;
    const std::size_t size = std::max(size_, other.size_);
    for (std::size_t i = 0; i < size; ++i) {
      carry += std::uint64_t{i < size_ ? words_[i] : 0} + (i < other.size_ ? other.words_[i] : 0);
      words_[i] = static_cast<std::uint32_t>(carry);
      carry >>= kWordBits;
    }
    size_ = size;
    push(static_cast<std::uint32_t>(carry));
  }

  [[nodiscard]] int bits() const {
    return size_ == 0 ? 0 : static_cast<int>(size_) * kWordBits - std::countl_zero(words_[size_ - 1]);
  }

  [[nodiscard]] bool is_zero() const { return size_ == 0; }

  friend bool operator<(const Big& a, const Big& b) {
    if (a.size_ != b.size_) return a.size_ < b.size_;
    for (std::size_t i = a.size_; i-- > 0;) {
      if (a.words_[i] != b.words_[i]) return a.words_[i] < b.words_[i];
    }
    return false;
  }

 private:
  static constexpr int kWordBits = 32;
  static constexpr int kShift = 30;

  /// Appends a word, unless it would be a leading zero.
  void push(std::uint32_t word) {
    words_[size_++] = word;
    trim();
  }
  void trim() {
    while (size_ > 0 && words_[size_ - 1] == 0) --size_;
  }

  std::array<std::uint32_t, 128> words_;
  std::size_t size_ = 0;
};

/// a + b against c.
bool sum_exceeds(Big a, const Big& b, const Big& c, bool or_equals) {
  a.add(b);
  return or_equals ? !(a < c) : c < a;
}

}  // namespace

// Steele and White's algorithm with exact integers: value = r / s × 10^k; digits are generated until what is left lies
// within half the distance to the neighbouring doubles (m_below, m_above).
Decimal shortest(double value) {
  const auto bits = std::bit_cast<std::uint64_t>(value);
  const int biased = static_cast<int>(bits >> kMantissaBits);
  const std::uint64_t mantissa = biased == 0 ? bits : (bits & (kHiddenBit - 1)) | kHiddenBit;
  const int exponent = biased == 0 ? kMinExponent : kMinExponent + biased - 1;
  // Reading rounds ties to even, so an even number owns the borders of its interval.
  const bool even = (mantissa & 1U) == 0;
  // Below a power of two the neighbour is half as far away as above.
  const bool uneven_gap = mantissa == kHiddenBit && biased > 1;

  Big r(mantissa);
  Big s(uneven_gap ? 4 : 2);
  Big m_below(1);
  Big m_above(uneven_gap ? 2 : 1);
  r.multiply_add(uneven_gap ? 4 : 2, 0);
  if (exponent >= 0) {
    r.shift_left(exponent);
    m_below.shift_left(exponent);
    m_above.shift_left(exponent);
  } else {
    s.shift_left(-exponent);
  }

  // log10(2) ≈ 1233 / 4096; the estimate is at most one too small.
  const int log2 = exponent + 63 - std::countl_zero(mantissa);
  int k = (log2 * 1233) >> 12;
  if (k >= 0) {
    s.multiply_by_power_of_ten(k);
  } else {
    r.multiply_by_power_of_ten(-k);
    m_below.multiply_by_power_of_ten(-k);
    m_above.multiply_by_power_of_ten(-k);
  }
  while (sum_exceeds(r, m_above, s, even)) {
    s.multiply_add(10, 0);
    ++k;
  }

  Decimal decimal{.digits = {}, .exponent = k};
  for (;;) {
    r.multiply_add(10, 0);
    m_below.multiply_add(10, 0);
    m_above.multiply_add(10, 0);
    char digit = '0';
    while (!(r < s)) {
      r.subtract(s);
      ++digit;
    }
    const bool low = even ? !(m_below < r) : r < m_below;
    const bool high = sum_exceeds(r, m_above, s, even);
    if (low || high) {
      const bool odd = (digit - '0') % 2 != 0;  // where both are as close, the even digit
      const bool up = high && (!low || sum_exceeds(r, r, s, odd));
      decimal.digits += static_cast<char>(digit + (up ? 1 : 0));
      return decimal;
    }
    decimal.digits += digit;
  }
}

double parse(std::string_view number) {
  const bool negative = number.starts_with('-');
  Big numerator(0);
  std::size_t digits = 0;
  int power = 0;
  bool point = false;
  std::size_t i = negative ? 1 : 0;
  for (; i < number.size() && number[i] != 'e' && number[i] != 'E'; ++i) {
    if (number[i] == '.') {
      point = true;
      continue;
    }
    if (digits < kUsefulDigits) {
      numerator.multiply_add(10, static_cast<std::uint32_t>(number[i] - '0'));
      if (!numerator.is_zero()) ++digits;
      if (point) --power;
    } else {
      // Not worth its place, but enough to be more than a tie.
      if (digits == kUsefulDigits && number[i] != '0') {
        numerator.multiply_add(10, 1);
        ++digits;
        if (point) --power;
      } else if (!point) {
        ++power;
      }
    }
  }
  if (i < number.size()) {
    constexpr int kEnough = 100'000'000;
    ++i;
    const bool down = i < number.size() && number[i] == '-';
    if (i < number.size() && (number[i] == '-' || number[i] == '+')) ++i;
    int exponent = 0;
    for (; i < number.size(); ++i) exponent = std::min(kEnough, exponent * 10 + (number[i] - '0'));
    power += down ? -exponent : exponent;
  }
  const double sign = negative ? -1.0 : 1.0;
  if (numerator.is_zero() || power < kMinPower) return sign * 0.0;
  if (power > kMaxPower) return sign * std::numeric_limits<double>::infinity();

  // mantissa = numerator / denominator, scaled so that the quotient has the bits of a mantissa; then rounded.
  Big denominator(1);
  if (power >= 0) {
    numerator.multiply_by_power_of_ten(power);
  } else {
    denominator.multiply_by_power_of_ten(-power);
  }
  int exponent = std::max(numerator.bits() - denominator.bits() - kMantissaBits - 1, kMinExponent);
  if (exponent > kMaxExponent + 1) return sign * std::numeric_limits<double>::infinity();
  if (exponent >= 0) {
    denominator.shift_left(exponent);
  } else {
    numerator.shift_left(-exponent);
  }
  // Long division, one bit at a time.
  std::uint64_t mantissa = 0;
  constexpr int kQuotientBits = 54;
  denominator.shift_left(kQuotientBits);
  for (int bit = 0; bit <= kQuotientBits; ++bit) {
    mantissa <<= 1U;
    if (!(numerator < denominator)) {
      numerator.subtract(denominator);
      mantissa |= 1U;
    }
    numerator.shift_left(1);
  }
  // The loop has shifted the remainder once too often, so it is compared with the whole denominator, not with half of
  // it.
  if (mantissa >= kHiddenBit * 2) {
    const bool dropped = (mantissa & 1U) != 0;
    const bool more = !numerator.is_zero();
    mantissa >>= 1U;
    ++exponent;
    if (dropped && (more || (mantissa & 1U) != 0)) ++mantissa;
  } else {
    const bool above_half = denominator < numerator;
    const bool tie = !above_half && !(numerator < denominator);
    if (above_half || (tie && (mantissa & 1U) != 0)) ++mantissa;
  }
  if (mantissa == kHiddenBit * 2) {
    mantissa >>= 1U;
    ++exponent;
  }
  if (exponent > kMaxExponent) return sign * std::numeric_limits<double>::infinity();
  const std::uint64_t biased = mantissa < kHiddenBit ? 0 : static_cast<std::uint64_t>(exponent - kMinExponent + 1);
  return sign * std::bit_cast<double>((biased << kMantissaBits) | (mantissa & (kHiddenBit - 1)));
}

}  // namespace pst::decimal
