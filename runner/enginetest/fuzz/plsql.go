package fuzz

import (
	"fmt"
	"strings"
)

// PLSQLSetup are the tables that the programs of PLSQL use, in the words that Oracle and MariaDB with sql_mode ORACLE share.
var PLSQLSetup = []string{
	"CREATE TABLE acc (id NUMBER(6) PRIMARY KEY, code VARCHAR2(8) NOT NULL, qty NUMBER(6), amt NUMBER(8,2), CONSTRAINT acc_code UNIQUE (code), CONSTRAINT acc_qty CHECK (qty > -60))",
	"CREATE TABLE item (id NUMBER(6) PRIMARY KEY, acc_id NUMBER(6) NOT NULL, note VARCHAR2(10), n INTEGER, CONSTRAINT item_acc FOREIGN KEY (acc_id) REFERENCES acc (id))",
	"CREATE TABLE trc (what VARCHAR2(60), num NUMBER(12,2), txt VARCHAR2(60))",
}

// PLSQLRows fill the tables.
var PLSQLRows = []string{
	"INSERT INTO acc (id, code, qty, amt) VALUES (1, 'aa', 10, 1.5)", "INSERT INTO acc (id, code, qty, amt) VALUES (2, 'bb', 20, 22.25)",
	"INSERT INTO acc (id, code, qty, amt) VALUES (3, 'Cc', NULL, NULL)", "INSERT INTO acc (id, code, qty, amt) VALUES (4, 'dddd', 0, 100)",
	"INSERT INTO acc (id, code, qty, amt) VALUES (5, 'e', 7, -3.05)", "INSERT INTO item (id, acc_id, note, n) VALUES (1, 1, 'one', 1)",
	"INSERT INTO item (id, acc_id, note, n) VALUES (2, 1, 'two', 5)", "INSERT INTO item (id, acc_id, note, n) VALUES (3, 2, NULL, NULL)",
	"INSERT INTO item (id, acc_id, note, n) VALUES (4, 4, 'Four', 2)", "INSERT INTO item (id, acc_id, note, n) VALUES (5, 4, 'four', -2)",
}

// PLSQLTables are the tables in the order in which their rows can go.
var PLSQLTables = []string{"trc", "item", "acc"}

// looks are queries for what is in the tables.
var looks = []string{
	"SELECT id, code, qty, amt FROM acc ORDER BY id", "SELECT id, acc_id, note, n FROM item ORDER BY id", "SELECT what, num, txt FROM trc",
}

// place is what the generator knows at a place of a routine.
type place struct {
	missing  bool     // an enclosing handler takes NO_DATA_FOUND and does not raise it again
	errors   []string // user exceptions in scope
	loops    []string // labels of enclosing loops
	counters []string // numbers that cannot be assigned
	rows     []string // records of cursor loops over acc (id, code, qty)
	handler  bool     // in a handler
	reads    bool     // a function: no changes
	params   bool     // x, y and z are there
	calls    []string // routines that may be called
	inside   bool     // in a loop
	commits  bool     // a procedure that may end the transaction
	numbers  bool     // the sequence sq is there
	once     *once    // shared by the places of a routine
}

// once is what may stand in a routine but once.
type once struct{ leaves bool }

