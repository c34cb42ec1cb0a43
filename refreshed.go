package godwit

import (
	"strings"

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
	for _, o := range u.Outputs {
		name, _, made := strings.Cut(strings.TrimPrefix(o.SQL, "CREATE MATERIALIZED VIEW "), " AS\n")
		if o.Kind != "view" || !made || strings.HasPrefix(name, "IF NOT EXISTS") {
			continue
		}
		name, _, _ = strings.Cut(name, " (") // its columns
		b := l.at("other", "", "script")
		if b.any {
			b.write("\n")
		}
		l.statement(b, postgres.Output{SQL: "REFRESH MATERIALIZED VIEW " + name}, false)
	}
}
