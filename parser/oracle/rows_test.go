package oracle

import "testing"

func TestPlainRows(t *testing.T) {
	for _, s := range []string{
		"INSERT INTO t VALUES (1, -2.5e-3, 'it''s', NULL, N'x', q'[a]b]')", "insert into hr.t (a, \"B\") values (TO_DATE('1', 'YYYY'), DATE '2024-01-01', HEXTORAW('00') || CHR(10), EMPTY_CLOB())",
		"INSERT INTO t /* c */ VALUES (1.5f, .5) -- end",
	} {
		if plainRows(s) == 0 {
			t.Errorf("%s holds constants", s)
		}
	}
	for _, s := range []string{
		"INSERT INTO t SELECT 1 FROM dual", "INSERT INTO t VALUES (s.NEXTVAL)", "INSERT INTO t VALUES (1) RETURNING a INTO :x", "INSERT ALL INTO t VALUES (1) SELECT 1 FROM dual",
		"INSERT INTO t VALUES (f(1))", "INSERT INTO t VALUES (SYSDATE)", "INSERT INTO t VALUES ('a)", "INSERT INTO t VALUES (1", "UPDATE t SET a = 1", "INSERT INTO t VALUES r", "INSERT INTO t@l VALUES (1)",
	} {
		if plainRows(s) > 0 {
			t.Errorf("%s does not hold constants only", s)
		}
	}
	us := parse(t, "INSERT INTO t VALUES (1);\nINSERT INTO t VALUES (a);\nINSERT INTO t VALUES ('x', );\n")
	if !us[0].Rows || us[1].Rows || us[2].Rows {
		t.Error("the units are marked wrongly")
	}
}
