#include "model/needs.hpp"

#include "base/text.hpp"
#include "model/policy.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace sched::model {
namespace {

constexpr std::int64_t k_most = std::int64_t{1} << 52U;  // of thousandths: 4 T
constexpr std::string_view k_units = "kMGT";
constexpr std::size_t k_most_others = 8;

base::Error no_amount(std::string_view text) {
  return base::bad_input(fmt::format("{} is no amount", base::quote(text)),
                         "a positive number such as 2, 0.5 or 4G (k, M, G, T: powers of 1024)");
}

bool is_name(std::string_view name) {
  return !name.empty() && name.size() <= 64 && std::all_of(name.begin(), name.end(), [](char c) {
    return base::is_letter(c) || base::is_digit(c) ||
           std::string_view("_.-/").find(c) != std::string_view::npos;
  });
}

base::Error no_name(const char* what, std::string_view name) {
  return base::bad_input(fmt::format("{} is no name of a {}", base::quote(name), what),
                         "letters, digits and _ . - / are allowed, at most 64");
}

template <typename Named>
bool add(std::vector<Named>& all, Named one, std::string Named::*name) {
  const auto place =
      std::lower_bound(all.begin(), all.end(), one,
                       [&](const Named& a, const Named& b) { return a.*name < b.*name; });
  if (place != all.end() && (*place).*name == one.*name) {
    return false;
  }
  all.insert(place, std::move(one));
  return true;
}

std::string joined(const std::vector<Lock>& locks) {
  std::vector<std::string> words;
  for (const Lock& lock : locks) {
    words.push_back(to_string(lock));
  }
  return base::join(words, ",");
}

/// A path without the characters that part the text of needs.
std::string escaped(std::string_view path) {
  std::string text;
  for (const char c : path) {
    text += std::string_view("%,;=").find(c) == std::string_view::npos
                ? std::string(1, c)
                : fmt::format("%{:02X}", static_cast<unsigned char>(c));
  }
  return text;
}

std::string unescaped(std::string_view text) {
  std::string path;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%' || i + 2 >= text.size()) {
      path += text[i];
      continue;
    }
    const auto digit = [&](std::size_t at) {
      return static_cast<int>(std::string_view("0123456789ABCDEF").find(text[at]));
    };
    path += static_cast<char>(digit(i + 1) * 16 + digit(i + 2));
    i += 2;
  }
  return path;
}

}  // namespace

base::Result<std::int64_t> parse_amount(std::string_view text) {
  std::string_view digits = text;
  std::int64_t unit = 1;
  if (!digits.empty()) {
    const std::size_t at = k_units.find(digits.back());
    if (at != std::string_view::npos) {
      unit = std::int64_t{1} << (10 * (at + 1));
      digits.remove_suffix(1);
    }
  }
  const std::size_t point = digits.find('.');
  const std::string_view whole = digits.substr(0, point);
  std::string part = point == std::string_view::npos ? "0" : std::string(digits.substr(point + 1));
  const auto ones = base::parse_int(whole);
  if (!ones || *ones < 0 || whole.front() == '-' || *ones > k_most || part.empty() ||
      part.size() > 3 || part.front() == '-') {
    return no_amount(text);
  }
  part.resize(3, '0');
  const auto thousandths = base::parse_int(part);
  if (!thousandths || *ones > k_most / k_one / unit) {
    return no_amount(text);
  }
  const std::int64_t amount = (*ones * k_one + *thousandths) * unit;
  if (amount <= 0) {
    return no_amount(text);
  }
  return amount;
}

std::string amount_to_string(std::int64_t amount) {
  for (std::size_t power = k_units.size(); power > 0; --power) {
    const std::int64_t unit = (std::int64_t{1} << (10 * power)) * k_one;
    if (amount >= unit && amount % unit == 0) {
      return fmt::format("{}{}", amount / unit, k_units[power - 1]);
    }
  }
  std::string text = fmt::format("{}", amount / k_one);
  if (amount % k_one != 0) {
    text += fmt::format(".{:03}", amount % k_one);
    text.erase(text.find_last_not_of('0') + 1);
  }
  return text;
}

base::Result<Needs> parse_needs(std::string_view text, Needs needs) {
  for (const std::string& word : base::split(text, ',')) {
    const std::size_t equals = word.find('=');
    const std::string name = word.substr(0, equals);
    if (!is_name(name)) {
      return no_name("resource", name);
    }
    std::int64_t amount = k_one;
    if (equals != std::string::npos) {
      const auto parsed = parse_amount(word.substr(equals + 1));
      if (!parsed) {
        return parsed.error();
      }
      amount = parsed.value();
    }
    if (!add(needs.amounts, Need{name, amount}, &Need::resource)) {
      return base::bad_input(fmt::format("{} stands twice", base::quote(name)),
                             "name each resource once");
    }
  }
  return needs;
}

