package godwit

import (
	"context"
	"strings"
	"testing"

	"godwit/emit/postgres"
	"godwit/ir/dialect"
	"godwit/ir/source"
	"godwit/runner/enginetest"
	"godwit/runner/enginetest/rows"
)

const profiledSchema = `CREATE TABLE dept (id NUMBER PRIMARY KEY, name VARCHAR2(20), budget NUMBER);
CREATE TABLE emp (id INTEGER PRIMARY KEY, dept_id NUMBER REFERENCES dept, sal NUMBER, boss NUMBER REFERENCES emp, n NUMBER, big NUMBER, "Odd,Name" NUMBER);
CREATE TABLE log (dept_id NUMBER REFERENCES dept, emp_n NUMBER);
CREATE VIEW v AS SELECT e.id, d.name, e.sal / 2 AS half, e.sal * e.sal * e.sal AS cube, AVG(e.sal) OVER () AS mean FROM emp e JOIN dept d ON d.id = e.dept_id;
CREATE FUNCTION f (p NUMBER) RETURN NUMBER IS
  r emp%ROWTYPE;
  x NUMBER;
BEGIN
  SELECT * INTO r FROM emp WHERE id = p;
  SELECT AVG(sal) / 3 INTO x FROM emp WHERE dept_id = r.dept_id;
  RETURN ROUND(r.sal / 7 + x, 10);
END;
/
`

const profiledRows = `INSERT INTO dept VALUES (1, 'x', 10.5);
INSERT INTO dept VALUES (2, 'y', 7);
INSERT INTO emp VALUES (1, 1, 1000000001, NULL, NULL, 1000000000000000000, -5);
INSERT INTO emp VALUES (2, 2, 7, 1, NULL, 1, 5);
INSERT INTO log VALUES (1, 0);
`

// TestProfile runs the script of a profile over converted tables, and converts again with what it prints: what the profile shows to be whole
// becomes bigint, and all queries give the same.
func TestProfile(t *testing.T) {
	enginetest.Postgres(t, 15)
	ctx := context.Background()
	opt := Options{From: dialect.Oracle, To: dialect.Postgres, ToVersion: 15}
	asked := []string{"SELECT * FROM v ORDER BY id", "SELECT f(1), f(2)", `SELECT "Odd,Name", sal, big FROM emp ORDER BY id`}
	plain := rows.Connect(t, ctx, enginetest.FreshPostgres(t, 15, "profile"))
	defer plain.Close(ctx)
	c := intoSession(t, ctx, plain, profiledSchema+profiledRows, opt)
	want := answers(t, ctx, plain, asked)

	var lines []string
	for l := range strings.SplitSeq(ProfileScript(c.Catalog), "\n") {
		switch {
		case strings.HasPrefix(l, "PROMPT "):
			lines = append(lines, strings.TrimPrefix(l, "PROMPT "))
		case strings.HasPrefix(l, "SET ") || strings.HasPrefix(l, "WHENEVER "):
		default:
			lines = append(lines, l)
		}
	}
	profile := []string{lines[0]}
	withSchema, err := Translate([]*source.File{source.NewFile("in.sql", profiledSchema+strings.Join(lines[1:], "\n"))}, opt)
	if err != nil {
		t.Fatal(err)
	}
	plain.Entry(ctx, []rows.Statement{{SQL: withSchema.HelperScript}})
	for _, u := range withSchema.Units {
		if o := u.Outputs; len(o) == 1 && strings.HasPrefix(o[0].SQL, "SELECT") {
			profile = append(profile, answers(t, ctx, plain, []string{o[0].SQL})...)
		}
	}
	if len(profile) != 12 {
		t.Fatalf("%d lines of the profile: %q", len(profile), profile)
	}

	if opt.Profile, err = ReadProfile(strings.NewReader(strings.Join(profile, "\n"))); err != nil {
		t.Fatal(err)
	}
	narrow := rows.Connect(t, ctx, enginetest.FreshPostgres(t, 15, "profile"))
	defer narrow.Close(ctx)
	intoSession(t, ctx, narrow, profiledSchema+profiledRows, opt)
	if got := answers(t, ctx, narrow, asked); strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("with the profile:\n%q\nwithout:\n%q", got, want)
	}
	kinds := answers(t, ctx, narrow, []string{`SELECT string_agg(table_name || '.' || column_name, ' ' ORDER BY table_name, ordinal_position) FROM information_schema.columns
		WHERE table_schema = 'public' AND table_name <> 'v' AND data_type = 'bigint'`})[0]
	// budget has a fraction, n no rows, big 19 digits; boss refers to a whole column
	if kinds != "dept.id emp.id emp.dept_id emp.sal emp.boss emp.Odd,Name log.dept_id log.emp_n" {
		t.Errorf("bigint are %s", kinds)
	}
}

