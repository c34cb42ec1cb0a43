# Shared by the scripts of this folder; sourced with the checkout as the current
# folder. Sets $engines to the built engines command.

die() {
	echo "$0: $*" >&2
	exit 1
}

# Go's version is checked before anything is built with it.
need_go() {
	command -v go >/dev/null 2>&1 || die "Go is missing: install Go 1.26 or later and put it on PATH"
	v=$(go env GOVERSION)
	minor=${v#go1.}
	minor=${minor%%[!0-9]*}
	case $v in
	go1.*) [ "${minor:-0}" -ge 26 ] || die "$v is too old: install Go 1.26 or later" ;;
	esac
}

# The engines command is built, not run by "go run": go run does not pass
# signals on, and the servers must end with us.
build_engines() {
	engines=$PWD/.engines/bin/engines
	mkdir -p .engines/bin
	(cd bench && CGO_ENABLED=0 go build -o "$engines" ./engines) || die "bench/engines does not build"
}

# pg_query, PostgreSQL's own parser, is C.
need_cc() {
	if command -v "$(go env CC)" >/dev/null 2>&1 &&
		printf '#include <stdlib.h>\n' | "$(go env CC)" -E -x c - >/dev/null 2>&1; then
		return
	fi
	echo "== installing a C compiler" >&2
	"$engines" install gcc libc6-dev || die "a C compiler is needed: install gcc and libc6-dev"
}