// PLSQL is a program of PL/SQL in the subset in which MariaDB (10.11, sql_mode ORACLE, EMPTY_STRING_IS_NULL, STRICT_ALL_TABLES,
// ERROR_FOR_DIVISION_BY_ZERO, a binary collation without padding, rows counted as found) keeps to Oracle's manual. The parts have
// Separator between them: routines, packages, blocks, queries.
//
// In: anonymous blocks, procedures with IN, IN OUT and OUT parameters, defaults, named arguments, functions with numbers and texts as results, packages with state (numbers, texts, a record) in their bodies, private
// routines and initialization, triggers; NUMBER(p[,s]), INTEGER, VARCHAR2(n), BOOLEAN, %TYPE, %ROWTYPE; explicit cursors with
// parameters and their attributes, cursor loops; FOR, WHILE, LOOP, EXIT, CONTINUE, labels, GOTO; IF, CASE; SELECT INTO, INSERT, UPDATE, DELETE,
// SQL%ROWCOUNT; NO_DATA_FOUND, TOO_MANY_ROWS, DUP_VAL_ON_INDEX, INVALID_CURSOR, user exceptions with their scopes, OTHERS, RAISE again;
// records of tables, sequences, COMMIT and ROLLBACK in procedures, savepoints; whole numbers, ||, CONCAT, NVL, NVL2, DECODE, SUBSTR, INSTR, LENGTH, REPLACE, TRIM,
// LTRIM, RTRIM, LPAD, RPAD, UPPER, LOWER, CHR, ASCII, MOD, ROUND, SIGN, ABS, FLOOR, CEIL, ADD_MONTHS, TO_CHAR of dates.
// The harness gives each part a savepoint, as Oracle does, and commits it, as the target in autocommit.
//
// Out, because MariaDB does otherwise: NO_DATA_FOUND that no handler of the same routine takes (a warning there; the program goes on);
// variables after a failed assignment (NULL there) or TOO_MANY_ROWS (the first row there; undefined in the manual): only w, u and v take what may fail, and are read after success;
// VALUE_ERROR, ZERO_DIVIDE, CASE_NOT_FOUND, CURSOR_ALREADY_OPEN by name (unknown: OTHERS takes them); WHEN a OR b (no syntax); failing initial
// values (no handler takes them there); digits that an assignment cuts off (a note there, which OTHERS takes: they are rounded before); a cursor loop that an
// exception leaves, before others (the cursor stays open there, and takes the place of the next one); changes in functions (an error undoes the calling statement's there); SQLCODE, SQLERRM,
// RAISE_APPLICATION_ERROR, PRAGMA; division but where the result is rounded at once (scales); NUMBER without digits for fractions
// (a double there) and INTEGER beyond 32 bits; fractions made into text (1.50); text made into numbers; CHAR and trailing blanks; DATE;
// records of a type of the program, collections, cursor variables, nested routines, variables and cursors of package specifications, BULK COLLECT, FORALL, RETURNING,
// dynamic SQL, MERGE, variables of a package as targets of INTO, SQL%FOUND, SQL%ROWCOUNT of an UPDATE (rows that stay as they were do not count there), LTRIM with two arguments, TRUNC, TO_CHAR of numbers; OUT parameters after NO_DATA_FOUND; EXIT and CONTINUE out of a handler; COMMIT and ROLLBACK in loops over cursors; NULL in an order (first there), rows without ORDER BY.
func (g *Generator) PLSQL() *Node {
	g.names = 0
	var kids []*Node
	part := func(n *Node) { kids = append(kids, n) }
	var calls []string
	if g.chance(15) {
		part(leaf(Stmt, g.plTrigger()+Separator))
	}
	numbers := g.chance(25)
	if numbers {
		part(leaf(Stmt, "CREATE SEQUENCE sq START WITH 12 INCREMENT BY 5 NOCACHE"+Separator))
	}
	if g.chance(40) {
		fn := g.plRoutine(place{reads: true, params: false}, "CREATE OR REPLACE FUNCTION fn(x IN NUMBER) RETURN NUMBER IS\n", "  RETURN n1 + x;\nEND;")
		part(form(Stmt, "$"+Separator, fn))
		calls = append(calls, "w := fn("+g.pick("n1", "2", "NVL(n1, 1)")+");\n  n1 := w", "IF fn(1) > n1 THEN t1 := 'fn'; END IF")
	}
	if g.chance(35) {
		part(form(Stmt, "$"+Separator, g.plTextFunction(calls)))
		calls = append(calls, textCalls(g, true)...)
	}
	if g.chance(35) {
		n, more := g.plDefaults(place{calls: calls, commits: g.chance(12), numbers: numbers})
		part(form(Stmt, "$"+Separator, n))
		calls = append(calls, more...)
	}
	if g.chance(45) {
		part(form(Stmt, "$"+Separator, g.plRoutine(place{params: true, calls: calls, commits: g.chance(12), numbers: numbers}, "CREATE OR REPLACE PROCEDURE q(x IN NUMBER, y IN OUT NUMBER, z OUT VARCHAR2) IS\n", "  z := 'q' || n1;\nEND;")))
		calls = append(calls, "y2 := n1;\n  q("+g.pick("2", "n1", "5")+", y2, z2);\n  w := y2;\n  n1 := w", "q(1, y2, z2)")
	}
	looksAt := []string{}
	if g.chance(45) {
		for _, n := range g.plPackage(calls) {
			part(form(Stmt, "$"+Separator, n))
		}
		calls = append(calls, "pk.bump("+g.pick("1", "n1", "3")+")", "w := pk.state(1);\n  n1 := w", "pk.bump(2)")
		looksAt = append(looksAt, "SELECT pk.state(2) AS s FROM DUAL")
	}
	part(form(Stmt, "$"+Separator, g.plRoutine(place{params: true, calls: calls, commits: g.chance(12), numbers: numbers}, "CREATE OR REPLACE PROCEDURE p(x IN NUMBER, y IN OUT NUMBER, z OUT VARCHAR2) IS\n", "  z := t1 || '|' || n1 || '|' || y;\nEND;")))
	looksAt = append(looksAt, looks...)
	block := func(call string) {
		part(leaf(Stmt, "DECLARE\n  y NUMBER(6) := 3;\n  z VARCHAR2(60) := 'old';\nBEGIN\n  "+call+"\nEND;"+Separator))
	}
	check := func() {
		for _, q := range looksAt {
			part(leaf(Other, q+Separator))
		}
	}
	block("p(2, y, z);\n  INSERT INTO trc (what, num, txt) VALUES ('p 2', y, z);")
	check()
	if g.chance(25) { // what a call wrote before it failed is kept by Oracle alone
		block("BEGIN\n    p(5, y, z);\n  EXCEPTION\n    WHEN OTHERS THEN\n      INSERT INTO trc (what, num, txt) VALUES ('failed', y, z);\n  END;\n  INSERT INTO trc (what, num, txt) VALUES ('p 5', y, z);")
	} else {
		block("p(5, y, z);\n  INSERT INTO trc (what, num, txt) VALUES ('p 5', y, z);")
	}
	check()
	if g.chance(60) {
		part(form(Stmt, "$"+Separator, g.plRoutine(place{calls: append(calls, "p(n1, y2, z2)")}, "DECLARE\n  x NUMBER(6) := "+g.pick("1", "2", "4")+";\n", g.pick("", "", "  COMMIT;\n  INSERT INTO acc (id, code) VALUES ("+g.pick("1", "30")+", 'late');\n")+"END;")))
		check()
	}
	kids[len(kids)-1] = leaf(Other, looks[2])
	return join(Other, kids, "")
}

