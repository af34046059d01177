# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The sandbox's parts in one process: moto with our images, addresses, lifecycle and responses."""

from __future__ import annotations

import os
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

from sandbox import seams
from sandbox.addresses import AddressPool
from sandbox.answers import AwsError
from sandbox.elastic import ElasticAddresses
from sandbox.hosts.base import Host, make_host
from sandbox.lifecycle import Lifecycle

# moto reads these when it is imported. Its own images would cost seconds and are of 2017;
# with the three validations it refuses unknown images, keys and types as AWS does.
MOTO_SETTINGS = {
    "MOTO_EC2_LOAD_DEFAULT_AMIS": "false",
    "MOTO_ENABLE_AMI_VALIDATION": "true",
    "MOTO_ENABLE_KEYPAIR_VALIDATION": "true",
    "MOTO_EC2_ENABLE_INSTANCE_TYPE_VALIDATION": "true",
}


class World:
    """One account on one desk."""

    def __init__(self, backend: str, state_dir: Path, boot_seconds: float) -> None:
        """Prepare moto; ``state_dir`` holds the disks of the hosts."""
        os.environ.update(MOTO_SETTINGS)
        # Before anything imports moto, which opens a session for each partition.
        seams.replace(seams.LOADER, cache(seams.original(seams.LOADER)))
        seams.check()
        self._backend = backend
        self._state_dir = state_dir
        self.addresses = AddressPool()
        self.lifecycle = Lifecycle(self._make_host, self.addresses.give_back, self._finish, boot_seconds)
        self.elastic = ElasticAddresses(self.addresses, self.lifecycle.machine, self._tell_address)
        self._moto_stop: Any = None
        self._moto_terminate: Any = None
        self._install()

    def close(self) -> None:
        """End every host and release the addresses."""
        self.elastic.close()
        self.lifecycle.close()
        self.addresses.close()

    def settle(self) -> None:
        """Apply everything that has happened by now, to hosts and by the clock."""
        from sandbox.strict.block_end import terminate_due

        terminate_due(self.lifecycle.terminate)
        self.lifecycle.settle()

    def _install(self) -> None:
        from sandbox.images import moto_amis
        from sandbox.strict import addresses, console, default_network
        from sandbox.strict.ec2 import sandbox_ec2

        console.connect(self._console)
        addresses.connect(self.elastic)
        seams.replace(seams.EC2_DISPATCH, {"{0}/": sandbox_ec2().dispatch})
        seams.replace(seams.LOAD_AMIS, moto_amis.load_amis)
        seams.replace(seams.SSM_LOADING, moto_amis.parameter_loader())
        seams.replace(seams.PUBLIC_IP, self.addresses.take)
        seams.replace(seams.ELASTIC_IP, self.addresses.take)
        seams.replace(seams.DEFAULT_VPC, default_network.with_internet(seams.original(seams.DEFAULT_VPC)))
        modules = tuple(seams.original(seams.MODULES)())
        seams.replace(seams.MODULES, lambda: modules)
        seams.replace(seams.GET_TAGS, _tags_of)
        seams.replace(seams.GET_INSTANCE, _instance_of)
        seams.replace(seams.INTERFACES, property(_interfaces_of))
        seams.replace(seams.ENI_ASSOCIATION, property(_of_its_owner(seams.original(seams.ENI_ASSOCIATION).fget)))
        seams.replace(seams.ENI_ATTACHMENT, property(_on_its_card(seams.original(seams.ENI_ATTACHMENT).fget)))
        seams.owner(seams.ATTACHMENT).delete_on_termination = property(_ends_with_instance)
        seams.original(seams.INSTANCE_FILTERS).update(INSTANCE_FILTERS)
        self._install_lifecycle()

    def _install_lifecycle(self) -> None:
        lifecycle = self.lifecycle
        moto_run = seams.original(seams.RUN_INSTANCES)
        moto_start = seams.original(seams.START)

        def run_instances(backend: Any, *args: Any, **kwargs: Any) -> Any:
            reservation = moto_run(backend, *args, **kwargs)
            for instance in reservation.instances:
                lifecycle.boot(instance)
            return reservation

        def start(instance: Any) -> Any:
            before = instance._state
            if instance.state == "stopped":
                moto_start(instance)
                lifecycle.boot(instance)
            return before

        def stop(instance: Any) -> Any:
            before = instance._state
            if instance.state == "running":
                lifecycle.stop(instance)
            return before

        def terminate(instance: Any) -> Any:
            before = instance._state
            lifecycle.terminate(instance)
            return before

        seams.replace(seams.RUN_INSTANCES, run_instances)
        seams.replace(seams.START, start)
        seams.replace(seams.REBOOT, lambda instance: lifecycle.reboot(instance))
        self._moto_stop = seams.replace(seams.STOP, stop)
        self._moto_terminate = seams.replace(seams.TERMINATE, terminate)

    def _finish(self, verb: str, instance: Any) -> None:
        if verb == "stop":
            self._moto_stop(instance)
            return
        for address in instance.ec2_backend.addresses:
            if instance in (address.instance, address.eni and address.eni.instance):
                instance.ec2_backend.disassociate_address(association_id=address.association_id)
                self.elastic.detach(address.public_ip, instance)
        self._moto_terminate(instance)

    def _console(self, instance_id: str) -> str:
        machine = self.lifecycle.machine(instance_id)
        return machine.host.console() if machine and machine.host else ""

    def _make_host(self, instance: Any) -> tuple[Host | None, str | None]:
        own = self.elastic.own_address(instance)
        if self._backend == "none":
            return None, own
        from sandbox.machine import boot_anew, host_spec

        address = own or self.addresses.take()
        folder = self._folder(instance)
        folder.mkdir(parents=True, exist_ok=True)
        boot_anew(folder)
        return make_host(self._backend, host_spec(instance, address, folder)), address

    def _tell_address(self, instance: Any) -> None:
        from sandbox.machine import tell_address

        tell_address(instance, self._folder(instance))

    def _folder(self, instance: Any) -> Path:
        return self._state_dir / "hosts" / str(instance.id)


