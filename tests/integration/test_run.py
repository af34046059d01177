# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A run on a real API: launched and removed, again, and in check mode before each."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from ansible_collections.gpgpu.aws.plugins.modules import ec2_gpu_run

from tests.integration.desk import Desk

RETURNED: dict[str, Any] = yaml.safe_load(ec2_gpu_run.RETURN)


def test_a_whole_life(desk: Desk) -> None:
    run_id = desk.cloud.name()
    before = set(desk.truth())
    planned = desk.rent(run_id, check_mode=True)
    assert (planned["changed"], set(desk.truth())) == (True, before)
    rented = desk.rent(run_id)
    assert (rented["changed"], rented["actions"]) == (True, planned["actions"])
    assert {kind: len(rows) for kind, rows in desk.owned(run_id).items()} == {
        "instances": 1,
        "volumes": 1,
        "network_interfaces": 1,
        "security_groups": 1,
        "key_pairs": 1,
    }
    for check_mode in (True, False):
        again = desk.rent(run_id, check_mode)
        assert (again["changed"], again["actions"], again["hosts"]) == (False, [], rented["hosts"])
    there = set(desk.truth())
    planned = desk.remove(run_id, check_mode=True)
    assert (planned["changed"], set(desk.truth())) == (True, there)
    removed = desk.remove(run_id)
    assert (removed["changed"], removed["actions"]) == (True, planned["actions"])
    assert removed["proof"] == {"clean_reads": 2, "left": []}
    assert set(desk.truth()) == before
    for check_mode in (True, False):
        again = desk.remove(run_id, check_mode)
        assert (again["changed"], again["actions"], again["proof"]["left"]) == (False, [], [])


def test_what_is_rented_is_safe(desk: Desk) -> None:
    run_id = desk.cloud.name()
    desk.rent(run_id, owner="ada", markets=["spot"], lease_hours=2, tags={"project": "thesis"})
    owned = desk.owned(run_id)
    (machine,), (disk,) = owned["instances"], owned["volumes"]
    assert (machine["shutdown_behavior"], machine["lifecycle"]) == ("terminate", "spot")
    assert (disk["encrypted"], disk["type"], disk["size_gib"]) == (True, "gp3", 100)
    for rows in owned.values():
        for row in rows:
            assert row["tags"].items() >= {"gpgpu:owner": "ada", "project": "thesis", "Name": run_id}.items()
    shown = desk.cloud.instance(machine["id"])
    assert shown["MetadataOptions"]["HttpTokens"] == "required"
    group_id = shown["SecurityGroups"][0]["GroupId"]
    (group,) = desk.cloud.client("ec2").describe_security_groups(GroupIds=[group_id])["SecurityGroups"]
    (rule,) = group["IpPermissions"]
    assert (rule["FromPort"], rule["ToPort"], rule["IpRanges"]) == (2222, 2222, [{"CidrIp": "127.0.0.1/32"}])
    assert desk.remove(run_id)["proof"]["left"] == []
    assert desk.owned(run_id) == {}


def test_the_private_host_key_reaches_no_result(desk: Desk) -> None:
    run_id = desk.cloud.name()
    results = [desk.rent(run_id, _ansible_diff=True), desk.rent(run_id), desk.remove(run_id)]
    assert "PRIVATE KEY" not in json.dumps(results)


def test_keys_come_and_go_with_the_run(desk: Desk) -> None:
    run_id = desk.cloud.name()
    hosts = desk.rent(run_id, count=2)["hosts"]
    folder = Path(hosts[0]["key_file"]).parent
    assert sorted(path.name for path in folder.iterdir()) == ["id_ed25519", "id_ed25519.pub", "known_hosts"]
    assert (folder / "known_hosts").read_text() == "".join(host["known_hosts_line"] for host in hosts)
    desk.remove(run_id)
    assert not folder.exists()


def test_a_run_grows_and_does_not_shrink(desk: Desk) -> None:
    run_id = desk.cloud.name()
    desk.rent(run_id)
    grown = desk.rent(run_id, count=3)
    noted, bought = grown["actions"]
    assert noted.startswith("note the attempt on the security group")
    assert bought.startswith("launch 2 x g4dn.xlarge (on-demand) at ")
    assert len(desk.owned(run_id)["instances"]) == len(grown["hosts"]) == 3
    refused = desk.rent(run_id, count=2)
    assert (refused["error_code"], len(desk.owned(run_id)["instances"])) == ("run_too_large", 3)
    desk.remove(run_id)


def test_a_name_can_be_used_again(desk: Desk) -> None:
    run_id = desk.cloud.name()
    for _life in range(3):
        assert len(desk.rent(run_id)["hosts"]) == 1
        assert desk.remove(run_id)["proof"]["left"] == []


def test_two_runs_do_not_touch_each_other(desk: Desk) -> None:
    first, second = desk.cloud.name(), desk.cloud.name()
    desk.rent(first)
    desk.rent(second)
    kept = desk.owned(second)
    desk.remove(first)
    assert (desk.owned(first), desk.owned(second)) == ({}, kept)
    desk.remove(second)


def test_somebodys_key_pair_is_used_and_kept(desk: Desk) -> None:
    run_id, key_name = desk.cloud.name(), desk.cloud.name()
    desk.cloud.client("ec2").create_key_pair(KeyName=key_name)
    desk.rent(run_id, key_name=key_name)
    assert "key_pairs" not in desk.owned(run_id)
    desk.remove(run_id)
    assert key_name in [row["name"] for (_region, kind, _id), row in desk.truth().items() if kind == "key_pairs"]


def test_a_fixed_address_of_the_run_is_released_while_attached(desk: Desk) -> None:
    run_id, ec2 = desk.cloud.name(), desk.cloud.client("ec2")
    (host,) = desk.rent(run_id)["hosts"]
    tags = [{"ResourceType": "elastic-ip", "Tags": [{"Key": "gpgpu:run", "Value": run_id}]}]
    address = ec2.allocate_address(Domain="vpc", TagSpecifications=tags)
    ec2.associate_address(AllocationId=address["AllocationId"], InstanceId=host["instance_id"])
    removed = desk.remove(run_id)
    assert f"remove fixed address {address['AllocationId']}" in removed["actions"]
    assert (removed["proof"]["left"], desk.owned(run_id)) == ([], {})


@pytest.mark.parametrize("state", ["present", "absent"])
def test_results_are_what_is_documented(desk: Desk, state: str) -> None:
    run_id = desk.cloud.name()
    result = desk.rent(run_id)
    removed = desk.remove(run_id)
    result = result if state == "present" else removed
    wanted = {name for name, entry in RETURNED.items() if entry["returned"] in ("success", f"when O(state={state})")}
    assert set(result) - {"changed", "diff", "invocation"} == wanted
    for host in result.get("hosts", []):
        assert set(host) == set(RETURNED["hosts"]["contains"])
    assert set(result.get("cost", {})) == set(RETURNED["cost"]["sample"] if state == "present" else ())
    assert set(result.get("proof", {})) == set(RETURNED["proof"]["sample"] if state == "absent" else ())
