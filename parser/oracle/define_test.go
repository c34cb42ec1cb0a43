package oracle

import (
	"runtime"
	"strings"
	"testing"

	"godwit/ir"
)

func TestSubstitution(t *testing.T) {
	d := substitution{prefix: '&', concat: '.', escape: '\\', values: map[string]string{"A": "x", "LONG_NAME": "y"}}
	for _, x := range []struct{ text, want, missing, open string }{
		{"select &a, &&a.b, &LONG_name..c from t", "select x, xb, y.c from t", "", ""},
		{"select &b from &c.d where e = '&f' -- &g", "select &b from &c.d where e = '&f' -- &g", "b,c", "f,g"},
		{"'R&D' || '&a' || \"&a\"", "'R&D' || 'x' || \"x\"", "", "D"},
		{`'R\&a' & b &`, `'R&a' & b &`, "", ""},
		{"q'[&b;' &c]' &b", "q'[&b;' &c]' &b", "b", "b,c"},
		{"'&b' + &b + '&b' + &b", "'&b' + &b + '&b' + &b", "b,b", "b,b"},
	} {
		out, missing, open := d.substitute(x.text)
		if out != x.want || strings.Join(missing, ",") != x.missing || strings.Join(open, ",") != x.open {
			t.Errorf("%s:\n got %s, %v, %v\nwant %s, %s, %s", x.text, out, missing, open, x.want, x.missing, x.open)
		}
	}
}

// told are the texts of the units of a script with the codes of their findings.
func told(us []*ir.Unit) string {
	var out []string
	for _, u := range us {
		s := strings.Join(strings.Fields(u.Span.Text()), " ")
		for _, f := range u.Findings {
			s += " !" + f.Code
		}
		out = append(out, s)
	}
	return strings.Join(out, "\n")
}

func TestCommands(t *testing.T) {
	for _, x := range []struct{ name, text, want string }{
		{"variables", "DEFINE t = emp\nDEF n='a ''b'''\nSELECT '&n' FROM &t;\nUNDEFINE t\nSELECT 1 FROM &t;\n", "SELECT 'a 'b'' FROM emp !SY0300\nSELECT 1 FROM &t !SY0310"},
		{"no variables", "SET DEFINE OFF ECHO ON\nSELECT '&a' FROM dual;\nset define #\nDEFINE a = 1\nSELECT #a FROM dual;\n", "SELECT '&a' FROM dual\nSELECT 1 FROM dual"},
		{"text with an ampersand", "SELECT 'R&D' FROM dual;", "SELECT 'R&D' FROM dual !SY0311"},
		{"variable of a variable", "DEFINE a = &1\nSELECT &a FROM dual;", "SELECT &a FROM dual !SY0310"},
		{"include", "@@ setup.sql\nSTART 'a b.sql' x\n@\"c d\" 1;\n", "@@ setup.sql !SY0326\nSTART 'a b.sql' x !SY0326\n@\"c d\" 1; !SY0326"},
		{"execute", "EXEC p(1)\nexecute :x := 2;\nEXEC p( -\n 1)\nEXEC\n", "EXEC p(1)\nexecute :x := 2;\nEXEC p( 1)\nEXEC !SY0307"},
		{"again", "INSERT INTO t VALUES (1);\n/\nCREATE TABLE u (a NUMBER);\n/\nBEGIN NULL; END;\n/\n/\n", "INSERT INTO t VALUES (1)\nINSERT INTO t VALUES (1) !SY0312\n" +
			"CREATE TABLE u (a NUMBER)\nBEGIN NULL; END;\nBEGIN NULL; END; !SY0312"},
		{"exit", "COMMIT;\nEXIT\nROLLBACK;\nCOMMIT;", "COMMIT\nROLLBACK !SY0313\nCOMMIT"},
		{"client", "HOST rm x\n!ls\nPRINT x\nVARIABLE x NUMBER\nPAUSE\nSPOOL a.log\nTTITLE 'x'\n", "HOST rm x !SY0307\n!ls !SY0307\nPRINT x !SY0307\nCREATE OR REPLACE PACKAGE sqlplus AS X NUMBER; END;"},
		{"dashes", "SELECT 1, -\n 2 FROM dual;\nSELECT 5 -\n 2 FROM dual;\n", "SELECT 1, 2 FROM dual\nSELECT 5 - 2 FROM dual !SY0323"},
		{"wrapped", "CREATE OR REPLACE PACKAGE BODY k wrapped\na000000\n1f\nabcd ef'\n/\nCOMMIT;", "CREATE OR REPLACE PACKAGE BODY k wrapped a000000 1f abcd ef' !SY0314\nCOMMIT"},
	} {
		if got := told(parse(t, x.text)); got != x.want {
			t.Errorf("%s:\n got %s\nwant %s", x.name, got, x.want)
		}
	}
}