// plRoutine is a routine or a block with the variables that all statements use.
func (g *Generator) plRoutine(at place, head, tail string) *Node {
	at.missing, at.errors, at.once = false, nil, &once{}
	text := "VARCHAR2(" + g.pick("12", "20", "8") + ")"
	// What is assigned may fail: MariaDB has NULL in the variable then. w, u and v take it, and are read after success alone.
	decl := "  n1 " + g.pick("NUMBER(6)", "NUMBER(6)", "acc.qty%TYPE", "INTEGER") + " := " + g.pick("0", "1", "2") + ";\n" +
		"  t1 " + text + g.pick(" := 'start'", "", " DEFAULT 'a'") + ";\n  t2 " + text + ";\n  u " + text + ";\n  y2 NUMBER(8);\n  z2 VARCHAR2(60);\n  v NUMBER(8,2);\n  d1 NUMBER(8,2)" + g.pick("", " := 1.25") + ";\n  b1 BOOLEAN" + g.pick("", " := TRUE") + ";\n  w NUMBER(6);\n"
	if g.chance(60) {
		decl += "  e1 EXCEPTION;\n"
		at.errors = append(at.errors, "e1")
	}
	if g.chance(30) {
		decl += "  e2 EXCEPTION;\n"
		at.errors = append(at.errors, "e2")
	}
	if g.chance(40) && !at.reads && tail != "END;" && head[0] == 'C' {
		return form(Other, head+decl+"BEGIN\n$", g.plGuarded(at, 3, func(b *Node, h *Node) *Node { return form(Other, "$"+"  NULL;\nEXCEPTION\n$END;", b, h) }))
	}
	return form(Other, head+decl+"BEGIN\n$"+tail, g.plSteps(at, g.plDepth()))
}

// plDepth is how deep the statements of a routine are nested.
func (g *Generator) plDepth() int {
	if g.chance(20) {
		return 4
	}
	return 3
}

func (g *Generator) plTrigger() string {
	return g.pick("CREATE OR REPLACE TRIGGER tra BEFORE INSERT ON acc FOR EACH ROW\nBEGIN\n  IF :NEW.qty IS NULL THEN\n    :NEW.qty := 77;\n  END IF;\nEND;",
		"CREATE OR REPLACE TRIGGER tra AFTER UPDATE ON acc FOR EACH ROW\nBEGIN\n  INSERT INTO trc (what, num, txt) VALUES ('tra', :NEW.qty - :OLD.qty, :OLD.code || :NEW.code);\nEND;",
		"CREATE OR REPLACE TRIGGER tra BEFORE DELETE ON item FOR EACH ROW\nBEGIN\n  UPDATE acc SET qty = NVL(qty, 0) + 1 WHERE id = :OLD.acc_id;\nEND;",
		"CREATE OR REPLACE TRIGGER tra BEFORE UPDATE ON acc FOR EACH ROW\nDECLARE\n  bad EXCEPTION;\nBEGIN\n  IF :NEW.qty > 25 THEN\n    RAISE bad;\n  END IF;\n  :NEW.amt := NVL(:OLD.amt, 0) + 1;\nEND;")
}

// plPackage is a package pk with state that bump changes and state reads.
func (g *Generator) plPackage(calls []string) []*Node {
	spec := leaf(Other, "CREATE OR REPLACE PACKAGE pk AS\n  PROCEDURE bump(x IN NUMBER);\n  FUNCTION state(x IN NUMBER) RETURN NUMBER;\nEND;")
	at := place{calls: append([]string{"priv", "total := NVL(total, 0) + 1", "last := SUBSTR(t1, 1, 3)", "w := total;\n  n1 := w", "t1 := last",
		"row1.qty := NVL(row1.qty, 0) + 1", "row1.code := SUBSTR(t1, 1, 3);\n  row1.id := 7", "t1 := SUBSTR(row1.code, 1, 3)", "w := row1.qty;\n  n1 := w", "row1.id := total", "row1.qty := 4;\n  row1.amt := d1;\n  d1 := row1.amt"}, calls...)}
	proc := g.plRoutine(at, "  PROCEDURE bump(x IN NUMBER) IS\n", "  total := total + x;\nEND;")
	init := g.pick("", "BEGIN\n  row1.qty := 3;\n  row1.code := 'pk';\n", "BEGIN\n  total := total * 2;\n  last := 'init';\n", "BEGIN\n  SELECT COUNT(*) INTO total FROM acc;\n")
	body := form(Other, "CREATE OR REPLACE PACKAGE BODY pk AS\n  total NUMBER(10) := "+g.pick("0", "5", "3 + 4")+";\n  last VARCHAR2(6)"+g.pick("", " := 'none'")+";\n  row1 acc%ROWTYPE;\n  PROCEDURE priv IS\n  BEGIN\n    total := total + 10;\n"+
		g.pick("", "    INSERT INTO trc (what, num, txt) VALUES ('priv', total, last);\n")+"  END;\n$\n  FUNCTION state(x IN NUMBER) RETURN NUMBER IS\n  BEGIN\n    RETURN total * x + NVL(row1.qty, 0) * 100 + NVL(row1.id, 0) * 1000 + NVL(LENGTH(row1.code), 0) * 100000;\n  END;\n"+init+"END;", proc)
	return []*Node{spec, body}
}

