#include "engine/model/resources.h"

#include "engine/model/json_text.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <utility>

namespace univrs::model {

namespace {

int64_t addSaturating(int64_t a, int64_t b) {
  int64_t out = 0;
  if (__builtin_add_overflow(a, b, &out)) {
    return b > 0 ? INT64_MAX : INT64_MIN;
  }
  return out;
}

int64_t subSaturating(int64_t a, int64_t b) {
  int64_t out = 0;
  if (__builtin_sub_overflow(a, b, &out)) {
    return b < 0 ? INT64_MAX : INT64_MIN;
  }
  return out;
}

// Nearest whole MiB, half away from zero.
int64_t toMib(int64_t bytes) {
  constexpr int64_t unit = 1 << 20;
  const int64_t whole = bytes / unit;
  const int64_t rest = bytes % unit;
  return whole + (rest >= unit / 2 ? 1 : rest <= -unit / 2 ? -1 : 0);
}

// A decimal number as an integer times a power of ten, exactly: "1.25e3" -> 125, 1.
struct Decimal {
  int64_t digits = 0;
  int exponent = 0;
};

// Reads [0-9]*[.[0-9]*][(e|E)[+-][0-9]+] from the front of `text` and cuts it off. An 'E' not followed by a number is a
// suffix (exa), as in Kubernetes.
std::optional<Decimal> takeDecimal(std::string_view& text) {
  Decimal d;
  size_t i = 0;
  bool any = false;
  bool point = false;
  for (; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '.' && !point) {
      point = true;
    } else if (c >= '0' && c <= '9') {
      any = true;
      if (__builtin_mul_overflow(d.digits, int64_t(10), &d.digits) ||
          __builtin_add_overflow(d.digits, int64_t(c - '0'), &d.digits)) {
        return std::nullopt;
      }
      d.exponent -= point ? 1 : 0;
    } else {
      break;
    }
  }
  if (!any) {
    return std::nullopt;
  }
  if (i < text.size() && (text[i] == 'e' || text[i] == 'E')) {
    size_t j = i + 1;
    const bool negative = j < text.size() && text[j] == '-';
    if (j < text.size() && (text[j] == '+' || text[j] == '-')) {
      ++j;
    }
    int e = 0;
    const size_t first = j;
    for (; j < text.size() && text[j] >= '0' && text[j] <= '9' && e < 1000; ++j) {
      e = e * 10 + (text[j] - '0');
    }
    if (j > first) {
      if (j < text.size()) {
        return std::nullopt; // an exponent and a suffix together
      }
      d.exponent += negative ? -e : e;
      i = j;
    }
  }
  text.remove_prefix(i);
  return d;
}

// digits · 10^exponent · factor / divisor, when it is whole and fits.
std::optional<int64_t> scaled(Decimal d, int64_t factor, int64_t divisor) {
  if (d.digits == 0) {
    return 0;
  }
  while (d.exponent < 0 && d.digits % 10 == 0) {
    d.digits /= 10;
    ++d.exponent;
  }
  if (d.exponent > 18 || d.exponent < -18) {
    return std::nullopt;
  }
  __extension__ using Wide = __int128; // 63 bits of digits times at most 60 bits of factor fit
  Wide v = Wide(d.digits) * factor;
  for (; d.exponent > 0; --d.exponent) {
    v *= 10;
    if (v > Wide(INT64_MAX) * 1000) {
      return std::nullopt;
    }
  }
  for (; d.exponent < 0; ++d.exponent) {
    if (v % 10 != 0) {
      return std::nullopt;
    }
    v /= 10;
  }
  if (v % divisor != 0 || v / divisor > INT64_MAX) {
    return std::nullopt;
  }
  return int64_t(v / divisor);
}

base::Error badQuantity(std::string_view text, std::string why, std::string hint) {
  return base::makeError(base::ErrorCode::Validation, "\"" + std::string(text.substr(0, 40)) + "\" is not a quantity",
                         std::move(why), std::move(hint));
}

} // namespace

Resources& Resources::operator+=(const Resources& other) {
  cpuMillicores = addSaturating(cpuMillicores, other.cpuMillicores);
  memoryBytes = addSaturating(memoryBytes, other.memoryBytes);
  diskBytes = addSaturating(diskBytes, other.diskBytes);
  gpus = addSaturating(gpus, other.gpus);
  for (const auto& [k, v] : other.extended) {
    auto& mine = extended[k];
    mine = addSaturating(mine, v);
  }
  std::erase_if(extended, [](const auto& e) { return e.second == 0; });
  return *this;
}

Resources& Resources::operator-=(const Resources& other) {
  cpuMillicores = subSaturating(cpuMillicores, other.cpuMillicores);
  memoryBytes = subSaturating(memoryBytes, other.memoryBytes);
  diskBytes = subSaturating(diskBytes, other.diskBytes);
  gpus = subSaturating(gpus, other.gpus);
  for (const auto& [k, v] : other.extended) {
    auto& mine = extended[k];
    mine = subSaturating(mine, v);
  }
  std::erase_if(extended, [](const auto& e) { return e.second == 0; });
  return *this;
}

bool Resources::covers(const Resources& asked) const {
  return asked.cpuMillicores <= cpuMillicores && asked.memoryBytes <= memoryBytes && asked.diskBytes <= diskBytes &&
         asked.gpus <= gpus && std::all_of(asked.extended.begin(), asked.extended.end(), [this](const auto& e) {
           const auto it = extended.find(e.first);
           return e.second <= (it == extended.end() ? 0 : it->second);
         });
}