// intoSession converts a script and runs it.
func intoSession(t *testing.T, ctx context.Context, s *rows.Session, text string, opt Options) *Conversion {
	t.Helper()
	c, err := Translate([]*source.File{source.NewFile("in.sql", text)}, opt)
	if err != nil {
		t.Fatal(err)
	}
	list := []string{c.HelperScript}
	for _, u := range c.Units {
		for _, o := range u.Outputs {
			list = append(list, sqlOf(o))
		}
	}
	for _, sql := range list {
		if out := s.Entry(ctx, []rows.Statement{{SQL: sql}}); len(out) == 1 && out[0].Failed {
			t.Fatalf("%s\n%s", s.Errors, sql)
		}
	}
	return c
}

func sqlOf(o postgres.Output) string { return o.SQL }

// answers are the rows of queries, their columns joined.
func answers(t *testing.T, ctx context.Context, s *rows.Session, queries []string) (out []string) {
	t.Helper()
	for _, q := range queries {
		b := s.Entry(ctx, []rows.Statement{{SQL: q, Rows: true}})
		if len(b) != 1 || b[0].Failed {
			t.Fatalf("%s: %s", q, s.Errors)
		}
		for _, row := range b[0].Rows {
			var cells []string
			for _, v := range row {
				if v == nil {
					cells = append(cells, "NULL")
					continue
				}
				cells = append(cells, *v)
			}
			out = append(out, strings.Join(cells, "|"))
		}
	}
	return out
}

func TestReadProfile(t *testing.T) {
	head := strings.Join(profileHead, ",") + "\n"
	for text, want := range map[string]string{
		"":      "it is empty",
		"a,b\n": "wrong number of fields",
		"schema,table,column,rows,frac,least,m\n": "line 1: the head is not",
		head + ",T,A,1,0,1\n":                     "line 2: wrong number of fields",
		head + ",T,A,x,0,1,1\n":                   `line 2: rows is "x"`,
		head + ",T,A,1,0,1.5,2\n":                 `line 2: least is "1.5"`,
		head + ",,A,1,0,1,2\n":                    "line 2: a table or column has no name",
		head + ",T,A,1,0,1,2\n,t,a,1,0,1,2\n":     "line 3: column a of t stands in line 2 already",
		head + ",T,\"A,1,0,1,2\n":                 "line 2",
	} {
		if _, err := ReadProfile(strings.NewReader(text)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %s", text, err, want)
		}
	}
	p, err := ReadProfile(strings.NewReader("\ufeff" + head + ",T,A,1,0,#####,2\n,T,B,0,0,0,0\n,T,C,5,1,0,9\n,T,D,5,0,-999999999999999999,9\n,T,E,5,0,0,1000000000000000000\n"))
	if err != nil || len(p.columns) != 1 || p.columns[[3]string{"", "T", "D"}] == nil {
		t.Errorf("%v %v", p, err)
	}
}

// Fractions that are evident are told where they are stored.
func TestProfileFractions(t *testing.T) {
	p, err := ReadProfile(strings.NewReader(strings.Join(profileHead, ",") + "\n,T,N,5,0,0,9\n,T,GONE,5,0,0,9\n"))
	if err != nil {
		t.Fatal(err)
	}
	text := `CREATE TABLE t (n NUMBER, v NUMBER, d NUMBER(8,2));
INSERT INTO t (n) VALUES (1.5);
INSERT INTO t VALUES (2, 1.5, 1.5);
INSERT INTO t (v, n) SELECT n, d FROM t;
UPDATE t SET v = n / 2;
UPDATE t SET n = v / 2;
UPDATE t SET n = ROUND(v / 2);
MERGE INTO t USING dual ON (1 = 1) WHEN MATCHED THEN UPDATE SET n = d * 2 WHEN NOT MATCHED THEN INSERT (n) VALUES (0.25);
UPDATE t SET (n, v) = (SELECT v / 4, 1.5 FROM dual);
INSERT INTO t (n) SELECT 1 FROM dual UNION ALL SELECT COALESCE(v / 5, 0) FROM t;
DECLARE r t%ROWTYPE; BEGIN r.n := r.v / 3; r.v := 1.5; END;
/
`
	c, err := Convert([]*source.File{source.NewFile("in.sql", text)}, Options{From: dialect.Oracle, To: dialect.Postgres, ToVersion: 15, Profile: p})
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, u := range c.Units {
		for _, f := range u.Findings {
			if f.Code == "TY0703" {
				got = append(got, strings.TrimSpace(f.Span.Text()))
			}
		}
	}
	if want := "1.5;d;v / 2;d * 2;0.25;v / 4;COALESCE(v / 5, 0);r.v / 3"; strings.Join(got, ";") != want {
		t.Errorf("told are %s, want %s", strings.Join(got, ";"), want)
	}
	if len(c.General) != 1 || c.General[0].Code != "TY0702" {
		t.Errorf("general findings: %v", c.General)
	}
}