func (g *Generator) plSteps(at place, nest int) *Node {
	var kids []*Node
	for range 1 + g.r.IntN(2) + g.r.IntN(2) {
		kids = append(kids, g.plStep(at, nest))
	}
	return join(Other, kids, "")
}

func (g *Generator) plStep(at place, nest int) *Node {
	line := func(f func(place) string) func() *Node {
		return func() *Node { return leaf(Stmt, "  "+f(at)+";\n") }
	}
	if nest <= 0 || g.chance(45) {
		list := []func() *Node{line(g.plSet), line(g.plSet), line(g.plInto)}
		if at.commits && !at.inside && len(at.rows) == 0 && g.chance(40) {
			list = append(list, line(func(place) string { return g.pick("COMMIT", "COMMIT", "ROLLBACK") }))
		}
		if at.numbers && !at.reads {
			list = append(list, line(func(place) string {
				return g.pick("n1 := sq.NEXTVAL", "INSERT INTO acc (id, code, qty) VALUES (sq.NEXTVAL, "+g.pick("'s' || n1", "'aa'", "t1")+", n1)", "SELECT sq.NEXTVAL INTO n1 FROM DUAL")
			}))
		}
		if !at.reads && !at.commits && !at.handler && !at.inside && nest == 3 && g.chance(15) {
			list = append(list, func() *Node {
				return form(Stmt, "  SAVEPOINT s1;\n$  IF "+g.plTest(at)+" THEN\n    ROLLBACK TO s1;\n  END IF;\n", leaf(Stmt, "  "+g.plWrite(at)+";\n"))
			})
		}
		if !at.reads {
			list = append(list, line(g.plWrite), line(g.plWrite), line(g.plWrite), line(g.plTrace))
		}
		if len(at.errors) > 0 {
			list = append(list, line(g.plRaise))
		}
		if len(at.loops) > 0 {
			list = append(list, line(g.plLeave))
		}
		if at.handler && (at.missing || g.chance(10)) {
			list = append(list, func() *Node { return leaf(Stmt, "  IF "+g.plTest(at)+" THEN RAISE; END IF;\n") })
			if !at.missing {
				list = list[:len(list)-1]
			}
		}
		if len(at.calls) > 0 {
			list = append(list, line(func(at place) string { return g.pick(at.calls...) }), line(func(at place) string { return g.pick(at.calls...) }))
		}
		if g.chance(10) {
			list = append(list, func() *Node { return leaf(Stmt, "  IF "+g.plTest(at)+" THEN "+g.plReturn(at)+"; END IF;\n") })
		}
		return g.one(list...)
	}
	return g.one(func() *Node { return g.plBlock(at, nest) }, func() *Node { return g.plBlock(at, nest) }, func() *Node { return g.plBlock(at, nest) }, func() *Node { return g.plLoop(at, nest) },
		func() *Node { return g.plCursor(at, nest) }, func() *Node { return g.plCursor(at, nest) }, func() *Node { return g.plChoice(at, nest) }, func() *Node { return g.plRecord(at, nest) })
}

func (g *Generator) plReturn(at place) string {
	if at.reads {
		return "RETURN n1"
	}
	return "RETURN"
}

func (g *Generator) plNumber(at place) string {
	s := []string{"n1", "n1", "y2", "x", "1", "2", "7", "0", "NULL", "LENGTH(t1)", "INSTR(t1, 'a')", "NVL(n1, 0)", "MOD(n1, 3)", "SIGN(n1)", "ABS(n1 - 5)", "ROUND(d1)", "FLOOR(d1)", "CEIL(d1)", "DECODE(n1, 1, 10, NULL, 20, 30)", "NVL2(t1, 1, 2)", "COALESCE(n1, y2, 4)",
		"CASE WHEN n1 > 2 THEN 1 ELSE n1 END", "GREATEST(n1, 3)", "LEAST(n1, x)", "-n1", "ASCII(t1)", "INSTR('banana', t1)", "ROUND(n1, -1)", "MOD(-n1, 4)", "NULLIF(n1, 2)", "LENGTH(t1 || t2)", "LENGTH('')"}
	if at.params {
		s = append(s, "y", "y")
	}
	for _, c := range at.counters {
		s = append(s, c, c, c)
	}
	for _, r := range at.rows {
		s = append(s, r+".id", r+".qty")
	}
	a := g.pick(s...)
	if g.chance(45) {
		return a + " " + g.pick("+", "-", "*", "+") + " " + g.pick(s...)
	}
	return a
}

