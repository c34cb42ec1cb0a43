package godwit

import (
	"testing"

	"godwit/ir/dialect"
	"godwit/ir/source"
)

// TestErrorsCostTheirOwnStatements: what stands beside a statement with a syntax error is converted as if the statement were not there.
func TestErrorsCostTheirOwnStatements(t *testing.T) {
	for from, script := range map[dialect.Name][]string{ // every second statement is wrong
		dialect.MariaDB: {"CREATE TABLE a (x INT);\n", "CREATE TABEL b (x INT);\n", "CREATE VIEW v AS SELECT x FROM a;\n", "CREATE TABLE c (x INT,);\n", "INSERT INTO a VALUES (1);\n", "DELIMITER //\nCREATE PROCEDURE p() BEGIN SELECT 1 END//\n", "CREATE PROCEDURE q() BEGIN UPDATE a SET x = 2; END//\n"},
		dialect.Oracle:  {"CREATE TABLE a (x NUMBER);\n", "CREATE TABEL b (x NUMBER);\n", "CREATE VIEW v AS SELECT x FROM a;\n", "CREATE TABLE c (x NUMBER,);\n", "INSERT INTO a VALUES (1);\n", "CREATE VIEW w AS SELEC x FROM a;\n", "CREATE PROCEDURE q IS BEGIN UPDATE a SET x = 2; END;\n/\n"},
	} {
		convert := func(wrong bool) (good []string, refused int) {
			text := ""
			for i, s := range script {
				if i%2 == 0 || wrong {
					text += s
				} else if s[:9] == "DELIMITER" {
					text += "DELIMITER //\n"
				}
			}
			c, err := Convert([]*source.File{source.NewFile("x.sql", text)}, Options{From: from, To: dialect.Postgres, ToVersion: 15})
			if err != nil {
				t.Fatal(err)
			}
			for _, u := range c.Units {
				if isRefused(u.Unit) {
					refused++
					continue
				}
				for _, o := range u.Outputs {
					good = append(good, o.SQL)
				}
			}
			return good, refused
		}
		want, none := convert(false)
		got, refused := convert(true)
		if none != 0 || refused != 3 || len(want) < 4 {
			t.Errorf("%s: %d of the wrong statements are refused, and %d of the others: %q", from, refused, none, want)
		}
		if len(got) != len(want) {
			t.Fatalf("%s: %q\nwithout the wrong ones %q", from, got, want)
		}
		for i := range got {
			if got[i] != want[i] {
				t.Errorf("%s: %q\nwithout the wrong ones %q", from, got[i], want[i])
			}
		}
	}
}
