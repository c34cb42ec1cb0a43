package godwit

import (
	"strings"
	"testing"
)

// A folder makes constraints and indexes as the script leaves them: renamed, dropped, switched off and on.
func TestFolderOfLastConstraints(t *testing.T) {
	const script = `CREATE TABLE dept (id NUMBER(4) CONSTRAINT dept_pk PRIMARY KEY, name VARCHAR2(20) CONSTRAINT dept_u UNIQUE);
CREATE TABLE emp (id NUMBER(6) CONSTRAINT emp_pk PRIMARY KEY, sal NUMBER(8,2), dept_id NUMBER(4), boss NUMBER(6),
  CONSTRAINT sal_ck CHECK (sal > 0), CONSTRAINT old_ck CHECK (sal < 5),
  CONSTRAINT emp_dept_fk FOREIGN KEY (dept_id) REFERENCES dept, CONSTRAINT emp_boss_fk FOREIGN KEY (boss) REFERENCES emp ON DELETE CASCADE);
ALTER TABLE emp RENAME CONSTRAINT sal_ck TO mid_ck;
ALTER TABLE emp DISABLE CONSTRAINT mid_ck;
ALTER TABLE emp RENAME CONSTRAINT mid_ck TO last_ck;
ALTER TABLE dept DISABLE CONSTRAINT dept_u;
INSERT INTO dept VALUES (1, 'A');
INSERT INTO emp VALUES (1, 10, 1, NULL);
ALTER TABLE emp ENABLE CONSTRAINT last_ck;
ALTER TABLE dept ENABLE CONSTRAINT dept_u;
ALTER TABLE emp DROP CONSTRAINT old_ck DROP CONSTRAINT emp_dept_fk;
ALTER TABLE emp ADD CONSTRAINT old_ck CHECK (sal < 500);
ALTER TABLE emp ADD CONSTRAINT emp_u UNIQUE (dept_id, sal);
ALTER TABLE emp RENAME CONSTRAINT emp_u TO emp_uq;
ALTER TABLE emp DISABLE CONSTRAINT last_ck;
INSERT INTO emp VALUES (2, -5, 1, 1);
ALTER TABLE emp ENABLE NOVALIDATE CONSTRAINT last_ck;
DELETE FROM emp WHERE id = 77;
ALTER TABLE emp DROP CONSTRAINT emp_boss_fk;
CREATE INDEX emp_i ON emp (sal);
ALTER INDEX emp_i RENAME TO emp_j;
ALTER INDEX emp_j RENAME TO emp_k;
`
	text, codes := loadedText(t, script)
	for want, n := range map[string]int{
		"CONSTRAINT dept_u UNIQUE (name)": 1, "CONSTRAINT last_ck CHECK (sal > 0)": 3, "CONSTRAINT old_ck CHECK (sal < 500)": 1, "UNIQUE INDEX emp_uq": 1, "INDEX emp_k ON emp": 1,
		"sal_ck": 0, "mid_ck": 0, "sal < 5)": 0, "emp_dept_fk": 0, "RENAME": 0, "DROP CONSTRAINT last_ck": 2, "CHECK (sal > 0) NOT VALID": 1, "ADD CONSTRAINT emp_boss_fk": 1, "DROP CONSTRAINT emp_boss_fk": 1,
	} {
		if got := strings.Count(text, want); got != n {
			t.Errorf("%q stands %d times, want %d, in\n%s", want, got, n, text)
		}
	}
	if !strings.Contains(codes[21], "NM0684") {
		t.Errorf("the row that ON DELETE CASCADE would have taken: %v", codes)
	}
}