base::Result<Needs> parse_lock(std::string_view text, Needs needs) {
  const std::size_t colon = text.find(':');
  const std::string name(text.substr(0, colon));
  const std::string_view how = colon == std::string_view::npos ? "" : text.substr(colon + 1);
  if (!is_name(name)) {
    return no_name("lock", name);
  }
  if (colon != std::string_view::npos && how != "shared" && how != "exclusive") {
    return base::bad_input(
        fmt::format("{} is neither shared nor exclusive", base::quote(how)),
        fmt::format("--lock {0} for one at a time, --lock {0}:shared for any number", name));
  }
  if (!add(needs.locks, Lock{name, how == "shared"}, &Lock::name)) {
    return base::bad_input(fmt::format("{} stands twice", base::quote(name)),
                           "name each lock once");
  }
  return needs;
}

const std::vector<Need>& Needs::amounts_of(int choice) const {
  return choice == 0 || choice >= choices() ? amounts
                                            : others[static_cast<std::size_t>(choice) - 1];
}

base::Result<Needs> parse_other_needs(std::string_view text, Needs needs) {
  const auto other = parse_needs(text);
  if (!other) {
    return other.error();
  }
  const auto is_same = [&](const std::vector<Need>& one) { return one == other->amounts; };
  if (is_same(needs.amounts) || std::any_of(needs.others.begin(), needs.others.end(), is_same)) {
    return base::bad_input(fmt::format("{} stands twice", base::quote(text)),
                           "name each alternative once");
  }
  if (needs.others.size() == k_most_others) {
    return base::bad_input(fmt::format("more than {} alternatives", k_most_others),
                           "each is tried in turn whenever something is free");
  }
  needs.others.push_back(other->amounts);
  return needs;
}

std::string amounts_to_string(const std::vector<Need>& amounts) {
  std::vector<std::string> words;
  for (const Need& need : amounts) {
    words.push_back(fmt::format("{}={}", need.resource, amount_to_string(need.amount)));
  }
  return base::join(words, ",");
}

std::string to_string(const Lock& lock) {
  return lock.shared ? lock.name + ":shared" : lock.name;
}

std::string to_string(const FreeSpace& space) {
  return fmt::format("{}={}", space.path, size_to_string(static_cast<std::uint64_t>(space.bytes)));
}

std::string to_string(const FileLock& file) {
  return file.shared ? "shared:" + file.path : file.path;
}

base::Result<Needs> add_space(FreeSpace space, Needs needs) {
  const std::string path = space.path;
  if (!add(needs.space, std::move(space), &FreeSpace::path)) {
    return base::bad_input(fmt::format("{} stands twice", base::quote(path)),
                           "name each path once");
  }
  return needs;
}

base::Result<Needs> add_file(FileLock file, Needs needs) {
  const std::string path = file.path;
  if (!add(needs.files, std::move(file), &FileLock::path)) {
    return base::bad_input(fmt::format("{} stands twice", base::quote(path)),
                           "name each file once");
  }
  return needs;
}

std::string write_needs(const Needs& needs) {
  if (needs.empty()) {
    return {};
  }
  std::string text = amounts_to_string(needs.amounts);
  for (const std::vector<Need>& other : needs.others) {
    text += '|';
    text += amounts_to_string(other);
  }
  text += ';';
  text += joined(needs.locks);
  if (!needs.space.empty() || !needs.files.empty()) {
    std::vector<std::string> space;
    for (const FreeSpace& one : needs.space) {
      space.push_back(fmt::format("{}={}", escaped(one.path), one.bytes));
    }
    std::vector<std::string> files;
    for (const FileLock& one : needs.files) {
      files.push_back(fmt::format("{}{}", one.shared ? 's' : 'x', escaped(one.path)));
    }
    text += fmt::format(";{};{}", base::join(space, ","), base::join(files, ","));
  }
  return text;
}

Needs read_needs(std::string_view text) {
  Needs needs;
  const std::size_t end = text.find(';');
  if (end == std::string_view::npos) {
    return needs;
  }
  if (end > 0) {
    const auto choices = base::split(text.substr(0, end), '|');
    if (!choices.front().empty()) {
      needs = parse_needs(choices.front()).value();
    }
    for (std::size_t i = 1; i < choices.size(); ++i) {
      needs.others.push_back(parse_needs(choices[i]).value().amounts);
    }
  }
  const auto parts = base::split(text.substr(end + 1), ';');
  for (const std::string& word : base::split(parts[0], ',')) {
    if (!word.empty()) {
      needs = parse_lock(word, std::move(needs)).value();
    }
  }
  if (parts.size() == 3) {
    for (const std::string& word : base::split(parts[1], ',')) {
      if (const std::size_t equals = word.find('='); equals != std::string::npos) {
        needs.space.push_back({unescaped(word.substr(0, equals)),
                               base::parse_int(word.substr(equals + 1)).value_or(0)});
      }
    }
    for (const std::string& word : base::split(parts[2], ',')) {
      if (!word.empty()) {
        needs.files.push_back({unescaped(word.substr(1)), word.front() == 's'});
      }
    }
  }
  return needs;
}

}  // namespace sched::model