func (g *Generator) plText(at place) string {
	s := []string{"t1", "t1", "t2", "SUBSTR(z2, 1, 4)", "'x'", "'long text'", "''", "NULL", "UPPER(t1)", "LOWER(t1)", "SUBSTR(t1, 2)", "SUBSTR(t1, -2)", "SUBSTR(t1, 1, n1)", "SUBSTR(t1, 0, 2)", "REPLACE(t1, 'a', '')", "REPLACE(t1, 'a', 'bb')", "TRIM(t1)", "LPAD(t1, 5, '*')", "NVL(t1, 'none')", "DECODE(n1, 1, 'one', 'other')", "n1", "NVL2(t1, 'y', 'n')",
		"CASE t1 WHEN 'start' THEN 'S' WHEN '' THEN 'E' END", "NULLIF(t1, 'a')", "CONCAT(t1, t2)", "CONCAT(t1, 'x')", "RPAD(t1, 3, 'ab')", "LTRIM(t1)", "RTRIM(t1)", "CHR(65)", "SUBSTR('abcdef', n1, 2)", "TO_CHAR(ADD_MONTHS(DATE '2024-01-31', x), 'YYYY-MM-DD')", "TO_CHAR(DATE '2024-02-09', 'DD/MM/YY')", "SUBSTR(t1, -9, 2)", "UPPER(SUBSTR(t1, 1, 1)) || LOWER(SUBSTR(t1, 2))"}
	for _, r := range at.rows {
		s = append(s, r+".code", r+".code")
	}
	a := g.pick(s...)
	if g.chance(45) {
		return a + " || " + g.pick(s...)
	}
	if a == "n1" {
		return "'n' || n1"
	}
	return a
}

func (g *Generator) plTest(at place) string {
	if g.chance(20) {
		return g.pick("NOT ", "") + "(" + g.plSimple(at) + " " + g.pick("AND", "OR") + " " + g.plSimple(at) + ")"
	}
	return g.plSimple(at)
}

func (g *Generator) plSimple(at place) string {
	return g.one(func() *Node {
		return leaf(Cond, g.plNumber(at)+" "+g.pick("=", "<>", ">", "<", ">=", "!=")+" "+g.plNumber(at))
	}, func() *Node { return leaf(Cond, "n1 "+g.pick(">", "<", "=")+" "+g.pick("1", "2", "5")) },
		func() *Node { return leaf(Cond, g.plText(at)+" "+g.pick("=", "<>", "<", ">")+" "+g.plText(at)) },
		func() *Node {
			return leaf(Cond, g.pick("t1", "n1", "y2", "t2", "z2")+" IS "+g.pick("", "NOT ")+"NULL")
		}, func() *Node {
			return leaf(Cond, g.pick("n1 BETWEEN 1 AND 4", "n1 NOT IN (1, 2)", "x IN (2, 3)", "t1 LIKE 's%'", "t1 NOT LIKE '_a%'", "b1", "NOT b1", "b1 IS NULL", "t1 = ''", "x = 2", "x = 5"))
		}).String()
}

func (g *Generator) plSet(at place) string {
	f := []func() string{func() string { return "w := " + g.plNumber(at) + ";\n  n1 := w" }, func() string { return "w := " + g.plNumber(at) + ";\n  n1 := w" }, func() string { return "u := " + g.plText(at) + ";\n  t1 := u" }, func() string { return "u := " + g.plText(at) + ";\n  t1 := u" }, func() string { return "b1 := " + g.plTest(at) },
		func() string {
			return "v := " + g.pick("ROUND(n1 / 3, 2)", "ROUND(d1 * 1.5, 2)", "ROUND(d1 + 0.005, 1)", "ROUND(n1 / 7, 1)", "d1 - n1", "ROUND(10 / (n1 - 1), 2)", "ROUND(d1 * 3, 1)", "NVL(d1, 0) + 0.45", "n1 * 2.5", "ROUND(d1, -1)") + ";\n  d1 := v"
		}, func() string { return "u := " + g.plText(at) + ";\n  t2 := u" }}
	if at.params {
		f = append(f, func() string { return "y := y + 1" }, func() string { return "y := " + g.pick("n1", "x * 2", "NULL") }, func() string { return "z := t1" })
	}
	return f[g.r.IntN(len(f))]()
}

func (g *Generator) plTrace(at place) string {
	return "INSERT INTO trc (what, num, txt) VALUES ('" + g.name("m") + "', " + g.pick(g.plNumber(at), "n1", "d1", "CASE WHEN b1 THEN 1 WHEN NOT b1 THEN 0 END") + ", " + g.pick(g.plText(at), "t1", "t2") + ")"
}

