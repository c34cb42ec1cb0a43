package main

import (
	"fmt"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"godwit/ir/source"
	"godwit/parser/textfile"
)

// included gives what reads the scripts that scripts of SOURCE call (SQL*Plus: @, @@, START; mysql: SOURCE). They are looked for beside SOURCE,
// which is where the client is started as a rule, beside the script that calls, and in the current folder; @@ beside the script first. Files of
// SOURCE are not read twice.
func included(arg string) (func(from, name string, beside bool) (*source.File, error), error) {
	root, inputs := ".", []string(nil)
	if arg != "-" {
		list, err := sourcePaths(arg)
		if err != nil {
			return nil, err
		}
		root = arg
		if st, err := os.Stat(arg); err == nil && !st.IsDir() {
			root = filepath.Dir(arg)
		} else {
			for _, p := range list.paths {
				inputs = append(inputs, path.Clean(filepath.ToSlash(p)))
			}
		}
	}
	root = filepath.ToSlash(root)
	return func(from, name string, beside bool) (*source.File, error) {
		if strings.Contains(name, "://") {
			return nil, fmt.Errorf("%s is not a file", name)
		}
		name = strings.ReplaceAll(name, `\`, "/")
		dirs := []string{root, path.Dir(from)}
		if beside {
			slices.Reverse(dirs)
		}
		if !slices.Contains(dirs, ".") {
			dirs = append(dirs, ".")
		}
		if path.IsAbs(name) {
			dirs = []string{"/"}
		}
		dirs = slices.Compact(dirs)
		for _, d := range dirs {
			p := existing(path.Join(d, name))
			if p == "" {
				continue
			}
			if slices.Contains(inputs, p) {
				return nil, nil
			}
			b, err := textfile.ReadFile(p)
			if err != nil {
				return nil, err
			}
			return source.NewFile(p, string(b)), nil
		}
		for i, d := range dirs {
			if d == "." {
				dirs[i] = "the current folder"
			}
		}
		where := strings.Join(dirs, " or ")
		return nil, fmt.Errorf("%s is not in %s", name, where)
	}, nil
}

// existing is the file of that name, or the only one beside it whose name differs in case alone; "" if there is none.
func existing(p string) string {
	if st, err := os.Stat(p); err == nil && !st.IsDir() {
		return p
	}
	found := ""
	list, _ := os.ReadDir(path.Dir(p))
	for _, e := range list {
		if !e.IsDir() && strings.EqualFold(e.Name(), path.Base(p)) {
			if found != "" {
				return ""
			}
			found = path.Join(path.Dir(p), e.Name())
		}
	}
	return found
}
