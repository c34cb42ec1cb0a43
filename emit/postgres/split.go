package postgres

import (
	"strings"

	pg "github.com/pganalyze/pg_query_go/v6"

	"godwit/ir/diag"
)

// Split cuts a script into statements without their semicolons; comments in front of a statement stay with it, and text that
// is only comments gives none. Text that does not parse is one statement: nothing is ever dropped.
func Split(sql string) []string {
	if strings.TrimSpace(sql) == "" {
		return nil
	}
	parts, err := pg.SplitWithParser(sql, true)
	if err != nil {
		return []string{sql}
	}
	return parts
}

// Codes are the codes of the emitter's findings.
func Codes() []*diag.Code {
	return []*diag.Code{NotAccepted, NotExpressible, NameCollision, NameShortened, NameHidden, MemberRenamed}
}