func (g *Generator) plWrite(at place) string {
	id := g.pick("1", "2", "x", "n1", "y2", "5", "3")
	for _, r := range at.rows {
		id = g.pick(id, r+".id")
	}
	s := g.pick("INSERT INTO acc (id, code, qty, amt) VALUES ("+g.pick("10", "11", "n1", "x", "1", "x + 20")+", "+g.pick("'new'", "t1", "'aa'", "'c' || n1", "SUBSTR(t1, 1, 8)")+", "+g.pick("n1", "NULL", "5", "x * 10")+", "+g.pick("d1", "ROUND(1.255, 2)", "NULL", "n1")+")",
		"INSERT INTO item (id, acc_id, note, n) VALUES ("+g.pick("10", "n1 + 20", "x", "1")+", "+g.pick("1", "x", "99", "n1", "NULL")+", "+g.pick("t1", "'note'", "'very long note'", "''")+", "+g.pick("n1", "NULL", "2")+")",
		"UPDATE acc SET qty = "+g.pick("qty + 1", "NVL(qty, 0) - 30", "qty * 2", "n1")+" WHERE id "+g.pick("=", "=", "<=")+" "+id, "UPDATE acc SET code = "+g.pick("'aa'", "code || 'x'", "t1", "UPPER(code)")+", amt = "+g.pick("amt + 1", "ROUND(amt * 1.1, 2)", "d1")+" WHERE id = "+id,
		"UPDATE item SET note = "+g.pick("note || n1", "t1", "NULL", "REPLACE(note, 'o', '')")+", n = "+g.pick("NVL(n, 0) + 1", "n1")+" WHERE "+g.pick("acc_id = "+id, "id = "+id, "note LIKE 'f%'", "n IS NULL"), "DELETE FROM item WHERE "+g.pick("acc_id = "+id, "id = "+id, "n < n1"),
		"DELETE FROM acc WHERE id = "+id, "INSERT INTO item (id, acc_id, note, n) SELECT id + 40, id, code, qty FROM acc WHERE qty > "+g.pick("n1", "x", "0"))
	if g.chance(25) && !strings.HasPrefix(s, "UPDATE") {
		s += ";\n  " + g.pick("n1 := SQL%ROWCOUNT", "INSERT INTO trc (what, num) VALUES ('"+g.name("rc")+"', SQL%ROWCOUNT)", "IF SQL%ROWCOUNT = 0 THEN t1 := 'none'; END IF", "n1 := SQL%ROWCOUNT")
	}
	return s
}

func (g *Generator) plInto(at place) string {
	list := []string{"SELECT COUNT(*) INTO n1 FROM " + g.pick("acc", "item", "trc WHERE num > n1", "acc WHERE qty > n1"), "SELECT MAX(qty), MIN(code) INTO w, u FROM acc;\n  n1 := w;\n  t1 := u", "SELECT SUM(n) INTO w FROM item WHERE acc_id = " + g.pick("x", "1", "99") + ";\n  n1 := w",
		"SELECT MAX(amt), COUNT(qty) INTO v, n1 FROM acc WHERE id > x;\n  d1 := v", "SELECT n1 * 2, t1 || 'd' INTO w, u FROM DUAL;\n  n1 := w;\n  t1 := u"}
	if at.missing {
		list = append(list, "SELECT qty INTO w FROM acc WHERE id = "+g.pick("x", "n1", "99", "1")+";\n  n1 := w", "SELECT n INTO w FROM item WHERE acc_id = "+g.pick("1", "2", "x", "99")+";\n  n1 := w", "SELECT qty, code INTO w, u FROM acc WHERE id = x + 2;\n  n1 := w;\n  t1 := u",
			"SELECT id INTO w FROM acc WHERE code = t1;\n  n1 := w", "SELECT i.n INTO w FROM item i JOIN acc a ON a.id = i.acc_id WHERE a.code = 'bb';\n  n1 := w", "SELECT qty INTO w FROM acc WHERE id IN (1, 2);\n  n1 := w")
	}
	return g.pick(list...)
}

func (g *Generator) plRaise(at place) string {
	e := g.pick(at.errors...)
	if at.missing && g.chance(15) {
		e = "NO_DATA_FOUND"
	} else if g.chance(10) {
		e = g.pick("DUP_VAL_ON_INDEX", "TOO_MANY_ROWS")
	}
	return "IF " + g.plTest(at) + " THEN RAISE " + e + "; END IF"
}

func (g *Generator) plLeave(at place) string {
	l := ""
	if g.chance(40) {
		l = " " + g.pick(at.loops...)
	}
	word := g.pick("EXIT", "CONTINUE")
	if g.chance(60) {
		return word + l + " WHEN " + g.plTest(at)
	}
	return "IF " + g.plTest(at) + " THEN " + word + l + "; END IF"
}

// plGuarded is a list of statements with one to three handlers.
func (g *Generator) plGuarded(at place, nest int, build func(body, handlers *Node) *Node) *Node {
	inner := at
	handler := at
	handler.handler = true
	handler.loops = nil // MariaDB knows no label there
	names := []string{"DUP_VAL_ON_INDEX", "NO_DATA_FOUND", "TOO_MANY_ROWS"}
	names = append(names, at.errors...)
	g.r.Shuffle(len(names), func(i, j int) { names[i], names[j] = names[j], names[i] })
	names = names[:g.r.IntN(3)]
	if len(names) == 0 || g.chance(60) {
		names = append(names, "OTHERS")
	}
	takes := at.missing
	again := g.chance(25)
	var tails []string
	for _, n := range names {
		if n == "OTHERS" || n == "NO_DATA_FOUND" {
			takes = true
		}
		tail := ""
		switch {
		case again && (n != "OTHERS" && n != "NO_DATA_FOUND" || at.missing):
			tail = "    RAISE;\n"
		case g.chance(20):
			tail = "    t1 := 'caught';\n"
		}
		if again && n == "OTHERS" && !at.missing {
			// nothing in the block raises NO_DATA_FOUND then, unless a handler of its own takes it
			tail = "    RAISE;\n"
			takes = len(names) > 1 && (names[0] == "NO_DATA_FOUND" || names[1] == "NO_DATA_FOUND")
		}
		tails = append(tails, tail)
	}
	inner.missing = takes
	body := g.plSteps(inner, nest-1) // before the handlers: it tells whether they may have cursors
	var kids []*Node
	for i, n := range names {
		kids = append(kids, form(Other, "  WHEN "+n+" THEN\n    NULL;\n$"+tails[i], g.plSteps(handler, min(nest-2, 1))))
	}
	return build(body, join(Other, kids, ""))
}

