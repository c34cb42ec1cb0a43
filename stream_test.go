package godwit

import (
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"godwit/assess"
	"godwit/ir/diag"
	"godwit/ir/dialect"
	"godwit/ir/source"
)

func textScript(name, text string) Script {
	return Script{Name: name, Open: func() (io.ReadCloser, error) { return io.NopCloser(strings.NewReader(text)), nil }}
}

// folderText reads all files of a folder.
func folderText(t *testing.T, dir string) map[string]string {
	t.Helper()
	out := map[string]string{}
	err := filepath.WalkDir(dir, func(p string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		b, err := os.ReadFile(p)
		rel, _ := filepath.Rel(dir, p)
		out[rel] = string(b)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// assessed is the assessment of a conversion.
func assessed(t *testing.T, c *Conversion) string {
	t.Helper()
	codes := Codes()
	in := assess.Input{Objects: c.Objects(), Statements: c.Statements(), MoreRows: c.RowsLeft, Codes: codes}
	var b strings.Builder
	if err := assess.Make(in, assess.NewModel(codes)).WriteJSON(&b); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// bothWays converts a script as a whole and bit by bit, and compares the files.
func bothWays(t *testing.T, text string, opt Options) {
	t.Helper()
	whole, bits := t.TempDir(), t.TempDir()
	c, err := Convert([]*source.File{source.NewFile("x.sql", text)}, opt)
	if err != nil {
		t.Fatal(err)
	}
	if err := c.WriteFolder(whole); err != nil {
		t.Fatal(err)
	}
	for _, opt.chunk = range []int{7, 4096} {
		opt.again = opt.chunk == 7          // once with all read twice, once with the rows held
		opt.shortFrom = 1 - 2*(opt.chunk&1) // once without the short path for rows, once with it for all
		streamed, err := ConvertFolder([]Script{textScript("x.sql", text)}, opt, bits)
		if err != nil {
			t.Fatal(err)
		}
		unwritten, err := ConvertScripts([]Script{textScript("x.sql", text)}, opt)
		if err != nil {
			t.Fatal(err)
		}
		for _, other := range []*Conversion{streamed, unwritten} {
			if got, want := assessed(t, other), assessed(t, c); got != want {
				t.Errorf("pieces of %d bytes: the assessment differs:\n%s\nwant:\n%s", opt.chunk, firstDifference(got, want), firstDifference(want, got))
			}
		}
		want, got := folderText(t, whole), folderText(t, bits)
		for name, w := range want {
			if g, ok := got[name]; !ok || g != w {
				t.Errorf("pieces of %d bytes: %s differs:\n%s\nwant:\n%s", opt.chunk, name, firstDifference(g, w), firstDifference(w, g))
			}
		}
		for name := range got {
			if _, ok := want[name]; !ok {
				t.Errorf("pieces of %d bytes: %s is written", opt.chunk, name)
			}
		}
	}
}

// firstDifference is a piece of a around the place where b begins to differ.
func firstDifference(a, b string) string {
	i := 0
	for i < len(a) && i < len(b) && a[i] == b[i] {
		i++
	}
	return a[max(0, i-80):min(len(a), i+120)]
}

// scriptTexts are the scripts of testdata, by name.
func scriptTexts(t *testing.T) map[string]string {
	t.Helper()
	out := map[string]string{}
	err := filepath.WalkDir("testdata", func(p string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		b, err := os.ReadFile(p)
		switch filepath.Ext(p) {
		case ".sql":
			out[p] = string(b)
		case ".txtar":
			for _, f := range txtar.Parse(b).Files {
				if strings.HasSuffix(f.Name, ".sql") && f.Name != "postgres.sql" {
					out[p+":"+f.Name] = string(f.Data)
				}
			}
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// TestFolderBitByBit holds that reading scripts bit by bit gives the files that reading them whole gives.
func TestFolderBitByBit(t *testing.T) {
	for name, text := range scriptTexts(t) {
		if len(text) > 200_000 {
			continue // the same, only longer
		}
		t.Run(name, func(t *testing.T) {
			bothWays(t, text, Options{From: dialect.MySQL, To: dialect.Postgres, ToVersion: 15})
		})
	}
}

// dumpText is a dump with what matters for rows: several tables, statements behind rows, triggers, refused tables, findings.
const dumpText = `-- MySQL dump 10.13
/*!40101 SET NAMES utf8mb4 */;
/*!40103 SET @OLD_TIME_ZONE=@@TIME_ZONE */;
/*!40103 SET TIME_ZONE='+00:00' */;
DROP TABLE IF EXISTS ` + "`a`" + `;
CREATE TABLE a (id INT AUTO_INCREMENT PRIMARY KEY, t VARCHAR(20), e ENUM('x','y'), d DATETIME, b BLOB);
LOCK TABLES a WRITE;
/*!40000 ALTER TABLE a DISABLE KEYS */;
INSERT INTO a VALUES (1,'one','x','2024-01-01 00:00:00',_binary 'a\'b'),(2,'it''s; two','y',NULL,0x41);
INSERT INTO a VALUES (3,'-- no comment','x','2024-01-01 00:00:00',NULL);
/*!40000 ALTER TABLE a ENABLE KEYS */;
UNLOCK TABLES;
CREATE TABLE g (p GEOMETRY, id INT) ENGINE=FEDERATED;
INSERT INTO g VALUES (NULL, 1);
INSERT INTO g VALUES (NULL, 2);
CREATE TABLE c (id INT, z DATE NOT NULL);
INSERT INTO c VALUES (1,'0000-00-00');
INSERT INTO c (id, z) VALUES (2,'2024-02-30');
INSERT INTO c SELECT id, NOW() FROM a;
INSERT INTO c VALUES (3,'2024-01-01');
DELIMITER ;;
CREATE TRIGGER a_i BEFORE INSERT ON a FOR EACH ROW BEGIN SET NEW.t = 'x'; END ;;
DELIMITER ;
INSERT INTO a (t) VALUES ('fires');
/*!40103 SET TIME_ZONE=@OLD_TIME_ZONE */;
-- Dump completed
`

// TestDumpBitByBit does the same for dumps, and shows where the rows go.
func TestDumpBitByBit(t *testing.T) {
	opt := Options{From: dialect.MySQL, To: dialect.Postgres, ToVersion: 15}
	for name, text := range map[string]string{
		"mixed":   dumpText,
		"renamed": "CREATE TABLE a (id INT);\nINSERT INTO a VALUES (1);\nRENAME TABLE a TO b;\nINSERT INTO b VALUES (2);\n",
		"many":    "CREATE TABLE a (id INT, d DATE);\n" + strings.Repeat("INSERT INTO a VALUES (1,'0000-00-00');\n", 300) + "CREATE TABLE b (id INT);\nINSERT INTO b VALUES (1);",
	} {
		t.Run(name, func(t *testing.T) { bothWays(t, text, opt) })
	}
	dir := t.TempDir()
	if _, err := ConvertFolder([]Script{textScript("x.sql", dumpText)}, opt, dir); err != nil {
		t.Fatal(err)
	}
	files := folderText(t, dir)
	if got := files["public/data/a.sql"]; strings.Count(got, "INSERT") != 2 {
		t.Errorf("rows of a:\n%s", got)
	}
	if got := files["public/other/script.sql"]; strings.Count(got, "INSERT") != 3 {
		t.Errorf("script:\n%s", got)
	}
	if got := files["public/data/g.sql"]; !strings.Contains(got, "not converted") {
		t.Errorf("rows of a refused table:\n%s", got)
	}
}

// TestRowsInTurn holds that scripts which are kept in their order become the same whether their rows are kept or read again.
func TestRowsInTurn(t *testing.T) {
	rows := func(table, more string) string {
		var b strings.Builder
		for i := range 20 {
			b.WriteString("INSERT INTO " + table + " VALUES (" + strconv.Itoa(2*i+1) + ",'a'" + more + "),\n (" + strconv.Itoa(2*i+2) + ",NULL" + more + ");\n")
		}
		return b.String()
	}
	text := "CREATE TABLE a (id INT PRIMARY KEY, t VARCHAR(20));\nCREATE TABLE b (id INT, d DATE);\nCREATE TABLE log (n INT);\n" +
		rows("a", "") + "INSERT INTO b VALUES (1,'0000-00-00');\nINSERT INTO b VALUES (2,'2024-02-30');\n" +
		"DELIMITER //\nCREATE PROCEDURE waits() UPDATE a SET more = 1//\nCREATE PROCEDURE inner_one() UPDATE a SET t = 'p'//\nCREATE PROCEDURE called() CALL inner_one()//\nDELIMITER ;\n" +
		rows("b", "") + "INSERT INTO log VALUES (7);\nCALL called();\nALTER TABLE a ADD COLUMN more INT;\n" + strings.ReplaceAll(rows("a", ",5"), "(", "(10") +
		"INSERT INTO log VALUES (8),(9);\nINSERT INTO log SELECT ROW_COUNT();\nCREATE TRIGGER a_i AFTER INSERT ON a FOR EACH ROW INSERT INTO log VALUES (NEW.id);\nINSERT INTO a VALUES (900,'x',1);\nSET SESSION sql_mode='';\n" +
		"INSERT INTO b VALUES (3,'0000-00-00');\nALTER TABLE a RENAME TO c, DROP COLUMN t;\nINSERT INTO c VALUES (901,1),(902,2);\nINSERT INTO c VALUES (903,1);\n"
	opt := Options{From: dialect.MySQL, To: dialect.Postgres, ToVersion: 15}
	for _, opt.shortFrom = range []int{1, -1} {
		var all [2]map[string]string
		for i := range all {
			dir := t.TempDir()
			opt.again = i == 1
			c, err := ConvertFolder([]Script{textScript("x.sql", text)}, opt, dir)
			if err != nil {
				t.Fatal(err)
			}
			all[i] = folderText(t, dir)
			all[i]["units"] = strconv.Itoa(len(c.Units) + c.RowsLeft[diag.Exact] + c.RowsLeft[diag.Assumed])
		}
		if n := strings.Count(all[1]["public/other/script.sql"], "INSERT INTO"); n != 70 {
			t.Errorf("%d times INSERT INTO:\n%s", n, all[1]["public/other/script.sql"])
		}
		for name, want := range all[0] {
			if got := all[1][name]; got != want && !strings.HasSuffix(name, ".map.jsonl") && name != ".godwit-manifest" { // places are of statements where rows are read again
				t.Errorf("%s differs:\n%s\nwant:\n%s", name, firstDifference(got, want), firstDifference(want, got))
			}
		}
	}
}