func TestSettings(t *testing.T) {
	us := parse(t, "ALTER SESSION SET nls_date_format = 'YYYY' nls_sort=binary;\nCONNECT scott/tiger@db\nCREATE TABLE t (a NUMBER);\nALTER SESSION SET CURRENT_SCHEMA = hr;\nDROP TABLE &x;\n", "define.x=y")
	table := us[2]
	if table.Settings["nls-date-format"] != "YYYY" || table.Settings["nls-sort"] != "BINARY" || table.Schema != "SCOTT" || table.Object != "table SCOTT.T" {
		t.Errorf("%v, schema %s, %s", table.Settings, table.Schema, table.Object)
	}
	if got := us[4].Schema + " " + us[4].Span.Text(); got != "HR DROP TABLE y" {
		t.Errorf("got %s", got)
	}
	if s := us[1].Stmts[0].(*ir.Unsupported); strings.Contains(s.Text, "tiger") {
		t.Errorf("the password is kept: %s", s.Text)
	}
}

// TestTableOfTrigger: without a schema the table is the session's, not the trigger's owner's (PL/SQL Language Reference, CREATE TRIGGER).
func TestTableOfTrigger(t *testing.T) {
	us := parse(t, "ALTER SESSION SET CURRENT_SCHEMA = hr;\nCREATE TRIGGER app.r BEFORE INSERT ON u FOR EACH ROW BEGIN NULL; END;\n/\n")
	if q := us[1].Stmts[0].(*ir.CreateTrigger).Table.Name; q.Schema() != "HR" || q.Name() != "U" || us[1].Schema != "APP" {
		t.Errorf("the trigger of %s is on %s.%s", us[1].Schema, q.Schema(), q.Name())
	}
}

func TestPlaces(t *testing.T) {
	us := parse(t, "-- a\nDEFINE c = 'abc'\n\nSELECT\n  &c, FROM dual;\n")
	f := us[0].Findings[0]
	if got := f.Span.String(); got != "x.sql:5:8" && got != "x.sql:5:9" {
		t.Errorf("the finding is at %s", got)
	}
	if us[0].Span.Line() != 4 {
		t.Errorf("the unit is at line %d", us[0].Span.Line())
	}
	us = parse(t, "CREATE OR REPLACE\nPROCEDURE p IS\nBEGIN\n  x := $$PLSQL_LINE; y := $$PLSQL_UNIT; z := $$flag;\nEND;\n/\n", "plsql-ccflags=flag:TRUE")
	if got := tree(us[0].Stmts[0]); !strings.Contains(got, "Value=3") || !strings.Contains(got, "'P'") || !strings.Contains(got, "Value=true") {
		t.Errorf("inquiries: %s", got)
	}
}

// TestMemoryIsLinear reads scripts of statements that are read twice, or that have much to be replaced, for what each costs.
func TestMemoryIsLinear(t *testing.T) {
	for _, one := range []string{"INSERT INTO t VALUES (1 -\n, 'a&b' -\n);\n", "INSERT INTO t VALUES ('&x', '&x', 'R&D');\n", "-- a -\nCOMMIT;\n", "DEFINE y = 1\nSELECT &y FROM t;\n"} {
		cost := func(n int) float64 {
			text := "DEFINE x = abc\n" + strings.Repeat(one, n)
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			parse(t, text)
			runtime.ReadMemStats(&after)
			return float64(after.TotalAlloc-before.TotalAlloc) / float64(len(text))
		}
		if small, large := cost(500), cost(5000); large > 2*small+50 {
			t.Errorf("%q: %.0f bytes per byte for 500, %.0f for 5,000", one, small, large)
		}
	}
}
