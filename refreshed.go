package godwit

import (
	"slices"

	"godwit/emit/postgres"
	"godwit/ir"
)

// refreshed fills a materialized view that stands behind statements of the script, which run last: where it is made none of their rows is there
// yet. Rows that come behind it are not in it on the source either, until it is refreshed.
func (l *layout) refreshed(u *Unit) {
	if !l.script || len(u.Stmts) == 0 {
		return
	}
	m, ok := u.Stmts[0].(*ir.MaterializedView)
	if !ok || m.BuildDeferred {
		return
	}
	if m.Object == nil || !slices.ContainsFunc(u.Outputs, func(o postgres.Output) bool { return o.Kind == "view" }) {
		return
	}
	name := postgres.Quote(m.Object.Target)
	if m.Object.TargetSchema != "" {
		name = postgres.Quote(m.Object.TargetSchema) + "." + name
	}
	b := l.at("other", "", "script")
	if b.any {
		b.write("\n")
	}
	l.statement(b, postgres.Output{SQL: "REFRESH MATERIALIZED VIEW " + name}, false)
}
