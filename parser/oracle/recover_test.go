package oracle

import (
	"strings"
	"testing"

	"godwit/ir"
)

// What cannot be read costs the member of a package that it stands in, and the whole package where the end of the member is not certain.
func TestUnreadMembers(t *testing.T) {
	const routines = "  PROCEDURE a IS BEGIN %; END a;\n  PROCEDURE b IS BEGIN NULL; END b;\n"
	for _, c := range []struct {
		text    string
		members int // 0: the whole package
		unread  int
	}{
		{"CREATE PACKAGE BODY p IS\n" + strings.Replace(routines, "%", "DO IT", 1) + "END;\n/\n", 2, 1},
		{"CREATE PACKAGE BODY p IS\n" + strings.Replace(routines, "%", "IF x IS OF THEN NULL; END IF; CASE x WHEN 1 THEN NULL; END CASE", 1) + "END;\n/\n", 2, 1},
		{"CREATE PACKAGE BODY p IS\n  v NUMBER DO IT;\n" + strings.Replace(routines, "%", "NULL", 1) + "END;\n/\n", 3, 1},
		{"CREATE PACKAGE p IS\n  PROCEDURE a(x NUMBER DO IT);\n  PROCEDURE a(x DATE);\n  PROCEDURE b;\nEND;\n/\n", 3, 2},
		{"CREATE PACKAGE BODY p IS\n  PROCEDURE a(x NUMBER DO IT) IS\n    PROCEDURE c IS BEGIN NULL; END;\n  BEGIN c; END;\n  PROCEDURE b IS BEGIN NULL; END;\nEND;\n/\n", 2, 1},
		// an END is missing, or stands for another routine
		{"CREATE PACKAGE BODY p IS\n" + strings.Replace(routines, "%", "IF 1 = 1 THEN DO IT", 1) + "END;\n/\n", 0, 1},
		{"CREATE PACKAGE BODY p IS\n  PROCEDURE a IS BEGIN DO IT; END z;\n  PROCEDURE b IS BEGIN NULL; END b;\nEND;\n/\n", 0, 1},
		{"CREATE PACKAGE BODY p IS\n  PRAGMA DO IT;\n" + strings.Replace(routines, "%", "NULL", 1) + "END;\n/\n", 0, 1},
	} {
		u := parse(t, c.text)[0]
		k, ok := u.Stmts[0].(*ir.Package)
		if ok != (c.members > 0) || ok && len(k.Decls) != c.members {
			t.Errorf("%s\nis %T", c.text, u.Stmts[0])
		}
		if len(u.Findings) != c.unread {
			t.Errorf("%s\nhas findings %v", c.text, u.Findings)
		}
	}
}
