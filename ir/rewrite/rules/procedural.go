package rules

import (
	"godwit/ir/rewrite"
	"godwit/ir/rewrite/atomic"
	"godwit/ir/rewrite/autocommit"
	"godwit/ir/rewrite/autonomous"
	"godwit/ir/rewrite/calls"
	"godwit/ir/rewrite/catches"
	"godwit/ir/rewrite/collections"
	"godwit/ir/rewrite/compoundtriggers"
	"godwit/ir/rewrite/cursorloop"
	"godwit/ir/rewrite/cursors"
	"godwit/ir/rewrite/dynamicsql"
	"godwit/ir/rewrite/encoded"
	"godwit/ir/rewrite/evaluation"
	"godwit/ir/rewrite/events"
	"godwit/ir/rewrite/fetch"
	"godwit/ir/rewrite/geometries"
	"godwit/ir/rewrite/gotos"
	"godwit/ir/rewrite/handlers"
	"godwit/ir/rewrite/heldcursors"
	"godwit/ir/rewrite/idioms"
	"godwit/ir/rewrite/lastinsertid"
	"godwit/ir/rewrite/names"
	"godwit/ir/rewrite/nested"
	"godwit/ir/rewrite/objecttypes"
	"godwit/ir/rewrite/objectvalues"
	"godwit/ir/rewrite/outcalls"
	"godwit/ir/rewrite/packages"
	"godwit/ir/rewrite/plcursors"
	"godwit/ir/rewrite/plroutines"
	"godwit/ir/rewrite/pltransactions"
	"godwit/ir/rewrite/pltriggers"
	"godwit/ir/rewrite/prepared"
	"godwit/ir/rewrite/raising"
	"godwit/ir/rewrite/ranges"
	"godwit/ir/rewrite/resultsets"
	"godwit/ir/rewrite/routines"
	"godwit/ir/rewrite/rowcount"
	"godwit/ir/rewrite/rowobjects"
	"godwit/ir/rewrite/roworder"
	"godwit/ir/rewrite/runningnumbers"
	"godwit/ir/rewrite/selectinto"
	"godwit/ir/rewrite/session"
	"godwit/ir/rewrite/sessionzones"
	"godwit/ir/rewrite/signal"
	"godwit/ir/rewrite/simpleintegers"
	"godwit/ir/rewrite/supplied"
	"godwit/ir/rewrite/transactions"
	"godwit/ir/rewrite/triggers"
	"godwit/ir/rewrite/unraised"
	"godwit/ir/rewrite/uservariables"
	"godwit/ir/rewrite/valueerrors"
)

// procedural lists the rules for routines, triggers and what stands in them.
func procedural() []*rewrite.Rule {
	return append(psm(), plsql()...)
}

// plsql lists the rules for PL/SQL.
func plsql() []*rewrite.Rule {
	return spoken(rewrite.PLSQL,
		compoundtriggers.Rule(),
		roworder.Rule(),
		packages.Rule(),
		packages.State(),
		autonomous.Rule(),
		simpleintegers.Rule(),
		supplied.Rule(),
		sessionzones.Rule(),
		collections.Rule(),
		objecttypes.Unmade(),
		objecttypes.Rule(),
		objectvalues.Rule(),
		encoded.Rule(),
		rowobjects.Rule(), rowobjects.Inserted(),
		geometries.Rule(),
		dynamicsql.Rule(),
		gotos.Rule(),
		pltriggers.Rule(),
		pltransactions.Rule(),
		plcursors.Rule(),
		plcursors.Packaged(),
		outcalls.Rule(),
		raising.Rule(),
		catches.Rule(),
		unraised.Rule(),
		valueerrors.Rule(),
		valueerrors.Numbers(),
		nested.With(),
		nested.Rule(),
		plroutines.Rule(),
	)
}

// psm lists the rules for SQL/PSM; names is about both.
func psm() []*rewrite.Rule {
	return append(spoken(rewrite.PSM,
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
		heldcursors.Rule(),
		idioms.Rule(),
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
		transactions.Settings(),
		transactions.Routines(),
	), names.Rule(), transactions.Errors())
}

// spoken restricts rules to units with procedural code of a language.
func spoken(l rewrite.Language, list ...*rewrite.Rule) []*rewrite.Rule {
	for _, r := range list {
		r.Language = l
	}
	return list
}
