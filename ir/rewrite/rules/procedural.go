package rules

import (
	"godwit/ir/rewrite"
	"godwit/ir/rewrite/atomic"
	"godwit/ir/rewrite/autocommit"
	"godwit/ir/rewrite/calls"
	"godwit/ir/rewrite/cursorloop"
	"godwit/ir/rewrite/cursors"
	"godwit/ir/rewrite/evaluation"
	"godwit/ir/rewrite/events"
	"godwit/ir/rewrite/fetch"
	"godwit/ir/rewrite/handlers"
	"godwit/ir/rewrite/idioms"
	"godwit/ir/rewrite/lastinsertid"
	"godwit/ir/rewrite/names"
	"godwit/ir/rewrite/prepared"
	"godwit/ir/rewrite/ranges"
	"godwit/ir/rewrite/resultsets"
	"godwit/ir/rewrite/routines"
	"godwit/ir/rewrite/rowcount"
	"godwit/ir/rewrite/runningnumbers"
	"godwit/ir/rewrite/selectinto"
	"godwit/ir/rewrite/session"
	"godwit/ir/rewrite/signal"
	"godwit/ir/rewrite/transactions"
	"godwit/ir/rewrite/triggers"
	"godwit/ir/rewrite/uservariables"
)

// procedural lists the rules for routines, triggers and what stands in them.
func procedural() []*rewrite.Rule {
	return []*rewrite.Rule{
		ranges.Rule(),
		triggers.Rule(),
		atomic.Rule(),
		autocommit.Rule(),
		uservariables.Rule(),
		events.Rule(),
		calls.Rule(),
		cursorloop.Rule(),
		cursors.Rule(),
		evaluation.Rule(),
		fetch.Rule(),
		handlers.Rule(),
		idioms.Rule(),
		names.Rule(),
		prepared.Rule(),
		resultsets.Rule(),
		routines.Rule(),
		rowcount.Rule(),
		runningnumbers.Rule(),
		rowcount.Session(),
		lastinsertid.Rule(),
		selectinto.Rule(),
		session.Rule(),
		signal.Rule(),
		transactions.Rule(),
		transactions.Routines(),
		transactions.Errors(),
	}
}
