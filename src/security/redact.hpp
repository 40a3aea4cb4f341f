#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace sched::security {

/// What stands in the place of a secret.
constexpr std::string_view k_redacted = "***";

/// Whether a variable or an option of this name holds a secret: its words have TOKEN, SECRET,
/// PASSWORD, PASSWD, PASSPHRASE, CREDENTIAL, or KEY behind API, PRIVATE, ACCESS or ENCRYPTION; any
/// case, "-" and "_" alike. What names a file (DB_PASSWORD_FILE) holds none.
bool looks_secret(std::string_view name);

/// The value of a variable or option, as it may be shown: `***` when its name looks secret, else
/// the same without the passwords of its URLs.
std::string redact_value(std::string_view name, std::string_view value);

/// "postgres://me:***@host/db" for "postgres://me:hunter2@host/db"; the rest as it is.
std::string redact_urls(std::string_view text);

/// A command line as it may be shown. Besides URLs: --token=x, --token x, TOKEN=x and the header
/// "Authorization: x".
std::vector<std::string> redact_arguments(const std::vector<std::string>& arguments);

/// The same for the text of a shell command: its words one by one, quotes respected.
std::string redact_shell(std::string_view text);

}  // namespace sched::security
