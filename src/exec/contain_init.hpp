#pragma once

#include "exec/child.hpp"

namespace sched::exec {

/// What the init of a contained command says first: whether the command executes (`exited`, the
/// step is none), else why not. The wait status of the command follows at its end, as an int.
struct InitWord {
  model::Ending::Kind kind = model::Ending::Kind::exited;
  model::Ending::Step step = model::Ending::Step::none;
  int number = 0;
};

struct ContainInit {
  int words = -1;        ///< Where it says so.
  int launcher = -1;     ///< A pidfd.
  bool as_user = false;  ///< Without root: there is a namespace of users too.
  uid_t user = 0;        ///< Who we were outside of it.
  gid_t group = 0;
};

/// The life of a namespace's first process, from just after its fork.
[[noreturn]] void run_contain_init(ChildPlan& plan, const ContainInit& init);

}  // namespace sched::exec