func (g *Generator) plBlock(at place, nest int) *Node {
	decl := ""
	if g.chance(20) {
		e := g.pick("e1", "e2", "e3")
		decl = "  DECLARE\n    " + e + " EXCEPTION;\n"
		found := false
		for _, x := range at.errors {
			found = found || x == e
		}
		if !found {
			at.errors = append(append([]string(nil), at.errors...), e)
		}
	} else if g.chance(20) {
		decl = "  DECLARE\n    n1 NUMBER(6) := " + g.pick("100", "x", "3") + ";\n    w NUMBER(6);\n"
	}
	return g.plGuarded(at, nest, func(b, h *Node) *Node {
		return form(Stmt, decl+"  BEGIN\n$    NULL;\n  EXCEPTION\n$  END;\n", b, h)
	})
}

func (g *Generator) plLoop(at place, nest int) *Node {
	inner := at
	inner.inside = true
	l, i := "", g.name("i")
	if g.chance(40) {
		l = g.name("l")
		inner.loops = append(append([]string(nil), at.loops...), l)
	} else if len(at.loops) > 0 {
		inner.loops = append([]string(nil), at.loops...)
	}
	label, end := "", ""
	if l != "" {
		label, end = "  <<"+l+">>\n", g.pick("", " "+l)
	}
	switch g.r.IntN(4) {
	case 3:
		if l == "" {
			l = g.name("again")
			label = "  <<" + l + ">>\n"
		}
		inner.loops = nil // no loop is there to be left
		return form(Stmt, "  DECLARE\n    "+i+" NUMBER(3) := 0;\n  BEGIN\n"+label+"    "+i+" := "+i+" + 1;\n$  IF "+i+" < 3 THEN\n    GOTO "+l+";\n  END IF;\n  END;\n", g.plSteps(inner, nest-1))
	case 0:
		inner.counters = append(append([]string(nil), at.counters...), i)
		return form(Stmt, label+"  FOR "+i+" IN "+g.pick("", "", "REVERSE ")+g.pick("1..3", "x..4", "0..2", "3..1", "-1..1")+" LOOP\n$    NULL;\n  END LOOP"+end+";\n", g.plSteps(inner, nest-1))
	case 1:
		return form(Stmt, "  DECLARE\n    "+i+" NUMBER(3) := 0;\n  BEGIN\n"+label+"  WHILE "+i+" < 3 LOOP\n    "+i+" := "+i+" + 1;\n$  END LOOP"+end+";\n  END;\n", g.plSteps(inner, nest-1))
	}
	return form(Stmt, "  DECLARE\n    "+i+" NUMBER(3) := 0;\n  BEGIN\n"+label+"  LOOP\n    "+i+" := "+i+" + 1;\n    EXIT WHEN "+i+" > "+g.pick("2", "3")+";\n$  END LOOP"+end+";\n  END;\n", g.plSteps(inner, nest-1))
}

func (g *Generator) plCursor(at place, nest int) *Node {
	if at.once.leaves { // the loop before may have been left
		return g.plLoop(at, nest)
	}
	inner := at
	c, r := g.name("c"), g.name("r")
	l := g.name("l")
	inner.loops = append(append([]string(nil), at.loops...), l)
	query := "SELECT id, code, qty FROM acc" + g.pick("", " WHERE qty > 5", " WHERE id > x", " WHERE code < 'c'", " WHERE id = 99") + " ORDER BY " + g.pick("id", "id DESC", "code", "NVL(qty, 0), id")
	if g.chance(35) {
		query = "SELECT i.id AS id, a.code AS code, i.n AS qty FROM item i JOIN acc a ON a.id = i.acc_id" + g.pick("", " WHERE a.id < 3") + " ORDER BY i.id"
	}
	inner.rows = append(append([]string(nil), at.rows...), r)
	inner.inside = true
	steps := func(at place) *Node { return g.plStays(at, nest-1) }
	if !at.inside && g.chance(30) {
		at.once.leaves = true
		steps = func(at place) *Node { return g.plSteps(at, nest-1) }
	}
	label := "  <<" + l + ">>\n"
	which := g.r.IntN(5)
	if which == 4 {
		return g.plFetching(inner, at, query, steps)
	}
	body := steps(inner)
	switch which {
	case 0:
		return form(Stmt, label+"  FOR "+r+" IN ("+query+") LOOP\n$    NULL;\n  END LOOP;\n", body)
	case 1:
		return form(Stmt, "  DECLARE\n    CURSOR "+c+" IS "+query+";\n  BEGIN\n"+label+"  FOR "+r+" IN "+c+" LOOP\n$    NULL;\n  END LOOP;\n  END;\n", body)
	case 2:
		return form(Stmt, "  DECLARE\n    CURSOR "+c+"(a1 NUMBER) IS SELECT id, code, qty FROM acc WHERE id >= a1 ORDER BY id;\n  BEGIN\n"+label+"  FOR "+r+" IN "+c+"("+g.pick("2", "x", "n1")+") LOOP\n$    NULL;\n  END LOOP;\n  END;\n", body)
	}
	after := g.pick("", "    n1 := "+c+"%ROWCOUNT;\n", "    IF "+c+"%NOTFOUND THEN\n      t1 := 'end';\n    END IF;\n")
	return form(Stmt, "  DECLARE\n    CURSOR "+c+" IS "+query+";\n    "+r+" "+c+"%ROWTYPE;\n  BEGIN\n  OPEN "+c+";\n"+label+"  LOOP\n    FETCH "+c+" INTO "+r+";\n    EXIT WHEN "+c+"%NOTFOUND;\n$  END LOOP;\n"+after+"  CLOSE "+c+";\n  END;\n", body)
}

