# SPDX-FileCopyrightText: 2026 gpgpu.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Prints a Makefile's sections (##@ Name) and documented targets (target: ... ## Sentence).
BEGIN { FS = ":.*## " }
/^##@ / { printf "\n%s\n", substr($0, 5) }
/^[a-z-]+:.*## / { printf "  make %-13s %s\n", $1, $2 }
