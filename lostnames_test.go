package godwit

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"godwit/ir/dialect"
	"godwit/ir/source"
)

// filesText is what a converted folder loads, one file behind the other.
func filesText(c *Conversion) string {
	var all strings.Builder
	for _, f := range c.Files() {
		if f.Load {
			all.WriteString(f.Text)
		}
	}
	return all.String()
}

func loadedText(t *testing.T, script string) (text string, codes map[int]string) {
	t.Helper()
	c, err := Convert([]*source.File{source.NewFile("in.sql", script)}, Options{From: dialect.Oracle, To: dialect.Postgres, ToVersion: 15})
	if err != nil {
		t.Fatal(err)
	}
	var all []string
	for _, f := range c.Files() {
		if f.Load {
			all = append(all, f.Path, f.Text)
		}
	}
	codes = map[int]string{}
	for _, f := range c.Findings() {
		codes[f.Line] += f.Code + ": " + f.Message + "\n"
	}
	return strings.Join(all, "\n"), codes
}

// What names an object that a refused statement would have made is refused as well, and names it.
func TestNamesOfRefusedObjects(t *testing.T) {
	const script = `CREATE TABLE t (id NUMBER PRIMARY KEY, n VARCHAR2(20));
CREATE SEQUENCE s START WITH 1 SHARD;
ALTER SEQUENCE s INCREMENT BY 5;
RENAME s TO s2;
DROP SEQUENCE s2;
CREATE INDEX i ON t (n) INDEXTYPE IS CTXSYS.CONTEXT;
ALTER INDEX i RENAME TO i2;
DROP INDEX i2;
ALTER TABLE t ADD (d BFILE);
ALTER TABLE t MODIFY (d NOT NULL);
ALTER TABLE t RENAME COLUMN d TO e;
ALTER TABLE t DROP COLUMN e;
ALTER TABLE t ADD CONSTRAINT c CHECK (SYS_CONNECT_BY_PATH(n, 'x') = 'a');
ALTER TABLE t RENAME CONSTRAINT c TO c2;
ALTER TABLE t DROP CONSTRAINT c2;
CREATE MATERIALIZED VIEW m AS SELECT b FROM nowhere;
BEGIN DBMS_MVIEW.REFRESH('M'); END;
/
CREATE TABLE bad (id NUMBER, f BFILE);
RENAME bad TO bad2;
DROP TABLE bad2;
`
	text, codes := loadedText(t, script)
	for line, want := range map[int]string{3: "S", 4: "S", 5: "S2", 8: "I2", 11: "D", 12: "E", 17: "M", 20: "BAD", 21: "BAD2"} {
		if !regexp.MustCompile(`NM0110: it needs [\w ]*\b` + want + `( of table T)?, which was refused|DD0820: table T: it has no column ` + want).MatchString(codes[line]) {
			t.Errorf("line %d: no finding about %s: %s", line, want, codes[line])
		}
	}
	if m := regexp.MustCompile(`(?m)^\s*(ALTER|DROP|REFRESH|CREATE INDEX).*`).FindString(text); m != "" {
		t.Errorf("%q is left in\n%s", m, text)
	}
}

// Statements before a RENAME use the object that is renamed, also where the old name is made anew.
func TestStatementsBeforeRename(t *testing.T) {
	const script = `CREATE TABLE emp (id NUMBER);
INSERT INTO emp VALUES (1);
UPDATE emp SET id = 2 WHERE emp.id = 1;
CREATE OR REPLACE TRIGGER tr BEFORE INSERT ON emp FOR EACH ROW BEGIN :NEW.id := 2; END;
/
COMMENT ON TABLE emp IS 'old';
RENAME emp TO emp_old;
CREATE TABLE emp (id NUMBER, x NUMBER);
INSERT INTO emp (id) SELECT id FROM emp_old;
CREATE SEQUENCE s;
INSERT INTO emp (id) VALUES (s.NEXTVAL);
RENAME s TO s2;
INSERT INTO emp (id) VALUES (s2.NEXTVAL);
CREATE TABLE again AS SELECT id FROM emp;
ALTER TABLE again RENAME TO made;
`
	text, codes := loadedText(t, script)
	for _, want := range []string{"INSERT INTO emp_old VALUES (1);", "UPDATE emp_old AS emp SET id = 2 WHERE emp.id = 1;", "COMMENT ON TABLE emp_old", "BEFORE INSERT ON emp_old",
		"INSERT INTO emp (id) SELECT id FROM emp_old;", "CREATE SEQUENCE s2", "nextval('s2')", "INSERT INTO made (id) SELECT id FROM emp;"} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q in\n%s\n%v", want, text, codes)
		}
	}
	for _, not := range []string{"RENAME", "nextval('s')", "again"} {
		if strings.Contains(text, not) {
			t.Errorf("%q in\n%s", not, text)
		}
	}
}

