// Package helpers holds the routines that converted code may call on PostgreSQL: plain SQL and PL/pgSQL, no extension.
//
// Each routine is a file of its own, named like it. The comment at the top says what it does; a line "-- needs: a, b"
// names the routines that it calls. Only the routines that a conversion uses, and what they need, are created.
//
// A family holds the routines of one source, whose meaning they carry: a name may stand in several. MySQL's stand in this
// folder, Oracle's in the folder oracle.
package helpers

import (
	"embed"
	"fmt"
	"path"
	"sort"
	"strings"
)

//go:embed *.sql oracle/*.sql
var files embed.FS

// The families. An empty name means MySQL, whose family MariaDB shares.
const (
	MySQL  = "mysql"
	Oracle = "oracle"
)

// Families lists the families.
func Families() []string { return []string{MySQL, Oracle} }

// Schema is the schema that the files of a family name.
func Schema(family string) string {
	if family == "" {
		family = MySQL
	}
	return "godwit_" + family
}

// shared are the routines in MySQL's folder that carry nothing of a source: every family has them.
var shared = map[string]bool{"hold": true, "autocommit": true, "sha1": true}

func folder(family string) (string, error) {
	switch family {
	case "", MySQL:
		return ".", nil
	case Oracle:
		return "oracle", nil
	}
	return "", fmt.Errorf("read helper routines of %q: there is no such family; the families are %s", family, strings.Join(Families(), ", "))
}

// Names lists the routines in the folder of a family in alphabetical order.
func Names(family string) []string {
	dir, err := folder(family)
	if err != nil {
		return nil
	}
	entries, err := files.ReadDir(dir)
	if err != nil {
		return nil // an embedded folder can always be read
	}
	names := make([]string, 0, len(entries))
	for _, e := range entries {
		if name, ok := strings.CutSuffix(e.Name(), ".sql"); ok {
			names = append(names, name)
		}
	}
	sort.Strings(names)
	return names
}

// Known tells that there is a routine.
func Known(family, name string) bool {
	dir, err := folder(family)
	if err != nil {
		return false
	}
	if f, err := files.Open(path.Join(dir, name+".sql")); err == nil {
		f.Close()
		return true
	}
	return dir != "." && shared[name]
}

// Source is the text of one routine as it stands in its file, in the schema of the family.
func Source(family, name string) (string, error) {
	dir, err := folder(family)
	if err != nil {
		return "", err
	}
	b, err := files.ReadFile(path.Join(dir, name+".sql"))
	if err == nil {
		return string(b), nil
	}
	if dir != "." && shared[name] {
		text, err := Source(MySQL, name)
		return strings.ReplaceAll(text, Schema(MySQL)+".", Schema(family)+"."), err
	}
	return "", fmt.Errorf("read helper routine %q of %s: there is no such routine", name, Schema(family))
}

// Needs lists the routines that a routine calls itself.
func Needs(family, name string) ([]string, error) {
	text, err := Source(family, name)
	if err != nil {
		return nil, err
	}
	for _, l := range strings.Split(text, "\n") {
		if rest, ok := strings.CutPrefix(l, "-- needs: "); ok {
			return strings.Split(rest, ", "), nil
		}
		if !strings.HasPrefix(l, "--") {
			break
		}
	}
	return nil, nil
}

// Immutable tells that a routine is IMMUTABLE, so that indexes and generated columns may call it, at least for arguments other than timestamptz.
func Immutable(family, name string) bool {
	text, err := Source(family, name)
	if err != nil {
		return false
	}
	for _, form := range strings.Split(text, "CREATE OR REPLACE FUNCTION ")[1:] {
		if head, _, _ := strings.Cut(form, " AS $"); strings.Contains(head, " IMMUTABLE") {
			return true
		}
	}
	return false
}

// Closure adds to the names everything that they need; what is needed stands before what needs it.
func Closure(family string, names []string) ([]string, error) {
	sorted := append([]string(nil), names...)
	sort.Strings(sorted)
	var out []string
	done := map[string]bool{}
	var add func(name string) error
	add = func(name string) error {
		if done[name] {
			return nil
		}
		done[name] = true
		needs, err := Needs(family, name)
		if err != nil {
			return err
		}
		for _, n := range needs {
			if err := add(n); err != nil {
				return fmt.Errorf("helper routine %q: %w", name, err)
			}
		}
		out = append(out, name)
		return nil
	}
	for _, n := range sorted {
		if err := add(n); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// Script creates routines of a family and what they need in a schema that exists. schema is already quoted if it has to be.
func Script(family, schema string, names []string) (string, error) {
	list, err := Closure(family, names)
	if err != nil {
		return "", err
	}
	var b strings.Builder
	for _, n := range list {
		text, err := Source(family, n)
		if err != nil {
			return "", err
		}
		var kept []string
		for _, l := range strings.Split(text, "\n") {
			if !strings.HasPrefix(l, "-- needs: ") {
				kept = append(kept, l)
			}
		}
		b.WriteString(strings.ReplaceAll(strings.Join(kept, "\n"), Schema(family)+".", schema+"."))
		b.WriteString("\n")
	}
	return b.String(), nil
}
