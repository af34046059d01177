# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rent the machines of a run from the first offer that AWS sells, and from one only.

The next offer is asked for only after AWS has refused the last one for certain. When an answer is lost, the same
purchase is looked for and repeated by its client token until its fate is known, or the launch ends.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace

from ansible_collections.amazon.aws.plugins.module_utils.exceptions import AnsibleAWSError
from ansible_collections.gpgpu.aws.plugins.module_utils._aws import ec2
from ansible_collections.gpgpu.aws.plugins.module_utils._aws.client import Clients
from ansible_collections.gpgpu.aws.plugins.module_utils._aws.errors import (
    GpuError,
    error_code,
    error_text,
    explain,
    http_status,
)
from ansible_collections.gpgpu.aws.plugins.module_utils._aws.permission import explain_refusal
from ansible_collections.gpgpu.aws.plugins.module_utils._aws.refusal import Refusal, classify
from ansible_collections.gpgpu.aws.plugins.module_utils._offer.hints import remember_refusal
from ansible_collections.gpgpu.aws.plugins.module_utils._run import tags
from ansible_collections.gpgpu.aws.plugins.module_utils._run.apply import Launch
from ansible_collections.gpgpu.aws.plugins.module_utils._run.block import with_block
from ansible_collections.gpgpu.aws.plugins.module_utils._run.buy import find_purchase
from ansible_collections.gpgpu.aws.plugins.module_utils._run.desk import Desk
from ansible_collections.gpgpu.aws.plugins.module_utils._run.failover import (
    Attempt,
    Limits,
    Target,
    concrete,
    next_target,
)
from ansible_collections.gpgpu.aws.plugins.module_utils._run.finish import check_own_key
from ansible_collections.gpgpu.aws.plugins.module_utils._run.observe import Choice, RunState
from ansible_collections.gpgpu.aws.plugins.module_utils._run.plan import (
    AcceptTerms,
    Action,
    AllowSsh,
    BuyMachines,
    RevokeSsh,
    plan_access,
    plan_purchase,
)
from ansible_collections.gpgpu.aws.plugins.module_utils._run.ready import MachinesEndedError
from ansible_collections.gpgpu.aws.plugins.module_utils._run.site import Site, choice_at
from ansible_collections.gpgpu.aws.plugins.module_utils._run.spec import LaunchSpec
from ansible_collections.gpgpu.aws.plugins.module_utils._run.trace import SETTLED

# Pauses before one purchase is repeated: when AWS limits the rate of calls, or its answer was lost.
# https://docs.aws.amazon.com/ec2/latest/devguide/ec2-api-throttling.html (a second RunInstances each half second)
PAUSES_SECONDS = (1.0, 2.0, 4.0, 8.0, 16.0)
# How long terms just accepted may be unknown to EC2: one to two minutes were seen.
# https://docs.aws.amazon.com/marketplace/latest/buyerguide/buyer-ami-subscriptions.html
TERMS_SECONDS = 300
# Kinds of refusal that come before AWS looks whether the token has bought: they settle nothing.
UNSETTLED = ("authorization", "credentials", "throttle", "lag", "unknown_outcome", "unknown")


