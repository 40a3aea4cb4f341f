"""Two at once (rows 22 and 24)."""
import subprocess

from ground import until
from scenario import expect, judge, scenario


@scenario("22", quick={"adds": 40, "rounds": 1}, full={"adds": 100, "rounds": 5})
def same_key_at_once(ground, adds, rounds):
    """the same --key many times at once: one task, one id, in a store that they make as well"""
    for number in range(rounds):
        words = [ground.program, "add", f"once{number}", "--key", f"key{number}", "--quiet", "--", "true"]
        children = [subprocess.Popen(words, env=ground.environment, stdout=subprocess.PIPE, text=True)
                    for _ in range(adds)]
        ids = {child.communicate()[0] for child in children}
        codes = {child.returncode for child in children}
        ground.faults += adds
        expect(ground, codes == {0}, f"they ended with {codes}")
        expect(ground, len(ids) == 1 and "" not in ids, f"they were told {ids}")
        rows = ground.query("SELECT count(*) FROM tasks WHERE key = ?", f"key{number}")
        expect(ground, rows == [(1,)], f"there are {rows} of key{number}")
    ground.finish()
    judge(ground, ground.verdict)


@scenario("24", quick={"races": 100}, full={"races": 1000})
def cancel_races_with_the_end(ground, races):
    """cancel at the moment of the end: one final state, and what it says is so"""
    at_once = 20
    worker = ground.worker(idle=False, slots=at_once)
    ground.until_listening(worker)
    for base in range(0, races, at_once):
        names = [f"r{base + i}" for i in range(at_once)]
        ground.add([ground.standard(name, work=0.03, **{"grace-kill": "2s"}) for name in names])
        until(lambda: ground.begun() >= base + at_once // 2, "half have begun", pause=0.001)
        order = ground.rng.sample(names, at_once)
        cancels = [ground.start("cancel", *order[i::4]) for i in range(4)]
        for cancel in cancels:
            cancel.wait()
            # 1 or 3 where one of them had ended: nothing to cancel. Never a store's trouble.
            expect(ground, cancel.returncode != 5, f"cancel ended with {cancel.returncode}: {ground.last_words()}")
        ground.faults += at_once
        ground.sched("wait", *names, "--timeout", "30s", code=None)
    worker.terminate()
    expect(ground, worker.wait(30) == 0, "the worker does not drain")
    found = judge(ground, ground.verdict)
    ends = dict(ground.query("SELECT outcome, count(*) FROM runs GROUP BY 1"))
    ground.notes.append(f"{found.runs} races: {ends}")
    expect(ground, set(ends) <= {"cancelled", "succeeded"}, f"other ends: {ends}")
    again = ground.query("SELECT count(*) FROM attempts GROUP BY run_id HAVING count(*) > 1")
    expect(ground, not again, "something cancelled ran again")