// plFetching is a cursor that is fetched into variables.
func (g *Generator) plFetching(inner, at place, query string, steps func(place) *Node) *Node {
	c, v := g.name("c"), g.name("v")
	inner.rows, inner.loops = at.rows, nil
	inner.counters = append(append([]string(nil), at.counters...), v)
	cond := g.pick(c+"%FOUND", c+"%FOUND AND n1 < 50", c+"%FOUND AND "+c+"%ROWCOUNT < 3")
	return form(Stmt, fmt.Sprintf("  DECLARE\n    CURSOR %[1]s IS %[2]s;\n    %[3]s NUMBER(6);\n    %[3]st VARCHAR2(8);\n    %[3]sq NUMBER(6);\n  BEGIN\n  OPEN %[1]s;\n  FETCH %[1]s INTO %[3]s, %[3]st, %[3]sq;\n  WHILE %[4]s LOOP\n$    FETCH %[1]s INTO %[3]s, %[3]st, %[3]sq;\n  END LOOP;\n  CLOSE %[1]s;\n%[5]s  END;\n", c, query, v, cond,
		g.pick("", "  IF NOT "+c+"%ISOPEN THEN\n    t1 := 'shut';\n  END IF;\n", "  OPEN "+c+";\n  n1 := "+c+"%ROWCOUNT;\n  CLOSE "+c+";\n")), steps(inner))
}

// plStays is a list of statements that no exception leaves.
func (g *Generator) plStays(at place, nest int) *Node {
	inner := at
	inner.missing = true
	return form(Stmt, "  BEGIN\n$    NULL;\n  EXCEPTION\n  WHEN OTHERS THEN\n    t2 := 'stays';\n  END;\n", g.plSteps(inner, nest))
}

// plRecord is a block with a record of a table.
func (g *Generator) plRecord(at place, nest int) *Node {
	r := g.name("rec")
	inner := at
	inner.rows = append(append([]string(nil), at.rows...), r)
	decl := "  DECLARE\n    " + r + " acc%ROWTYPE;\n  BEGIN\n"
	if !at.missing || g.chance(40) {
		return form(Stmt, decl+"  "+r+".id := "+g.pick("1", "3", "40")+";\n  "+r+".code := "+g.pick("'r1'", "NULL", "'aa'")+";\n$  END;\n", g.plSteps(inner, nest-1))
	}
	return form(Stmt, decl+"  SELECT * INTO "+r+" FROM acc WHERE id = "+g.pick("1", "x", "3", "99")+";\n  "+r+".qty := NVL("+r+".qty, 0) + 1;\n$  END;\n", g.plSteps(inner, nest-1))
}

func (g *Generator) plChoice(at place, nest int) *Node {
	switch g.r.IntN(5) {
	case 0:
		return form(Stmt, "  CASE "+g.pick("x", "n1", "MOD(n1, 3)")+"\n  WHEN 1 THEN\n$  WHEN 2 THEN\n$"+g.pick("  ELSE\n    NULL;\n", "")+"  END CASE;\n", g.plSteps(at, nest-1), g.plSteps(at, nest-1))
	case 1:
		return form(Stmt, "  CASE\n  WHEN "+g.plTest(at)+" THEN\n$  WHEN "+g.plTest(at)+" THEN\n$  ELSE\n$  END CASE;\n", g.plSteps(at, nest-1), g.plSteps(at, nest-1), g.plSteps(at, 0))
	case 2:
		return form(Stmt, "  IF "+g.plTest(at)+" THEN\n$  ELSIF "+g.plTest(at)+" THEN\n$  END IF;\n", g.plSteps(at, nest-1), g.plSteps(at, nest-1))
	case 3:
		l := g.name("g")
		return form(Stmt, "  IF "+g.plTest(at)+" THEN\n    GOTO "+l+";\n  END IF;\n$  <<"+l+">>\n  NULL;\n", g.plSteps(at, 0))
	}
	return form(Stmt, "  IF "+g.plTest(at)+" THEN\n$  ELSE\n$  END IF;\n", g.plSteps(at, nest-1), g.plSteps(at, 0))
}
