package godwit

import (
	"regexp"
	"slices"
	"sort"
	"strings"
)

// Functions come before views, which may call them. Where one needs what would come later, they are put in the order in which the target
// accepts them: it looks for the functions in default values, for the rows of views that variables, parameters and results are of, and for
// all that a view or a function of SQL names.

// programRanks orders the files of functions and views among one another, those of views being in order already.
func programRanks(files []*File) {
	var programs []*File
	byName := map[string]*File{}
	for _, f := range files {
		if f.kind != "function" && f.kind != "view" {
			continue
		}
		programs = append(programs, f)
		byName[strings.ToLower(f.schema+"."+f.name)] = f
		if f.schema == "public" {
			byName[strings.ToLower(f.name)] = f
		}
	}
	sort.SliceStable(programs, func(i, j int) bool {
		a, b := programs[i], programs[j]
		switch {
		case a.kind != b.kind:
			return a.kind == "function"
		case a.kind == "view" && a.rank != b.rank:
			return a.rank < b.rank
		}
		return a.Path < b.Path
	})
	rank, busy := map[*File]int{}, map[*File]bool{}
	var visit func(f *File)
	visit = func(f *File) {
		if _, done := rank[f]; done || busy[f] {
			return
		}
		busy[f] = true
		for _, w := range neededWords(f) {
			if d := byName[w]; d != nil {
				visit(d)
			}
		}
		rank[f] = len(rank)
	}
	for _, f := range programs {
		visit(f)
	}
	for f, r := range rank {
		f.rank = r
	}
}

// earlyFunctions puts functions that generated columns call before the tables: the target looks for them when it makes the column. Bodies of
// PL/pgSQL are read when they run; a function whose declaration needs a table or what is made of one stays behind the tables.
func earlyFunctions(files []*File) {
	byName, late := map[string]*File{}, map[string]bool{}
	for _, f := range files {
		names := []string{strings.ToLower(f.schema + "." + f.name)}
		if f.schema == "public" {
			names = append(names, strings.ToLower(f.name))
		}
		for _, n := range names {
			switch {
			case f.kind == "function", f.kind == "procedure":
				byName[n] = f
			case f.kind == "table", f.kind == "view", f.late:
				late[n] = true
			}
		}
	}
	var early func(f *File)
	early = func(f *File) {
		words := neededWords(f)
		if f.early || slices.ContainsFunc(words, func(w string) bool { return late[w] }) {
			return
		}
		f.early = true
		for _, w := range nameWords(f.Text) { // rows are computed by it before other functions are made
			if d := byName[w]; d != nil {
				early(d)
			}
		}
	}
	for _, f := range files {
		if f.kind != "table" || !f.Load {
			continue
		}
		for _, text := range strings.Split(f.Text, " GENERATED ALWAYS AS (")[1:] {
			text, _, _ = strings.Cut(text, ") STORED")
			for _, w := range nameWords(text) {
				if d := byName[w]; d != nil {
					early(d)
				}
			}
		}
	}
}

// declarations finds the declarations of a block.
var declarations = regexp.MustCompile(`(?s)\nDECLARE\n.*?\nBEGIN\n`)

// neededWords are the words in those parts of a file that the target looks into when it makes the object.
func neededWords(f *File) []string {
	if !f.Load {
		return nil
	}
	if f.kind == "view" {
		return nameWords(f.Text)
	}
	var out []string
	for _, text := range strings.Split(f.Text, "\nCREATE ") { // a function may have a second form
		head, body, _ := strings.Cut(text, "\nAS $")
		out = append(out, nameWords(head)...)
		if strings.Contains(head, "\nLANGUAGE sql") {
			out = append(out, nameWords(body)...)
		} else {
			out = append(out, nameWords(declarations.FindString(body))...)
		}
	}
	return out
}