// Tables that are made of the rows of others get them behind those.
func TestFolderOfCopiedTables(t *testing.T) {
	const script = `CREATE TABLE z (id NUMBER);
INSERT INTO z VALUES (1);
CREATE TABLE a AS SELECT id FROM z;
INSERT INTO z VALUES (2);
CREATE TABLE b AS SELECT id FROM z;
`
	text, _ := loadedText(t, script)
	at := -1
	for _, want := range []string{"CREATE TABLE z", "INSERT INTO z VALUES (1)", "INSERT INTO a (id) SELECT id FROM z", "INSERT INTO z VALUES (2)", "INSERT INTO b (id) SELECT id FROM z"} {
		i := strings.Index(text, want)
		if i <= at {
			t.Errorf("%q is not behind the one before in\n%s", want, text)
		}
		at = i
	}
}

// TestStatementsAboutWhatIsNotMade holds that what changes an object in front of its definition, or one that the input never makes, is refused by name.
func TestStatementsAboutWhatIsNotMade(t *testing.T) {
	const script = `RENAME nope TO nope2;
ALTER SEQUENCE nope INCREMENT BY 2;
ALTER INDEX nope RENAME TO nope2;
ALTER TABLE t ADD (m NUMBER);
COMMENT ON COLUMN t.n IS 'early';
ALTER TABLE t ADD CONSTRAINT t_ck CHECK (n > 0);
CREATE TABLE t (id NUMBER CONSTRAINT t_nn NOT NULL, n NUMBER, m NUMBER, CONSTRAINT t_pk PRIMARY KEY (id));
ALTER TABLE t DROP CONSTRAINT sys_c001;
ALTER TABLE t DROP CONSTRAINT t_ck;
COMMENT ON TABLE t IS 'late';
ALTER TABLE t MODIFY (n NUMBER(9,2));
CREATE TABLE u (id NUMBER CONSTRAINT u_pk PRIMARY KEY);
INSERT INTO u VALUES (1);
RENAME u TO w;
ALTER TABLE w DROP CONSTRAINT u_pk;
CREATE SEQUENCE q;
ALTER SEQUENCE q INCREMENT BY 2;
BEGIN EXECUTE IMMEDIATE 'CREATE SEQUENCE qq'; EXECUTE IMMEDIATE 'CREATE TABLE tt (a NUMBER)'; END;
/
ALTER SEQUENCE qq INCREMENT BY 2;
ALTER TABLE tt ADD (b NUMBER);
CREATE TABLE k (id NUMBER, CONSTRAINT k_ck CHECK (id > 0));
ALTER TABLE k DROP PRIMARY KEY;
ALTER TABLE k ADD PRIMARY KEY (id);
INSERT INTO k VALUES (1);
ALTER TABLE k DROP PRIMARY KEY CASCADE;
ALTER TABLE late DROP CONSTRAINT late_ck;
CREATE TABLE late (id NUMBER CONSTRAINT late_ck CHECK (id > 0));
`
	text, codes := loadedText(t, script)
	for line := range 29 {
		want := slices.Contains([]int{1, 2, 3, 4, 8, 20, 23, 27}, line)
		if got := strings.Contains(codes[line], "NM0846"); got != want {
			t.Errorf("line %d: %s", line, codes[line])
		}
	}
	if strings.Contains(text, "\nALTER SEQUENCE nope") || strings.Index(text, "'early'") < strings.Index(text, "CREATE TABLE t (") {
		t.Error(text)
	}
}
