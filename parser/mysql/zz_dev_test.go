package mysql

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"fmt"
	"time"

	"godwit/ir/dialect"
	"godwit/ir/source"
	"godwit/parser/scan"
	"golang.org/x/tools/txtar"
)

func TestDev(t *testing.T) {
	var files []string
	filepath.Walk("/work/shared/cases/mysql", func(p string, i os.FileInfo, err error) error { if strings.HasSuffix(p, ".txtar") { files = append(files, p) }; return nil })
	n := 0
	for _, f := range files {
		a, _ := txtar.ParseFile(f)
		o := scan.Options{Dialect: dialect.MySQL}
		if strings.Contains(string(a.Comment), "from: mariadb") { o.Dialect = dialect.MariaDB }
		for _, l := range strings.Split(string(a.Comment), "\n") {
			if r, ok := strings.CutPrefix(l, "assume: "); ok && strings.HasPrefix(r, "sql_mode=") {
				o.Settings = dialect.Settings{"sql-mode": strings.TrimPrefix(strings.Fields(r)[0], "sql_mode=")}
			}
		}
		for _, s := range a.Files {
			if s.Name != "source.sql" && s.Name != "run.sql" { continue }
			us, err := Parse(source.NewFile(filepath.Base(f)+"/"+s.Name, string(s.Data)), o)
			if err != nil { t.Error(err) }
			n += len(us)
			for _, u := range us { for _, x := range u.Findings { fmt.Println(x.Span, x.Code, x.Message, "|", strings.ReplaceAll(x.Span.Text(), "\n", " ")) } }
		}
	}
	fmt.Println("units", n)
	files = nil
	for _, r := range []string{"/work/shared/corpus/sakila/mysql", "/work/shared/corpus/employees", "/work/shared/corpus/dms_sample/mysql"} {
	filepath.Walk(r, func(p string, i os.FileInfo, err error) error { switch filepath.Ext(p) { case ".sql", ".tab", ".vw": files = append(files, p) }; return nil })
	}
	files = append(files, "/work/shared/corpus/chinook/Chinook_MySql.sql")
	for _, f := range files {
		d, _ := os.ReadFile(f)
		st := time.Now()
		us, err := Parse(source.NewFile(filepath.Base(f), string(d)), scan.Options{})
		if err != nil { t.Error(err) }
		if len(d) > 100000 { fmt.Println(f, len(d), len(us), time.Since(st)) }
		for _, u := range us { for _, x := range u.Findings { fmt.Println(x.Span, x.Code, x.Message, "|", strings.ReplaceAll(x.Span.Text()[:min(200,len(x.Span.Text()))], "\n", " ")) } }
	}
}
