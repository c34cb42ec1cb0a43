package mysql

import "github.com/go-mysql-org/go-mysql/replication"

// alterPhase is the half of an ALTER TABLE that a group of MariaDB's log holds. With binlog_alter_two_phase the statement is
// logged when it begins and again when it ends, and other transactions, which find the table as it was, stand between.
type alterPhase int

const (
	alterWhole   alterPhase = iota
	alterStarted            // nothing has changed yet
	alterDone
	alterUndone // it failed: nothing has changed
)

// readAlterPhase reads the flags at the end of a GTID event, which the client library passes over.
// See Gtid_log_event::Gtid_log_event in MariaDB's sql/log_event.cc.
func readAlterPhase(raw []byte) alterPhase {
	const (
		flags2                             = 8 + 4 // behind sequence number and domain
		groupCommit, prepared, completed   = 2, 64, 128
		multiEngine, started, done, undone = 1, 2, 4, 8
	)
	b := raw[min(len(raw), replication.EventHeaderSize):]
	if len(b) <= flags2 {
		return alterWhole
	}
	flags := b[flags2]
	b = b[flags2+1:]
	skip := 0
	if flags&groupCommit != 0 {
		skip = 8
	}
	if flags&(prepared|completed) != 0 && len(b) >= skip+6 {
		skip += 6 + int(b[skip+4]) + int(b[skip+5])
	}
	if len(b) <= skip {
		return alterWhole
	}
	switch extra := b[skip]; {
	case extra&started != 0:
		return alterStarted
	case extra&done != 0:
		return alterDone
	case extra&undone != 0:
		return alterUndone
	}
	return alterWhole
}
