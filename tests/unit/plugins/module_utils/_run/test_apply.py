# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The actions of a launch, carried out in order; what an earlier attempt left is taken over, what is foreign is not."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from ansible_collections.gpgpu.aws.plugins.module_utils._aws.errors import AwsCallError, GpuError
from ansible_collections.gpgpu.aws.plugins.module_utils._run.apply import Launch
from ansible_collections.gpgpu.aws.plugins.module_utils._run.plan import (
    Action,
    AllowSsh,
    BuyMachines,
    CreateSecurityGroup,
    ImportKey,
    NoteTrace,
    RevokeSsh,
)

from tests.unit.fakes.aws import FakeClient, FakeClock, aws_error, clients_of
from tests.unit.fakes.desk import keygen
from tests.unit.fakes.rows import RUN_ID, boto_tags, choice, instance, run_tags, spec

NAME = f"gpgpu-{RUN_ID}"
CREATE = CreateSecurityGroup(NAME, "")
ALLOW = AllowSsh(("192.0.2.7/32",), 22)
BUY = BuyMachines(1, 1, "g4dn.xlarge", "on-demand", 0.541)
ANSWERS: dict[str, Any] = {
    "create_security_group": {"GroupId": "sg-1"},
    "authorize_security_group_ingress": {"SecurityGroupRules": []},
    "revoke_security_group_ingress": {},
    "import_key_pair": {"KeyPairId": "key-1"},
    "create_tags": {},
    "run_instances": {"Instances": [instance(1, "pending")]},
}
OURS, FOREIGN = boto_tags(run_tags()), boto_tags({"gpgpu:run": "other"})


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("HOME", str(tmp_path))
    return tmp_path / ".ssh/gpgpu/us-west-2" / RUN_ID


def applied(*actions: Action, group_id: str = "", wanted: Any = None, **changes: Any) -> tuple[Launch, FakeClient]:
    """The launch after these actions, and the client they were carried out with."""
    client = FakeClient(**{**ANSWERS, **changes})
    work = Launch(clients_of(ec2=client), wanted or spec(), choice(), keygen, FakeClock(), group_id)
    work.apply(actions)
    return work, client


def test_a_whole_launch_is_four_calls() -> None:
    work, client = applied(CREATE, ALLOW, ImportKey(NAME), BUY)
    assert client.methods == [
        "create_security_group",
        "authorize_security_group_ingress",
        "import_key_pair",
        "run_instances",
    ]
    assert client.sent("authorize_security_group_ingress")[0]["GroupId"] == "sg-1"
    assert client.sent("run_instances")[0]["SecurityGroupIds"] == ["sg-1"]
    assert work.bought == ["i-1"]


def test_a_group_that_exists_is_used() -> None:
    revoke = RevokeSsh(("198.51.100.7/32",), 22)
    _work, client = applied(ALLOW, revoke, BUY, group_id="sg-9")
    assert client.sent("revoke_security_group_ingress")[0]["GroupId"] == "sg-9"
    assert client.sent("run_instances")[0]["SecurityGroupIds"] == ["sg-9"]


def test_a_group_left_by_an_earlier_attempt_is_taken_over() -> None:
    groups = {"SecurityGroups": [{"GroupId": "sg-2", "Tags": OURS}]}
    work, client = applied(
        CREATE, create_security_group=aws_error("InvalidGroup.Duplicate"), describe_security_groups=groups
    )
    assert work.group_id == "sg-2"
    filters = {one["Name"]: one["Values"] for one in client.sent("describe_security_groups")[0]["Filters"]}
    assert filters == {"group-name": [NAME], "tag:gpgpu:run": [RUN_ID]}


OURS_NOW = "2026-11-23T12:00:00Z 1 1 g4dn.xlarge on-demand -"
OTHER = "2026-11-23T11:00:00Z 4 1 g5.xlarge spot us-west-2a"
NOTHING: dict[str, Any] = {"Reservations": []}
BOUGHT = {"Reservations": [{"Instances": [instance(7, "pending")]}]}


def take_over(trace: str, *shown: Any) -> FakeClient:
    """The client after taking over a group with this trace, while a purchase shows this at each reading."""
    group = {"GroupId": "sg-2", "Tags": [*OURS, *boto_tags({"gpgpu:trace": trace})]}
    _work, client = applied(
        CreateSecurityGroup(NAME, "", OURS_NOW),
        create_security_group=aws_error("InvalidGroup.Duplicate"),
        describe_security_groups={"SecurityGroups": [group]},
        describe_instances=list(shown) or [NOTHING],
    )
    return client


@pytest.mark.parametrize(
    ("trace", "looks"),
    [
        pytest.param("", False, id="no trace"),
        pytest.param("a person's own words", False, id="foreign words"),
        pytest.param(OURS_NOW.replace(" 1 1 ", " 3 2 "), False, id="the same again: its token finds it"),
        pytest.param(OTHER, True, id="something else"),
    ],
)
def test_a_group_taken_over_tells_what_is_bought_now(trace: str, looks: bool) -> None:
    client = take_over(trace)
    assert ("describe_instances" in client.methods) == looks
    assert client.sent("create_tags") == [{"Resources": ["sg-2"], "Tags": [{"Key": "gpgpu:trace", "Value": OURS_NOW}]}]


