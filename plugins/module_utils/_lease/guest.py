# Copyright: (c) 2026, gpgpu.aws contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The guest's ring of the lease: a timer inside the machine that powers it off at the deadline. Pure.

The machine is launched with InstanceInitiatedShutdownBehavior=terminate, so a power-off ends it.
`halt` would leave it running and billed. The timer asks for the time every half minute instead of once,
so that it survives a reboot, a clock that is set late, and a machine that slept through its deadline.
An image made from a leased machine carries that machine's end along; cloud-init tells bootcmd the id of the new one.
https://docs.cloud-init.io/en/latest/reference/modules.html#bootcmd
"""

from __future__ import annotations

from datetime import datetime
from textwrap import dedent

_SCRIPT = dedent(
    """\
    mkdir -p /etc/gpgpu /usr/local/sbin
    if [ ! -s /etc/gpgpu/lease-end ] || [ "$(cat /etc/gpgpu/leased)" != "$INSTANCE_ID" ]; then
    echo {epoch} >/etc/gpgpu/lease-end
    echo "$INSTANCE_ID" >/etc/gpgpu/leased
    fi
    cat >/usr/local/sbin/gpgpu-lease <<'END'
    #!/bin/sh
    # Powers this machine off once its lease (seconds since 1970, UTC) is over; a damaged end counts as the first one.
    end=$(cat /etc/gpgpu/lease-end)
    case $end in '' | *[!0-9]*) end={epoch} ;; esac
    [ "$(date +%s)" -ge "$end" ] || exit 0
    systemctl poweroff || poweroff || poweroff -f
    END
    chmod 0755 /usr/local/sbin/gpgpu-lease
    if [ -d /run/systemd/system ]; then
    cat >/etc/systemd/system/gpgpu-lease.service <<'END'
    [Unit]
    Description=End this machine when its lease is over
    DefaultDependencies=no
    [Service]
    Type=oneshot
    ExecStart=/usr/local/sbin/gpgpu-lease
    END
    cat >/etc/systemd/system/gpgpu-lease.timer <<'END'
    [Unit]
    Description=Watch the lease of this machine
    DefaultDependencies=no
    [Timer]
    OnActiveSec=1s
    OnUnitActiveSec=30s
    AccuracySec=1s
    [Install]
    WantedBy=timers.target
    END
    systemctl daemon-reload
    systemctl enable gpgpu-lease.timer
    systemctl start --no-block gpgpu-lease.timer
    else
    setsid sh -c 'while :; do /usr/local/sbin/gpgpu-lease; sleep 5; done' </dev/null >/dev/null 2>&1 &
    fi
    """
)


def arm_script(end: datetime) -> str:
    """The shell script that arms the timer; run early at every boot.

    Parameters:
        end: the end of the lease. A later boot keeps the end already stored on the machine.
    """
    return _SCRIPT.format(epoch=int(end.timestamp()))
