#pragma once

#include "exchange/systemd_service.hpp"
#include "exchange/unit_specifiers.hpp"

#include <string>
#include <vector>

namespace sched::exchange {

/// What IOReadBandwidthMax= or IOWriteBandwidthMax= says of one device.
struct DiskBound {
  std::string key;
  std::string device;
  std::uint64_t bytes = 0;  ///< A second.
  int line = 0;
  std::string source;
};

/// Applies the assignments of a service one by one, as systemd does, and says of each what became
/// of it.
class ServiceReader {
 public:
  ServiceReader(SystemdService& service, const Specifiers& specifiers)
      : service_(service), specifiers_(specifiers) {}

  void read(const UnitEntry& entry);
  /// To be called behind the last one.
  void finish();

 private:
  using Handler = void (ServiceReader::*)();
  static Handler find_handler(std::string_view key);

  void note(Note::Kind kind, std::string what);
  void refuse(const base::Error& error);
  /// The value with its specifiers replaced; empty, and refused, when that can't be done.
  std::optional<std::string> value();
  std::optional<Span> span();

  void read_condition();
  void read_links();
  void read_exec();
  void read_exec_condition();
  void read_type();
  void read_environment();
  void read_environment_file();
  void read_pass_environment();
  void read_directory();
  void read_account();
  void read_nice();
  void read_io_class();
  void read_io_priority();
  void read_umask();
  void read_timeout();
  void read_memory_max();
  void read_cpu_quota();
  void read_bandwidth();
  std::uint64_t settle_bandwidth(const char* key);
  void read_input();
  void read_input_text();
  void pass_over();

  SystemdService& service_;
  const Specifiers& specifiers_;
  const UnitEntry* entry_ = nullptr;
  std::optional<Span> start_timeout_;
  std::optional<Span> runtime_;
  std::vector<DiskBound> bandwidths_;
  std::string input_kind_ = "null";
  std::string input_text_;
};

}  // namespace sched::exchange