bool Resources::isZero() const {
  return cpuMillicores == 0 && memoryBytes == 0 && diskBytes == 0 && gpus == 0 &&
         std::all_of(extended.begin(), extended.end(), [](const auto& e) { return e.second == 0; });
}

Resources operator+(Resources a, const Resources& b) {
  return a += b;
}
Resources operator-(Resources a, const Resources& b) {
  return a -= b;
}

QJsonObject toJson(const Resources& r) {
  QJsonObject out;
  if (r.cpuMillicores != 0) {
    out.insert(QStringLiteral("cpu_cores"), r.cpuMillicores % 1000 == 0 ? QJsonValue(qint64(r.cpuMillicores / 1000))
                                                                        : QJsonValue(double(r.cpuMillicores) / 1000.0));
    out.insert(QStringLiteral("cpu_millicores"), qint64(r.cpuMillicores));
  }
  if (r.memoryBytes != 0) {
    out.insert(QStringLiteral("memory_mb"), qint64(toMib(r.memoryBytes)));
    out.insert(QStringLiteral("memory_bytes"), qint64(r.memoryBytes));
  }
  if (r.diskBytes != 0) {
    out.insert(QStringLiteral("disk_mb"), qint64(toMib(r.diskBytes)));
    out.insert(QStringLiteral("disk_bytes"), qint64(r.diskBytes));
  }
  if (r.gpus != 0) {
    out.insert(QStringLiteral("gpus"), qint64(r.gpus));
  }
  QJsonObject extended;
  for (const auto& [k, v] : r.extended) {
    if (v != 0) {
      extended.insert(toQString(k), qint64(v));
    }
  }
  if (!extended.isEmpty()) {
    out.insert(QStringLiteral("extended"), extended);
  }
  return out;
}

base::Result<int64_t> parseCpuQuantity(std::string_view text) {
  constexpr std::string_view hint = "write cores as \"0.5\" or millicores as \"500m\"";
  std::string_view rest = text;
  const auto d = text.size() > 40 ? std::nullopt : takeDecimal(rest);
  if (!d || (!rest.empty() && rest != "m" && rest != "k")) {
    return badQuantity(text, "not an amount of CPU", std::string(hint));
  }
  const auto v = scaled(*d, rest == "k" ? 1'000'000 : rest == "m" ? 1 : 1000, 1);
  if (!v) {
    return badQuantity(text, "it is finer than a millicore, or too large", std::string(hint));
  }
  return *v;
}

base::Result<int64_t> parseByteQuantity(std::string_view text) {
  constexpr std::string_view hint = "write \"256Mi\", \"1G\" or a number of bytes";
  static constexpr std::array<std::pair<std::string_view, int64_t>, 13> units{{{"", 1},
                                                                               {"k", 1'000},
                                                                               {"M", 1'000'000},
                                                                               {"G", 1'000'000'000},
                                                                               {"T", 1'000'000'000'000},
                                                                               {"P", 1'000'000'000'000'000},
                                                                               {"E", 1'000'000'000'000'000'000},
                                                                               {"Ki", int64_t(1) << 10},
                                                                               {"Mi", int64_t(1) << 20},
                                                                               {"Gi", int64_t(1) << 30},
                                                                               {"Ti", int64_t(1) << 40},
                                                                               {"Pi", int64_t(1) << 50},
                                                                               {"Ei", int64_t(1) << 60}}};
  std::string_view rest = text;
  const auto d = text.size() > 40 ? std::nullopt : takeDecimal(rest);
  if (!d) {
    return badQuantity(text, "not an amount of memory or disk", std::string(hint));
  }
  int64_t factor = 0;
  int64_t divisor = 1;
  for (const auto& [suffix, f] : units) {
    if (rest == suffix) {
      factor = f;
    }
  }
  if (rest == "m") { // Kubernetes allows thousandths of a byte, whole bytes are all that make sense
    factor = 1;
    divisor = 1000;
  }
  if (factor == 0) {
    return badQuantity(text, "\"" + std::string(rest) + "\" is not a unit", std::string(hint));
  }
  const auto v = scaled(*d, factor, divisor);
  if (!v) {
    return badQuantity(text, "it is not a whole number of bytes, or too large", std::string(hint));
  }
  return *v;
}

std::string formatCpu(int64_t millicores) {
  if (millicores % 1000 == 0) {
    return std::to_string(millicores / 1000);
  }
  if (millicores > -1000 && millicores < 1000) {
    return std::to_string(millicores) + "m";
  }
  char text[40];
  std::snprintf(text, sizeof text, "%.3f", double(millicores) / 1000.0);
  std::string out = text;
  while (out.back() == '0') {
    out.pop_back();
  }
  return out;
}

std::string formatBytes(int64_t bytes) {
  static constexpr std::array<const char*, 6> units{"KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};
  const double size = double(bytes < 0 ? -double(bytes) : double(bytes));
  if (size < 1024) {
    return std::to_string(bytes) + " B";
  }
  double v = size / 1024;
  size_t unit = 0;
  while (v >= 1023.95 && unit + 1 < units.size()) {
    v /= 1024;
    ++unit;
  }
  char text[40];
  std::snprintf(text, sizeof text, "%s%.1f", bytes < 0 ? "-" : "", v);
  std::string out = text;
  if (out.size() > 2 && out.compare(out.size() - 2, 2, ".0") == 0) {
    out.resize(out.size() - 2);
  }
  return out + " " + units[unit];
}

} // namespace univrs::model
