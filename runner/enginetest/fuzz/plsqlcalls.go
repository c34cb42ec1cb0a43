package fuzz

import "regexp"

// Defaults of parameters and named arguments are not known to MariaDB: programs of PLSQL mark them, and ForMariaDB takes them away. What a call
// leaves out for Oracle stands in a comment that MariaDB alone runs.
var oracleOnly = regexp.MustCompile(` ?(DEFAULT \S+|\w+ =>) /\*d\*/`)

// ForMariaDB is a part of a program without what MariaDB does not know.
func ForMariaDB(part string) string { return oracleOnly.ReplaceAllString(part, "") }

// plTextFunction is a function ft with a text result and a default.
func (g *Generator) plTextFunction(calls []string) *Node {
	tail := g.pick("  RETURN SUBSTR(t1 || s || n1, 1, 12);\n", "  RETURN s;\n", "  IF n1 > 2 THEN\n    RETURN NULL;\n  END IF;\n  RETURN UPPER(s) || t1;\n")
	return g.plRoutine(place{reads: true, calls: calls}, "CREATE OR REPLACE FUNCTION ft(x IN NUMBER, s IN VARCHAR2 DEFAULT 'df' /*d*/) RETURN VARCHAR2 IS\n", tail+"END;")
}

// textCalls are calls of ft, in expressions, conditions and queries; changes tells that the caller may write.
func textCalls(g *Generator, changes bool) []string {
	list := []string{"u := ft(1 /*M!, 'df' */);\n  t1 := SUBSTR(u, 1, 8)", "u := ft(" + g.pick("n1", "x", "2") + ", t1);\n  t2 := SUBSTR(u, 1, 8)", "IF ft(2, 'x') = t1 THEN t2 := 'ft'; END IF",
		"IF ft(x /*M!, 'df' */) IS NULL THEN n1 := 9; END IF", "SELECT MAX(ft(id, code)) INTO u FROM acc;\n  t1 := SUBSTR(u, 1, 8)", "u := 'a' || ft(n1, 'c') || t1;\n  t1 := SUBSTR(u, 1, 8)", "w := LENGTH(ft(3 /*M!, 'df' */));\n  n1 := w",
		"SELECT COUNT(*) INTO n1 FROM acc WHERE ft(id, code) = " + g.pick("code", "'dfstart0'", "t1")}
	if changes {
		list = append(list, "INSERT INTO trc (what, num, txt) VALUES ('ft', LENGTH(ft(1, t1)), ft(2, 'z'))", "UPDATE acc SET amt = LENGTH(ft(id /*M!, 'df' */)) WHERE id = "+g.pick("1", "x", "3"))
	}
	return list
}

// plDefaults is a procedure qd with defaults, and calls of it.
func (g *Generator) plDefaults(at place) (*Node, []string) {
	at.counters = []string{"k"}
	k, s := g.pick("4", "2+2", "NULL"), g.pick("'sd'", "NULL", "''")
	n := g.plRoutine(at, "CREATE OR REPLACE PROCEDURE qd(x IN NUMBER, k IN NUMBER DEFAULT "+k+" /*d*/, s IN VARCHAR2 DEFAULT "+s+" /*d*/) IS\n",
		"  INSERT INTO trc (what, num, txt) VALUES ('qd', k, s);\nEND;")
	return n, []string{"qd(2 /*M!, " + k + ", " + s + " */)", "qd(n1, y2 /*M!, " + s + " */)", "qd(1, 7, t1)", "qd(x, /*M!" + k + ", */ s => /*d*/ t2)", "qd(5, k => /*d*/ n1 /*M!, " + s + " */)",
		"BEGIN\n    qd(" + g.pick("n1", "1") + " /*M!, " + k + ", " + s + " */);\n    n1 := 1;\n  EXCEPTION\n    WHEN OTHERS THEN\n      t1 := 'qd';\n  END"}
}
