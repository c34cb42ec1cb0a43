package supplied

import (
	"strings"

	"godwit/ir"
	"godwit/ir/dialect"
	"godwit/ir/rewrite"
	"godwit/ir/rewrite/build"
)

// inForce are the settings of a session that everything is converted by, unless the script or the user says something else.
var inForce = map[string]string{
	"nls-numeric-characters": ".,", "nls-date-format": "DD-MON-RR", "nls-timestamp-format": "DD-MON-RR HH.MI.SSXFF AM", "nls-timestamp-tz-format": "DD-MON-RR HH.MI.SSXFF AM TZR",
	"nls-date-language": "AMERICAN", "nls-sort": "BINARY", "nls-comp": "BINARY", "nls-calendar": "GREGORIAN",
}

// setNLS is DBMS_SESSION.SET_NLS, whose value stands in quotes where it is more than a word: a value that is in force changes nothing, another one would
// be in force for whatever runs later.
func (r *run) setNLS(s ir.Stmt, c *ir.Call) ir.Stmt {
	name, known := build.TextLiteral(ir.Bare(c.Args[0]))
	value, literal := build.TextLiteral(ir.Bare(c.Args[1]))
	key := dialect.NormalizeSetting(name)
	is := inForce[key]
	if v, told := r.Settings[key]; told {
		is = v
	}
	bare := strings.TrimSuffix(strings.TrimPrefix(strings.TrimSpace(value), "'"), "'")
	if !known || !literal || is == "" || !strings.EqualFold(bare, is) {
		rewrite.Refuse(r.Pass, unnamed, s.Base().Span, "DBMS_SESSION.SET_NLS with a value that is not in force")
		return s
	}
	return r.nothing(s)
}
