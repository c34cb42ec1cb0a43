// Package helpers holds the routines that converted code may call on PostgreSQL: plain SQL and PL/pgSQL, no extension.
//
// Each routine is a file of its own, named like it. The comment at the top says what it does; a line "-- needs: a, b"
// names the routines that it calls. Only the routines that a conversion uses, and what they need, are created.
package helpers

import (
	"embed"
	"fmt"
	"sort"
	"strings"
)

//go:embed *.sql
var files embed.FS

// Schema is the schema that the files name.
const Schema = "godwit_mysql"

// Names lists all routines in alphabetical order.
func Names() []string {
	entries, err := files.ReadDir(".")
	if err != nil {
		return nil // an embedded folder can always be read
	}
	names := make([]string, 0, len(entries))
	for _, e := range entries {
		names = append(names, strings.TrimSuffix(e.Name(), ".sql"))
	}
	sort.Strings(names)
	return names
}

// Source is the text of one routine as it stands in its file.
func Source(name string) (string, error) {
	b, err := files.ReadFile(name + ".sql")
	if err != nil {
		return "", fmt.Errorf("read helper routine %q: there is no such routine", name)
	}
	return string(b), nil
}

// Needs lists the routines that a routine calls itself.
func Needs(name string) ([]string, error) {
	text, err := Source(name)
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

// Closure adds to the names everything that they need; what is needed stands before what needs it.
func Closure(names []string) ([]string, error) {
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
		needs, err := Needs(name)
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

// Script creates the routines and what they need in a schema that exists. schema is already quoted if it has to be.
func Script(schema string, names []string) (string, error) {
	list, err := Closure(names)
	if err != nil {
		return "", err
	}
	var b strings.Builder
	for _, n := range list {
		text, err := Source(n)
		if err != nil {
			return "", err
		}
		var kept []string
		for _, l := range strings.Split(text, "\n") {
			if !strings.HasPrefix(l, "-- needs: ") {
				kept = append(kept, l)
			}
		}
		b.WriteString(strings.ReplaceAll(strings.Join(kept, "\n"), Schema+".", schema+"."))
		b.WriteString("\n")
	}
	return b.String(), nil
}