@dataclass
class Rental:
    """A search for machines under way.

    Parameters:
        states: what the run has, by region; grows with what is made.
        missing: machines to buy.
        number: of the next attempt within the run.
        attempts: what was asked for so far.
        done: actions carried out so far.
        end: when the search ends, in the clock's seconds.
        first: what the first attempt does before anything else: accept the terms of the image.
        block_id: the capacity reservation behind the block that was bought; after it nothing else is.
    """

    clients_in: Callable[[str], Clients]
    spec: LaunchSpec
    site: Site
    desk: Desk
    states: dict[str, RunState]
    missing: int
    limits: Limits
    number: int
    attempts: list[Attempt] = field(default_factory=list)
    done: list[Action] = field(default_factory=list)
    first: list[Action] = field(default_factory=list)
    end: float = 0.0
    block_id: str = ""

    def rent(self, targets: Sequence[Target]) -> tuple[LaunchSpec, Choice, list[str]]:
        """Buy the machines from the first target that AWS sells.

        Returns:
            the spec and choice they were bought with, and their ids.

        Raises:
            GpuError: no other offer mends the refusal or is left, or the fate of a purchase is unknown.
        """
        seconds = min(self.limits.seconds, self.spec.lease_hours * 3600)
        self.end = self.end or self.desk.clock.now() + seconds
        while target := next_target(self._open(targets), self.attempts):
            if self.attempts and self.desk.clock.now() >= self.end:
                raise self._exhausted(f"{seconds:g} s have passed: raise gpu_search_seconds")
            most = min(len(targets), self.limits.attempts)
            self.desk.say(f"attempt {len(self.attempts) + 1} of at most {most}: {target}, {target.price}")
            bought = self._attempt(target)
            if bought:
                return bought
        if next_target(targets, self.attempts):
            raise self._exhausted(f"{self.limits.attempts} attempts were made in each market: raise gpu_max_attempts")
        raise self._exhausted("no other offer is left")

    def _open(self, targets: Sequence[Target]) -> list[Target]:
        """The targets of markets that still have attempts: one market must not use up those of the next."""
        asked = Counter(attempt.target.market for attempt in self.attempts)
        return [target for target in targets if asked[target.market] < self.limits.attempts]

    def plan(self, target: Target) -> tuple[LaunchSpec, Choice, list[Action]]:
        """What an attempt at a target would do.

        Raises:
            GpuError: the machines would get a key of the run that is not on this controller.
        """
        spec = concrete(self.spec, target)
        spec = replace(spec, capacity_reservation_id=self.block_id or target.offer.reservation_id)
        choice = choice_at(self.site, self.spec, target, self.missing, self.number)
        state = self.states.get(target.region, RunState())
        check_own_key(spec, state)
        access = plan_access(state.groups, self.site.cidrs, self.desk.ssh_port) if state.groups else []
        return spec, choice, [*access, *plan_purchase(spec, state, choice, self.desk.ssh_port, self.missing)]

    def _attempt(self, target: Target) -> tuple[LaunchSpec, Choice, list[str]] | None:
        pauses, settled_by = iter(PAUSES_SECONDS), self.desk.clock.now() + TERMS_SECONDS
        while True:
            spec, choice, actions = self.plan(target)
            refusal, error, ids = self._ask(spec, choice, [*self.first, *actions])
            if refusal is None:
                self.attempts.append(Attempt(target))
                return spec, choice, ids
            self.desk.say(f"refused ({refusal.kind}): {refusal.code}: {refusal.text}")
            pause = self._pause_after(refusal, pauses, settled_by)
            if pause is None:
                break
            self.desk.clock.pause(pause)
        self.attempts.append(Attempt(target, refusal))
        if refusal.kind not in UNSETTLED:
            self._settle_trace(target.region)
        if refusal.kind == "capacity":
            remember_refusal(target.instance_type, target.region, target.zone, target.market)
        if refusal.action in ("stop", "retry") or self.block_id:
            raise with_block(error, self.block_id)
        return None

    def _settle_trace(self, region: str) -> None:
        """Note that nothing was bought; where that fails, somebody waits in vain and no harm is done."""
        for group_id in self.states.get(region, RunState()).ids("security-group"):
            with suppress(AnsibleAWSError):
                ec2.create_tags(self.clients_in(region).ec2, [group_id], {tags.TRACE: SETTLED})

    def _pause_after(self, refusal: Refusal, pauses: Iterator[float], settled_by: float) -> float | None:
        """Seconds until the same is asked for again; None when that makes no sense."""
        if refusal.action == "retry":
            return next(pauses, None)
        if refusal.kind == "terms" and self._accepted and self.desk.clock.now() < settled_by:
            return PAUSES_SECONDS[-1]
        return None

    def give_up(self, spec: LaunchSpec, ids: Sequence[str], ended: MachinesEndedError) -> None:
        """End what was bought when AWS itself ended a machine of it for a reason that another offer mends.

        Parameters:
            spec: it was bought with.
            ids: all that was bought.

        Raises:
            MachinesEndedError: another offer would not help, or a machine that the run had before has ended.
        """
        if not {row["InstanceId"] for row in ended.rows} <= set(ids):
            raise ended
        reason = ended.rows[0].get("StateReason", {})
        refusal = classify(str(reason.get("Code", "")), str(reason.get("Message", "")))
        if refusal.action in ("stop", "retry") or self.block_id:
            raise ended
        self.desk.say(f"ended by AWS ({refusal.kind}): {refusal.code}: {refusal.text}")
        ec2.terminate_instances(self.clients_in(spec.region).ec2, list(ids))
        self.attempts[-1] = replace(self.attempts[-1], refusal=refusal)
        state = self.states[spec.region]
        self.states[spec.region] = replace(state, instances=[*state.instances, *map(dict, ended.rows)])

    @property
    def waits_for(self) -> str:
        """The block that was bought for machines that can't be bought yet; empty where nothing is waited for."""
        return "" if any(isinstance(action, BuyMachines) for action in self.done) else self.block_id

    @property
    def _accepted(self) -> bool:
        """Whether this launch has accepted terms, which AWS takes a while to know."""
        return any(isinstance(action, AcceptTerms) for action in self.done)

    def _ask(
        self, spec: LaunchSpec, choice: Choice, actions: Sequence[Action]
    ) -> tuple[Refusal | None, GpuError, list[str]]:
        self.number += 1
        clients = self.clients_in(spec.region)
        state = self.states.get(spec.region, RunState())
        work = Launch(clients, spec, choice, self.desk.run, self.desk.clock, (state.ids("security-group") or [""])[0])
        try:
            work.apply(actions)
        except AnsibleAWSError as error:
            refusal = classify(error_code(error), error_text(error), http_status(error))
            ids = self._settle(clients, spec, work.left[0]) if refusal.kind == "unknown_outcome" else []
            if ids:
                work.done.append(work.left.pop(0))
                self._keep(work, spec.region)
                return None, explain(error), ids
            self._keep(work, spec.region)
            return refusal, explain_refusal(error, refusal, clients), []
        self._keep(work, spec.region)
        return None, GpuError(""), work.bought

    def _settle(self, clients: Clients, spec: LaunchSpec, failed: Action) -> list[str]:
        """The machines of a purchase whose answer was lost, when AWS shows them; any other action is repeated."""
        return find_purchase(clients, spec.client_token, failed.generation) if isinstance(failed, BuyMachines) else []

    def _keep(self, work: Launch, region: str) -> None:
        """Remember what an attempt made, for the next one in its region."""
        self.done.extend(work.done)
        self.first = [action for action in self.first if action not in work.done]
        state = self.states.get(region, RunState())
        resources = {**state.resources, **work.made}
        self.block_id = work.made.get("capacity-block", [self.block_id])[0]
        # Rules that could not be set are planned again; a group without one admits nobody to a machine that bills.
        shut = "security-group" in resources and any(isinstance(one, (AllowSsh, RevokeSsh)) for one in work.left)
        self.states[region] = replace(state, resources=resources, groups=(state.groups or [{}]) if shut else [])

    def _exhausted(self, why: str) -> GpuError:
        refused = [(attempt.target, attempt.refusal) for attempt in self.attempts if attempt.refusal]
        tried = "; ".join(f"{target}: {refusal.code}: {refusal.text}" for target, refusal in refused)
        return GpuError(
            f"No machine could be rented, {why}. Tried {len(self.attempts)}: {tried}",
            refused[-1][1].next_step if refused else "",
            refused[-1][1].code if refused else "no_offer",
        )