# Filters of DescribeInstances that moto lacks, and where its instances have the value.
INSTANCE_FILTERS = {
    "client-token": "client_token",
    "instance-lifecycle": "lifecycle",
    "spot-instance-request-id": "spot_instance_request_id",
    "placement-group-name": "placement.group_name",
    "instance-state-code": "state_code",
}


def _tags_of(resource: Any) -> list[dict[str, str]]:
    """Return the tags of one resource in moto's shape, without the scan over every tag of the region."""
    tags = resource.ec2_backend.tags.get(resource.id, {})
    return [{"resource_id": resource.id, "key": key, "value": value} for key, value in tags.items()]


def _instance_of(backend: Any, instance_id: str) -> Any:
    """Find an instance, the latest launches first: a launch looks up the instances it is making."""
    for reservation in reversed(backend.reservations.values()):
        for instance in reversed(reservation.instances):
            if instance.id == instance_id:
                return instance
    raise AwsError("InvalidInstanceID.NotFound", f"The instance ID '{instance_id}' does not exist")


def _interfaces_of(instance: Any) -> list[Any]:
    return [] if instance.state == "terminated" else list(instance.nics.values())


def _of_its_owner(moto_association: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """Return moto's maker of associations, in which an automatic address is Amazon's own and not the account's."""

    def association(interface: Any) -> Any:
        made = moto_association(interface)
        if made and not made.get("allocationId"):
            made["ipOwnerId"] = "amazon"
        return made

    return association


def _on_its_card(moto_attachment: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """Return moto's maker of attachments, with the network card that it takes for the first."""

    def attachment(interface: Any) -> Any:
        made = moto_attachment(interface)
        if made is not None:
            made.network_card_index = getattr(interface, "network_card_index", 0)
        return made

    return attachment


def _ends_with_instance(attachment: Any) -> bool:
    block = attachment.instance.block_device_mapping.get(attachment.device)
    return bool(block and block.delete_on_termination)
