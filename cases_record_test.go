package godwit

import (
	"bytes"
	"context"
	"database/sql"
	"database/sql/driver"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"golang.org/x/tools/txtar"

	"godwit/runner/enginetest"
	"godwit/runner/enginetest/rows"
)

var askAlso = flag.String("ask", "", "with -record: only tell where the answers of this server (mariadb, mysql) are others than those recorded")

var record = flag.Bool("record", false, "run the source of the cases in testdata/cases/own on its server and write what it gives")

// recordedModes are the sql_mode of a case that assumes none. A case from mysql is free of ONLY_FULL_GROUP_BY.
var recordedModes = map[string]string{
	"mysql":   "STRICT_TRANS_TABLES,NO_ZERO_IN_DATE,NO_ZERO_DATE,ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION",
	"mariadb": "STRICT_TRANS_TABLES,ERROR_FOR_DIVISION_BY_ZERO,NO_AUTO_CREATE_USER,NO_ENGINE_SUBSTITUTION",
}

// TestRecordCases writes the section want of the project's own cases from what the source server answers. It runs with
// -record only; without it the recorded answers are what TestBehaviourCases holds a conversion against.
func TestRecordCases(t *testing.T) {
	if !*record {
		t.Skip("run with -record to ask the source servers again")
	}
	paths, err := filepath.Glob("testdata/cases/own/*.txtar")
	if err != nil || len(paths) == 0 {
		t.Fatalf("found %d cases: %v", len(paths), err)
	}
	for _, p := range paths {
		t.Run(strings.TrimSuffix(filepath.Base(p), ".txtar"), func(t *testing.T) { recordCase(t, p) })
	}
}

func recordCase(t *testing.T, path string) {
	a, err := txtar.ParseFile(path)
	if err != nil {
		t.Fatal(err)
	}
	c := parseCase(t, path, a)
	if *askAlso != "" {
		if c.from != "mysql" || c.server == *askAlso {
			t.Skip("recorded on this server")
		}
		c.server = *askAlso
	}
	var db *sql.DB
	if c.server == "mariadb" {
		_, db = enginetest.FreshMariaDB(t, "record")
	} else {
		_, db = enginetest.FreshMySQL80(t, "record")
	}
	if b := c.onSource(t, db, c.source); len(b) > 0 {
		for _, x := range b {
			if x.Failed {
				t.Fatalf("source.sql fails: %s", x)
			}
		}
	}
	got := c.onSource(t, db, c.run)
	if len(c.want) > 0 && rows.FormatWant(c.want) == rows.FormatWant(got) {
		return
	}
	if *askAlso != "" {
		t.Logf("%s answers\n%s", c.server, rows.FormatWant(got))
		return
	}
	want := txtar.File{Name: "want", Data: []byte(rows.FormatWant(got))}
	var files []txtar.File
	for _, f := range a.Files {
		if f.Name != "want" {
			files = append(files, f)
		}
		if f.Name == "run.sql" {
			files = append(files, want)
		}
	}
	a.Files = files
	if err := os.WriteFile(path, txtar.Format(a), 0o644); err != nil {
		t.Fatal(err)
	}
	t.Logf("recorded:\n%s", want.Data)
}

// onSource runs a script in one session of the source server.
func (c behaviourCase) onSource(t *testing.T, db *sql.DB, script string) []rows.Block {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	conn, err := db.Conn(ctx)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	mode, ok := c.settings["sql-mode"]
	if !ok {
		mode = recordedModes[c.from]
	}
	var name string
	if err := conn.QueryRowContext(ctx, "SELECT DATABASE()").Scan(&name); err != nil {
		t.Fatal(err)
	}
	for _, s := range []string{
		"ALTER DATABASE `" + name + "` CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci", "USE `" + name + "`",
		"SET NAMES utf8mb4 COLLATE utf8mb4_general_ci", "SET time_zone = '+00:00'", "SET sql_mode = '" + mode + "'",
	} {
		if _, err := conn.ExecContext(ctx, s); err != nil {
			t.Fatal(err)
		}
	}
	var out []rows.Block
	for _, s := range splitClient(script) {
		b, err := rows.MySQL(ctx, conn, s)
		if err != nil {
			t.Fatalf("%v in %s", err, s)
		}
		if len(b) > 0 && b[0].Failed {
			t.Logf("%s: %s", b[0].Note, s)
		}
		out = append(out, b...)
	}
	// A session that ends in a transaction or with tables of its own must leave nothing to the next one.
	conn.Raw(func(any) error { return driver.ErrBadConn })
	return out
}

// splitClient cuts a script at the client's delimiters, as the command line client does.
func splitClient(script string) []string {
	var out []string
	var cur bytes.Buffer
	delim := ";"
	flush := func() {
		if s := strings.TrimSpace(cur.String()); s != "" {
			out = append(out, s)
		}
		cur.Reset()
	}
	for i := 0; i < len(script); {
		rest := script[i:]
		lineStart := i == 0 || script[i-1] == '\n'
		switch {
		case lineStart && len(rest) > 10 && strings.EqualFold(rest[:10], "delimiter "):
			flush()
			line, _, _ := strings.Cut(rest, "\n")
			delim = strings.TrimSpace(line[10:])
			i += len(line)
		case strings.HasPrefix(rest, delim):
			flush()
			i += len(delim)
		case rest[0] == '\'' || rest[0] == '"' || rest[0] == '`':
			n := quotedLen(rest)
			cur.WriteString(rest[:n])
			i += n
		case strings.HasPrefix(rest, "-- ") || rest[0] == '#':
			line, _, _ := strings.Cut(rest, "\n")
			i += len(line)
		case strings.HasPrefix(rest, "/*"):
			n := len(rest)
			if e := strings.Index(rest, "*/"); e >= 0 {
				n = e + 2
			}
			cur.WriteString(rest[:n])
			i += n
		default:
			cur.WriteByte(rest[0])
			i++
		}
	}
	flush()
	return out
}

// quotedLen is the length of the quoted text that s begins with.
func quotedLen(s string) int {
	for i := 1; i < len(s); i++ {
		if s[i] == '\\' && s[0] != '`' {
			i++
			continue
		}
		if s[i] == s[0] {
			return i + 1
		}
	}
	return len(s)
}