def test_a_group_whose_launch_bought_something_else_ends_this_one() -> None:
    with pytest.raises(GpuError, match=r"bought i-7, which AWS shows only now") as refused:
        take_over(OTHER, BOUGHT)
    assert refused.value.code == "purchase_invisible"


def test_what_is_about_to_be_bought_is_written_on_the_group() -> None:
    _work, client = applied(CreateSecurityGroup(NAME, "", OURS_NOW), NoteTrace(OTHER))
    (made,) = client.sent("create_security_group")
    assert {"Key": "gpgpu:trace", "Value": OURS_NOW} in made["TagSpecifications"][0]["Tags"]
    assert client.sent("create_tags") == [{"Resources": ["sg-1"], "Tags": [{"Key": "gpgpu:trace", "Value": OTHER}]}]


def test_what_was_made_is_remembered() -> None:
    work, _client = applied(CREATE, ALLOW, ImportKey(NAME), BUY)
    assert work.made == {"security-group": ["sg-1"], "key-pair": [NAME]}
    assert work.done == [CREATE, ALLOW, ImportKey(NAME), BUY]


def test_a_rule_left_by_an_earlier_attempt_is_no_failure() -> None:
    applied(CREATE, ALLOW, authorize_security_group_ingress=aws_error("InvalidPermission.Duplicate"))


def test_a_key_pair_left_by_an_earlier_attempt_is_taken_over() -> None:
    late: dict[str, Any] = {"KeyPairs": []}
    pairs = {"KeyPairs": [{"KeyName": NAME, "Tags": OURS, "PublicKey": "ssh-ed25519 AAAA another comment"}]}
    _work, client = applied(
        ImportKey(NAME), import_key_pair=aws_error("InvalidKeyPair.Duplicate"), describe_key_pairs=[late, pairs]
    )
    asked = {"Filters": [{"Name": "key-name", "Values": [NAME]}], "IncludePublicKey": True}
    assert client.sent("describe_key_pairs") == [asked, asked], "AWS may list it a little later"


def test_a_key_pair_of_another_controller_is_refused() -> None:
    pairs = {"KeyPairs": [{"KeyName": NAME, "Tags": OURS, "PublicKey": "ssh-ed25519 BBBB"}]}
    with pytest.raises(GpuError, match="another public key") as refused:
        applied(ImportKey(NAME), import_key_pair=aws_error("InvalidKeyPair.Duplicate"), describe_key_pairs=pairs)
    assert refused.value.code == "key_elsewhere"


@pytest.mark.parametrize(
    ("action", "what", "changes"),
    [
        (
            CREATE,
            "Security group",
            {
                "create_security_group": aws_error("InvalidGroup.Duplicate"),
                "describe_security_groups": {"SecurityGroups": []},
            },
        ),
        (
            ImportKey(NAME),
            "Key pair",
            {
                "import_key_pair": aws_error("InvalidKeyPair.Duplicate"),
                "describe_key_pairs": {"KeyPairs": [{"KeyName": NAME, "Tags": FOREIGN}]},
            },
        ),
    ],
)
def test_what_carries_the_name_and_not_the_tag_is_left_alone(
    action: Action, what: str, changes: dict[str, Any]
) -> None:
    with pytest.raises(GpuError) as refused:
        applied(action, **changes)
    assert refused.value.code == "name_taken"
    assert str(refused.value) == (
        f"{what} {NAME} exists in us-west-2 without this run's tag. Choose another run id, or delete it if it is yours."
    )


@pytest.mark.parametrize(
    ("call", "made"),
    [
        ("create_security_group", ["create_security_group"]),
        ("authorize_security_group_ingress", ["create_security_group", "authorize_security_group_ingress"]),
        (
            "import_key_pair",
            ["create_security_group", "authorize_security_group_ingress", "import_key_pair"],
        ),
        (
            "run_instances",
            ["create_security_group", "authorize_security_group_ingress", "import_key_pair", "run_instances"],
        ),
    ],
)
def test_the_first_failure_ends_the_launch(call: str, made: list[str]) -> None:
    client = FakeClient(**{**ANSWERS, call: aws_error("UnauthorizedOperation")})
    work = Launch(clients_of(ec2=client), spec(), choice(), keygen, FakeClock())
    with pytest.raises(AwsCallError):
        work.apply([CREATE, ALLOW, ImportKey(NAME), BUY])
    assert client.methods == made
    assert work.bought == []


def test_the_key_of_a_run_is_made_once(home: Path) -> None:
    applied(ImportKey(NAME))
    (home / "id_ed25519.pub").write_text("ssh-ed25519 KEPT\n")
    _work, client = applied(ImportKey(NAME))
    assert client.sent("import_key_pair")[0]["PublicKeyMaterial"] == b"ssh-ed25519 KEPT"


def test_a_key_of_ones_own_is_imported_and_none_made(home: Path, tmp_path: Path) -> None:
    own = tmp_path / "own"
    own.write_text("private")
    own.chmod(0o600)
    own.with_suffix(".pub").write_text("ssh-rsa OWN ada\n")
    _work, client = applied(ImportKey(NAME), wanted=spec(key_file=str(own)))
    assert client.sent("import_key_pair")[0]["PublicKeyMaterial"] == b"ssh-rsa OWN ada"
    assert not home.exists()
