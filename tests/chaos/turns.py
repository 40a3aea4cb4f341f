"""Workers die while runs take turns and give way to urgent ones (row 1)."""
from scenario import expect, judge, scenario
from storms import Storm


@scenario("1", quick={"count": 16, "strikes": 8}, full={"count": 200, "strikes": 100})
def turns_outlive_workers(ground, count, strikes):
    """kill -9 of workers again and again while runs are stopped and go on: each goes on, once"""
    ground.sched("queue", "add", "turns", "--policy", "round-robin", "--slice", "100ms", "--slots", "2")
    ground.sched("queue", "add", "urgent", "--preempt", "suspend")
    tasks = [ground.standard(f"t{i}", work=0.3, queue="urgent", priority=5) if i % 4 == 3 else
             ground.standard(f"t{i}", work=0.3, queue="turns", preemptible=True) for i in range(count)]
    storm = Storm(ground, 2, tasks, slots=2)
    storm.rage([storm.strike_worker] * strikes)
    storm.end()
    judge(ground, ground.verdict)
    bad = ground.query("SELECT count(*) FROM runs WHERE outcome <> 'succeeded'")[0][0]
    expect(ground, bad == 0, f"{bad} runs have not succeeded")
    still = ground.query("SELECT count(*) FROM runs WHERE suspended_at_ms IS NOT NULL")[0][0]
    expect(ground, still == 0, f"{still} runs stand still though they are over")
    stood = ground.query("SELECT count(*) FROM runs WHERE stood_ms > 0")[0][0]
    expect(ground, stood > 0, "nobody ever stood still")
    ground.notes.append(f"{stood} of {count} stood still")
