package mysql

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"godwit/ir"
	"godwit/ir/source"
	"godwit/parser/scan"
)

// TestCalledScripts reads scripts that call others, at once and bit by bit: each statement stands where it would run, in the session that
// it would find there. The delimiter and the session stay as a script has left them, as in the mysql client.
func TestCalledScripts(t *testing.T) {
	scripts := map[string]string{
		"tables.sql": "-- the first\nCREATE TABLE t (a INT);\nSOURCE ./deep.sql\n-- last of tables\n",
		"./deep.sql": "INSERT INTO t VALUES (1);\n",
		"use.sql":    "USE shop;\nSET sql_mode = 'ANSI_QUOTES';\n",
		"delim.sql":  "DELIMITER $$\nSELECT 1 $$\n",
		"self.sql":   "SELECT 1;\nsource self.sql\n",
		"round.sql":  "\\. around.sql\n",
		"around.sql": "source round.sql;\n",
		"dump.sql":   "-- MySQL dump 10.13\n-- Host: localhost    Database: other\nCREATE VIEW v AS SELECT 1;\n",
		"my file":    "SELECT 'no ending';",
	}
	o := scan.Options{Include: func(from, name string, beside bool) (*source.File, error) {
		switch text, ok := scripts[name]; {
		case name == "input.sql":
			return nil, nil
		case !ok:
			return nil, errors.New("it is not there")
		case beside:
			return nil, errors.New("beside is wrong")
		default:
			return source.NewFile(name, text), nil
		}
	}}
	for _, c := range []struct{ name, in, want string }{
		{"in place", "SELECT 0;\nsource tables.sql\n-- of two\nSELECT 2;\n",
			"main:1 SELECT 0\ntables.sql:2 CREATE TABLE t (a INT) <-- the first\n./deep.sql:1 INSERT INTO t VALUES (1)\nmain:4 SELECT 2 <-- last of tables <-- of two"},
		{"with a delimiter behind", "source   ./deep.sql ; \nSELECT 2;", "./deep.sql:1 INSERT INTO t VALUES (1)\nmain:2 SELECT 2"},
		{"in short", "\\. ./deep.sql\nSELECT 2;", "./deep.sql:1 INSERT INTO t VALUES (1)\nmain:2 SELECT 2"},
		{"a name with a blank", "source my file\n", "my file:1 SELECT 'no ending'"},
		{"session", "source use.sql\nSELECT \"a\";", "use.sql:1 USE shop\nuse.sql:2 SET sql_mode = 'ANSI_QUOTES' @shop\nmain:2 SELECT \"a\" @shop ansi"},
		{"delimiter", "source delim.sql\nSELECT 2 $$\nSELECT 3 $$", "delim.sql:2 SELECT 1\nmain:2 SELECT 2\nmain:3 SELECT 3"},
		{"twice", "source ./deep.sql\nsource ./deep.sql\n", "./deep.sql:1 INSERT INTO t VALUES (1)\n./deep.sql:1 INSERT INTO t VALUES (1)"},
		{"itself", "source self.sql\nSELECT 2;\n", "self.sql:1 SELECT 1\nself.sql:2 source self.sql !SY0018\nmain:2 SELECT 2"},
		{"in a circle", "source round.sql\n", "around.sql:1 source round.sql; !SY0018"},
		{"missing", "source nowhere.sql\nSELECT 2;\n", "main:1 source nowhere.sql !SY0018\nmain:2 SELECT 2"},
		{"an input", "source input.sql\n", "main:1 source input.sql !SY0017"},
		{"without a name", "source\nSELECT 2;\n", "main:1 source !SY0018\nmain:2 SELECT 2"},
		{"a dump", "SELECT 1;\nsource dump.sql\nSELECT 2;", "main:1 SELECT 1\ndump.sql:3 CREATE VIEW v AS SELECT 1 <-- MySQL dump 10.13 <-- Host: localhost    Database: other\nmain:3 SELECT 2"},
	} {
		t.Run(c.name, func(t *testing.T) {
			units, err := Parse(source.NewFile("main", c.in), o)
			if err != nil {
				t.Fatal(err)
			}
			if d := cmp.Diff(c.want, placed(units)); d != "" {
				t.Error(d)
			}
			o := o
			o.Chunk = 7
			var bits []*ir.Unit
			for p, err := range Pieces(strings.NewReader(c.in), "main", o) {
				if err != nil {
					t.Fatal(err)
				}
				bits = append(bits, p.Parse(o)...)
			}
			if d := cmp.Diff(c.want, placed(bits)); d != "" {
				t.Errorf("bit by bit: %s", d)
			}
		})
	}
}

// TestEndlessCalls calls ever other scripts: the depth ends it.
func TestEndlessCalls(t *testing.T) {
	n := 0
	o := scan.Options{Include: func(string, string, bool) (*source.File, error) {
		n++
		return source.NewFile(fmt.Sprint(n), "source next.sql\n"), nil
	}}
	units, err := Parse(source.NewFile("main", "source next.sql\n"), o)
	if err != nil {
		t.Fatal(err)
	}
	if got, want := placed(units), "20:1 source next.sql !SY0018"; got != want {
		t.Errorf("%s, want %s", got, want)
	}
}

// placed writes units with their places, sessions, comments and errors.
func placed(units []*ir.Unit) string {
	var out []string
	for _, u := range units {
		s := fmt.Sprintf("%s:%d %s", u.Span.File.Name, u.Span.Line(), u.Span.Text())
		if u.Schema != "" {
			s += " @" + u.Schema
		}
		if u.Settings[sqlMode] == "ANSI_QUOTES" {
			s += " ansi"
		}
		m := u.Stmts[0].Base()
		for i, l := range [][]ir.Comment{m.Lead, m.Trail} {
			for _, k := range l {
				s += []string{" <", " >"}[i] + k.Text
			}
		}
		for _, f := range u.Findings {
			s += " !" + f.Code
		}
		out = append(out, s)
	}
	return strings.Join(out, "\n")
}
