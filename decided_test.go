package godwit

import (
	"slices"
	"strings"
	"testing"

	"godwit/ir/diag"
	"godwit/ir/dialect"
	"godwit/ir/rewrite"
	"godwit/ir/source"
)

// The name of the index of a foreign key is that of the constraint on some servers only (MySQL 8.0.15 and MariaDB: yes; 5.7 and 8.0.16
// and later: no): what a script asks about names of constraints is left open there, and what it asks about columns is not.
func TestNamesOfForeignKeysThatAreAsked(t *testing.T) {
	for name, c := range map[string]struct {
		key, question string
		decided       bool
	}{
		"constraint named":         {"CONSTRAINT by_parent FOREIGN KEY (pid)", "TABLE_CONSTRAINTS WHERE constraint_schema = DATABASE() AND table_name = 'ch' AND constraint_name = 'by_parent'", true},
		"index named":              {"FOREIGN KEY by_parent (pid)", "TABLE_CONSTRAINTS WHERE constraint_schema = DATABASE() AND table_name = 'ch' AND constraint_name = 'by_parent'", false},
		"index named, other asked": {"FOREIGN KEY by_parent (pid)", "TABLE_CONSTRAINTS WHERE constraint_schema = DATABASE() AND table_name = 'ch' AND constraint_name = 'ch_ibfk_1'", false},
		"index named, column":      {"FOREIGN KEY by_parent (pid)", "COLUMNS WHERE table_schema = DATABASE() AND table_name = 'ch' AND column_name = 'pid'", true},
	} {
		t.Run(name, func(t *testing.T) {
			_, refused := scriptFolder(t, rewrite.Policy{}, `CREATE TABLE par (id INT PRIMARY KEY);
CREATE TABLE ch (id INT PRIMARY KEY, pid INT, `+c.key+` REFERENCES par (id));
SET @s = IF((SELECT COUNT(*) FROM information_schema.`+c.question+`) > 0, 'ALTER TABLE ch ADD COLUMN x INT', 'ALTER TABLE ch ADD COLUMN y INT');
PREPARE st FROM @s;
EXECUTE st;
DEALLOCATE PREPARE st;
`)
			if got := len(refused) == 0; got != c.decided {
				t.Errorf("decided: %v, refused: %v", got, refused)
			}
		})
	}
}

// A SET of several variables is followed as far as none of its values reads a variable to the left.
func TestSetsOfSeveralVariables(t *testing.T) {
	for set, decided := range map[string]bool{
		"SET @s = CONCAT('ALTER TABLE t ADD COLUMN ', 'y INT'), @k = 1;":      true,
		"SET @k = @j, @s = 'ALTER TABLE t ADD COLUMN y INT', @j = 2;":         true,
		"SET @c = 'y', @s = CONCAT('ALTER TABLE t ADD COLUMN ', @c, ' INT');": false,
	} {
		file, refused := scriptFolder(t, rewrite.Policy{}, "CREATE TABLE t (id INT PRIMARY KEY);\nSET @c = 'x';\nSET @j = 1;\n"+set+"\nPREPARE st FROM @s;\nEXECUTE st;\n")
		if got := len(refused) == 0 && strings.Contains(file("public/table/t.sql")+file("public/other/script.sql"), "y integer"); got != decided {
			t.Errorf("%s\ndecided: %v, refused: %v", set, got, refused)
		}
	}
}

// What reading a text finds is told, also where the text stands in a procedure whose statements take the place of its call; a text that is not
// converted whole refuses its EXECUTE.
func TestFindingsOfTextsInProcedures(t *testing.T) {
	for text, want := range map[string]string{
		"ALTER TABLE t ADD COLUMN b INT, ADD INDEX k ((CAST(j->''$.x'' AS UNSIGNED ARRAY)))": "SY0016",
		"DELETE FROM t, s WHERE t.a = 1": "",
	} {
		c, err := Convert([]*source.File{source.NewFile("a.sql", `CREATE TABLE t (a INT PRIMARY KEY, j JSON);
CREATE TABLE s (a INT PRIMARY KEY);
DELIMITER $$
CREATE PROCEDURE m()
BEGIN
  IF NOT EXISTS (SELECT 1 FROM information_schema.columns WHERE table_schema = DATABASE() AND table_name = 't' AND column_name = 'b') THEN
    ALTER TABLE s ADD COLUMN c INT;
    SET @q = '`+text+`';
    PREPARE p FROM @q;
    EXECUTE p;
  END IF;
END$$
CALL m()$$
DROP PROCEDURE m$$
DELIMITER ;
`)}, Options{From: dialect.MySQL, To: dialect.Postgres, ToVersion: 15})
		if err != nil {
			t.Fatal(err)
		}
		var codes []string
		worst := diag.Exact
		for _, u := range c.Units {
			for _, f := range u.Findings {
				codes, worst = append(codes, f.Code), max(worst, f.Fidelity)
			}
		}
		if want == "" && worst != diag.Refused || want != "" && !slices.Contains(codes, want) {
			t.Errorf("%s: %v", text, codes)
		}
	}
}
