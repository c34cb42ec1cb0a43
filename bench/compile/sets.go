package main

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"sort"
	"strings"
)

// set is a script that is made of sample databases.
type set struct {
	name, from string
	databases  []database
	keep       func(string) string // what of the databases' text is taken; nil for all
	compared   bool                // with ora2pg, which reads no rows from files
	again      bool                // each round drops and makes the databases of the one before, rather than to make its own
}

// database is a sample database: patterns of its files in testdata, in order.
type database struct {
	schema string
	files  []string
}

// script is one that was written.
type script struct {
	path  string
	lines int
}

var oracleDatabases = []database{
	{"hr", []string{"oracle/hr/hr_create.sql", "oracle/hr/hr_code.sql"}},
	{"co", []string{"oracle/co/co_create.sql"}},
	{"sh", []string{"oracle/sh/sh_create.sql"}},
	{"sakila", []string{"oracle/sakila/oracle-sakila-schema.sql", "oracle/sakila/oracle-sakila-schema-pl-sql.sql"}},
	{"dms", []string{"oracle/dms_sample/*.tab", "oracle/dms_sample/*.vw", "oracle/dms_sample/*.pkg", "oracle/dms_sample/*.sql", "oracle/dms_sample/*.pls"}},
	{"chinook", []string{"oracle/chinook/Chinook_Oracle.sql.gz"}},
}

var mysqlDatabases = []database{{"sakila", []string{"sakila/mysql-sakila-schema.sql"}}}

var sets = []set{
	{name: "oracle", from: "oracle", databases: oracleDatabases},
	{name: "oracle-code", from: "oracle", databases: oracleDatabases, keep: withoutRows, compared: true},
	{name: "oracle-rows", from: "oracle", databases: oracleDatabases[len(oracleDatabases)-1:], keep: rowByRow},
	{name: "mysql", from: "mysql", databases: mysqlDatabases},
	{name: "mysql-again", from: "mysql", databases: mysqlDatabases, again: true},
}

func names() []string {
	var out []string
	for _, s := range sets {
		out = append(out, s.name)
	}
	return out
}

func find(name string) (set, bool) {
	for _, s := range sets {
		if s.name == name {
			return s, true
		}
	}
	return set{}, false
}

// insert is a statement with rows as Chinook's script has them.
var insert = regexp.MustCompile(`(?ms)^INSERT INTO ([^\n]*? VALUES)\n(.*?);\n`)

// ofRound are the places of MySQL's sample that name its database.
var ofRound = regexp.MustCompile(`\b(sakila)([.;])`)

// withoutRows leaves the rows of Chinook's script out.
func withoutRows(text string) string { return insert.ReplaceAllString(text, "") }

// rowByRow gives each row of Chinook's script a statement of its own, as exports have it.
func rowByRow(text string) string {
	return insert.ReplaceAllStringFunc(text, func(s string) string {
		m := insert.FindStringSubmatch(s)
		var b strings.Builder
		for row := range strings.SplitSeq(m[2], ",\n") {
			fmt.Fprintf(&b, "Insert into %s %s;\n", m[1], strings.TrimSpace(row))
		}
		return b.String()
	})
}

// write writes the databases over and over until there are so many lines, and tells how many there are.
func (s set) write(w io.Writer, testdata string, lines int) (int, error) {
	texts := make([]string, len(s.databases))
	for i, d := range s.databases {
		text, err := d.text(testdata)
		if err != nil {
			return 0, err
		}
		if s.keep != nil {
			text = s.keep(text)
		}
		texts[i] = text
	}
	out, n := bufio.NewWriter(w), 0
	for round := 1; n < lines; round++ {
		for i, d := range s.databases {
			head, text := "", texts[i]
			switch {
			case s.from == "oracle":
				head = fmt.Sprintf("ALTER SESSION SET CURRENT_SCHEMA = %s_%d;\n", d.schema, round)
			case !s.again: // MySQL's sample drops and makes its database itself
				text = ofRound.ReplaceAllString(text, fmt.Sprintf("${1}_%d${2}", round))
			}
			n += strings.Count(head, "\n") + strings.Count(text, "\n")
			if _, err := out.WriteString(head + text); err != nil {
				return 0, fmt.Errorf("write the script: %w", err)
			}
		}
	}
	return n, out.Flush()
}

func (d database) text(testdata string) (string, error) {
	var b strings.Builder
	for _, pattern := range d.files {
		paths, err := filepath.Glob(filepath.Join(testdata, pattern))
		if err != nil || len(paths) == 0 {
			return "", fmt.Errorf("read the samples: nothing is called %s: %w", pattern, os.ErrNotExist)
		}
		sort.Strings(paths)
		for _, p := range paths {
			text, err := read(p)
			if err != nil {
				return "", fmt.Errorf("read the samples: %w", err)
			}
			b.WriteString(text + "\n")
		}
	}
	return b.String(), nil
}

func read(path string) (string, error) {
	text, err := os.ReadFile(path)
	if err != nil || !strings.HasSuffix(path, ".gz") {
		return string(text), err
	}
	z, err := gzip.NewReader(bytes.NewReader(text))
	if err != nil {
		return "", err
	}
	text, err = io.ReadAll(z)
	return string(text), err
}
