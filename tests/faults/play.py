# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Play a schedule: one controller after the other, each fresh, and the judge behind them."""

from __future__ import annotations

import itertools
import shutil
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import boto3
from botocore.config import Config

from tests.faults.cloud import REGIONS, Cloud
from tests.faults.controller import Result, desk, sending, work
from tests.faults.judge import Judge
from tests.faults.schedule import SCENARIOS, Point, Schedule, Step
from tests.faults.wire import Time, Wire

# Hosts of this sandbox have no SSH, and its regions no distance.
USUAL: dict[str, Any] = {"wait_for": "running", "measure_latency": False, "allowed_cidrs": ["127.0.0.1/32"]}
# How long a disturbed teardown goes on, in pretended seconds.
REMOVE_SECONDS = 90


@dataclass(frozen=True)
class Outcome:
    """What a schedule showed.

    Parameters:
        index: of the schedule.
        findings: (kind, what was seen).
        point: the call point at which its controller died; None where it has none or never came there.
        stuck: undisturbed launches that failed, with their words.
        troubles: how often each kind of trouble came to pass.
    """

    index: int
    findings: tuple[tuple[str, str], ...]
    point: Point | None
    stuck: tuple[str, ...]
    troubles: Counter[str]


class Player:
    """Plays schedules in one sandbox.

    Parameters:
        folder: for the sandbox and for the homes of the controllers.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._cloud = Cloud(folder / "cloud")
        self._names = itertools.count()
        self._time = Time()
        with desk(self._time, folder):
            self._make_others()
        self._before = self._cloud.truth()

    def calls(self, scenario: str) -> dict[str, list[str]]:
        """What a scenario's launch and its teardown call undisturbed, in order."""
        with self._run(Schedule(scenario, ())) as run:
            launched, removed = run.do(Step("launch")), run.do(Step("remove"))
            failed = [row["msg"] for row in (launched.result, removed.result) if row and row.get("failed")]
            if failed:
                raise RuntimeError(f"{scenario} fails undisturbed: {failed}")
            return {"launch": launched.called, "remove": removed.called}

    def play(self, index: int, schedule: Schedule) -> Outcome:
        """Play one schedule and the teardown after it."""
        with self._run(schedule) as run:
            covered, stuck, troubles = None, [], Counter[str]()
            for step in schedule.steps:
                done = run.do(step)
                troubles.update(step.troubles[n] for n in done.hit)
                troubles.update(rule["error"]["code"] for rule in step.faults)
                troubles.update(["denied"] * len(step.denied) + ["lag"] * len(step.lag) + ["stock"] * bool(step.stock))
                if schedule.point and step.troubles and done.result is None:
                    covered = schedule.point
                if step == Step("launch") and done.result and done.result.get("failed"):
                    stuck.append(str(done.result["msg"]))
            run.end()
            return Outcome(index, tuple(run.judge.findings), covered, tuple(stuck), troubles)

    @contextmanager
    def _run(self, schedule: Schedule) -> Iterator[Run]:
        run_id = f"run-{next(self._names)}"
        home = self._folder / run_id
        scenario = SCENARIOS[schedule.scenario]
        judge = Judge(self._cloud, run_id, scenario.count, self._before)
        with desk(self._time, home):
            yield Run(self._cloud, self._time, judge, schedule)
        shutil.rmtree(home, ignore_errors=True)
        self._cloud.usual()
        self._cloud.forget()
        # What a leak left would be another schedule's trouble.
        self._before = self._cloud.truth()

    def _make_others(self) -> None:
        """In each region something of another run, and something that carries no tag of ours."""
        wire = Wire(self._cloud, self._time, {}, lambda: None)
        for region in REGIONS:
            work(wire, run_id="other", region=region, preflight=False, **USUAL)
            with sending(wire):
                ec2 = boto3.session.Session().client("ec2", region, config=Config(retries={"total_max_attempts": 1}))
                ec2.create_volume(AvailabilityZone=f"{region}a", Size=1)
                ec2.create_key_pair(KeyName="run-key")
                ec2.create_security_group(GroupName="run-group", Description="of nobody")
                ec2.allocate_address()


@dataclass(frozen=True)
class Done:
    """What a controller did: its result (None: it died), its calls, and the numbers of those that were disturbed."""

    result: Result | None
    called: list[str]
    hit: list[int]


@dataclass
class Run:
    """A run that is played."""

    cloud: Cloud
    time: Time
    judge: Judge
    schedule: Schedule

    def do(self, step: Step) -> Done:
        """One controller, and the judgement of what it did."""
        self._disturb(step)
        wire = Wire(self.cloud, self.time, step.troubles, self.judge.look)
        if step.do == "launch":
            options = {**SCENARIOS[self.schedule.scenario].options, **self.schedule.options, **USUAL}
            result = work(wire, run_id=self.judge.run_id, **options)
            self.judge.launched(result)
        else:
            result = self._remove(wire, REMOVE_SECONDS)
            self.judge.removed(result)
        self.judge.look()
        return Done(result, wire.called, wire.hit)

    def end(self) -> None:
        """The last teardown, undisturbed, by a controller that has only the run id."""
        self.cloud.usual()
        self.judge.ended(self._remove(Wire(self.cloud, self.time, {}, self.judge.look), 1200))
        self.judge.look()

    def _remove(self, wire: Wire, seconds: int) -> Result | None:
        return work(wire, run_id=self.judge.run_id, state="absent", regions=["all"], wait_timeout_seconds=seconds)

    def _disturb(self, step: Step) -> None:
        from sandbox.strict.lag import LAG
        from sandbox.strict.stock import STOCK

        self.cloud.usual()
        STOCK.replace([*(SCENARIOS[self.schedule.scenario].stock if step.stock is None else step.stock)])
        self.cloud.faults.replace(step.faults)
        self.cloud.permissions.replace([{"action": action} for action in step.denied])
        LAG.replace(dict(step.lag))
