#include "cli/import_plan.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace sched;

TEST_CASE("a job is called by its title, else by the program that it is about") {
  struct Row {
    const char* comment;
    const char* command;
    const char* expected;
  };
  for (const Row& row : {
           Row{"Daily report", "report --all", "Daily-report"},
           Row{"m h dom mon dow command", "backup", "backup"},
           Row{"hack (see #380425).", "backup", "backup"},
           Row{"nightly.", "backup", "nightly"},
           Row{"", "/opt/backup.sh -a", "backup"},
           Row{"", "PATH=/opt cd / && sudo -u root nice -n 5 backup.py", "backup"},
           Row{"", "cd / && run-parts --report /etc/cron.hourly", "cron.hourly"},
           Row{"", "test -x /usr/sbin/anacron || { cd / && run-parts --report /etc/cron.daily; }",
               "cron.daily"},
           Row{"",
               "[ -x /etc/init.d/anacron ] && if [ ! -d /run/systemd/system ]; then "
               "/usr/sbin/invoke-rc.d anacron start >/dev/null; fi",
               "anacron"},
           Row{"",
               "test -x /usr/bin/certbot -a \\! -d /run/systemd/system && perl -e 'sleep "
               "int(rand(43200))' && certbot -q renew",
               "certbot"},
           Row{"",
               "if [ -x /usr/share/mdadm/checkarray ] && [ $(date +%d) -le 7 ]; then "
               "/usr/share/mdadm/checkarray --cron --all; fi",
               "checkarray"},
           Row{"", "command -v debian-sa1 > /dev/null && debian-sa1 1 1", "debian-sa1"},
           Row{"", "bash -c 'cd /srv && ./tidy.sh'", "tidy"},
           Row{"", "perl -e 'print 1'", "perl"},
           Row{"", ":", "job"},
       }) {
    CAPTURE(std::string(row.command));
    CHECK(cli::legal_name(cli::name_of_job(row.comment, row.command)) == std::string(row.expected));
  }
}
