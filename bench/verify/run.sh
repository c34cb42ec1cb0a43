#!/usr/bin/env bash
# Plants 50 differences among many rows while the source is written to and the
# change stream applies, verifies, repairs, and prints the figures.
#
#   bench/verify/run.sh [ROWS [mysql80|mariadb]]     default: 4000000 mysql80
#
# The servers are those of scripts/test; it starts its own.
set -eu -o pipefail
cd "$(dirname "$0")/../.."
rows=${1-4000000}
source=${2-mysql80}
bin=$(mktemp -d)
trap 'rm -rf "$bin"' EXIT
(cd bench && go build -o "$bin/engines" ./engines)
go test -c -o "$bin/godwit.test" ./cmd/godwit
cd cmd/godwit
GODWIT_ENGINES=${GODWIT_ENGINES-$PWD/../../.engines} GODWIT_VERIFY_ROWS=$rows "$bin/engines" run --only "$source,pg15" -- \
	"$bin/godwit.test" -test.run "^TestPlantedDifferences\$/^$source\$" -test.v -test.timeout 60m
