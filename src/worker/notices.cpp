#include "worker/notices.hpp"

#include "time/timestamp.hpp"

namespace sched::worker {

Notice end_notice(store::Store& store, model::RunId id) {
  const model::Run run = store.runs().run(id);
  Notice notice;
  notice.kind = Notice::Kind::ended;
  notice.run = id;
  notice.task = store.tasks().label(run.task);
  notice.outcome = run.outcome;
  notice.reason = run.reason;
  return notice;
}

Notice late_notice(store::Store& store, model::RunId run, model::TaskId task, time::Instant soft) {
  Notice notice;
  notice.kind = Notice::Kind::late;
  notice.run = run;
  notice.task = store.tasks().label(task);
  notice.reason = "its deadline was " + time::to_local(soft);
  return notice;
}

void tell_followed(store::Store& store, const Followed& followed, std::vector<Notice>& notices) {
  for (Notice& notice : notices) {
    const auto found = notice.kind == Notice::Kind::ended ? followed.in_place.find(notice.run)
                                                          : followed.in_place.end();
    if (found != followed.in_place.end()) {
      notice.in_place = found->second;
      notice.reason += in_place_text(store, found->second);
    }
  }
  for (const model::RunId id : followed.skipped) {
    notices.push_back(end_notice(store, id));
  }
}

}  // namespace sched::worker
